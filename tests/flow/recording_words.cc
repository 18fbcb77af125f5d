#include "tests/flow/recording_words.h"

#include <algorithm>
#include <chrono>

#include "server/base/time.h"

namespace callbridge::flow {
namespace {

using internal::v1::RecordingFacts;

void AddFile(const std::string& id, bool of_call, RecordingFacts* facts) {
  internal::v1::RecordedFile& file =
      of_call ? *facts->add_call_files() : *facts->add_composed_files();
  file.mutable_file()->set_file_id(id);
  file.mutable_file()->set_format("WAV");
}

// The word behind the name of a command that has one.
bool IsOption(const std::string& word) {
  return word == "late" || word == "failed" || word == "partly" || word.rfind("recording-", 0) == 0;
}

}  // namespace

void PlanRecording(const std::string& word, v1::Plan* plan) {
  if (word.rfind("notice", 0) == 0) {
    v1::RecordingNotice& notice = *plan->mutable_recording()->mutable_notice();
    notice.mutable_prompt()->set_text("This call is recorded.");
    if (word == "notice") return;
    notice.set_refusing_key("9");
    *notice.mutable_refusal_timeout() = base::ToProtoDuration(std::chrono::seconds(3));
    notice.set_refusal(word == "notice-or-end" ? v1::RecordingNotice::REFUSAL_END
                                               : v1::RecordingNotice::REFUSAL_UNRECORDED);
    return;
  }
  if (word.rfind("recorded", 0) != 0) return;
  v1::RecordingPlan& recording = *plan->mutable_recording();
  const bool legs = word == "recorded-legs" || word == "recorded-after-a-beep";
  recording.set_mode(legs ? v1::RECORDING_MODE_LEGS : v1::RECORDING_MODE_CONFERENCE);
  recording.set_beep(word == "recorded-after-a-beep");
  recording.set_start(v1::RecordingPlan::START_CONNECTED);
  if (word == "recorded-from-the-join") recording.set_start(v1::RecordingPlan::START_JOINED);
  if (word == "recorded-on-request") recording.set_start(v1::RecordingPlan::START_REQUESTED);
}

void RequestRecording(const std::vector<std::string>& words, internal::v1::Input* input) {
  internal::v1::RequestRecording& request = *input->mutable_request_recording();
  const auto has = [&words](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  request.set_start(!has("stop"));
  if (has("conference")) request.set_mode(v1::RECORDING_MODE_CONFERENCE);
  if (has("legs")) request.set_mode(v1::RECORDING_MODE_LEGS);
  request.set_beep(has("beep"));
  request.set_request_id("record-1");
}

bool AddRecording(const std::vector<std::string>& words, internal::v1::ProviderEvent* event) {
  const bool of_conference = words[0].rfind("CONFERENCE_RECORDING_", 0) == 0 ||
                             words[0].rfind("CONFERENCE_COMPOSITION_", 0) == 0;
  if (!of_conference && words[0].rfind("CALL_RECORDING_", 0) != 0) return false;
  if (of_conference) {
    event->set_conference_id("conference-1");
  } else {
    event->set_call_id("call-" + words[1]);
  }
  RecordingFacts& facts = *event->mutable_recording();
  const bool of_call = !event->call_id().empty();
  if (words[0].ends_with("FAILED")) facts.set_reason("postprocessing failed");
  for (std::size_t i = of_call ? 2 : 1; i < words.size(); ++i) {
    if (words[i].rfind("recording-", 0) == 0) {
      internal::v1::KeyValue& mark = *facts.add_custom_data();
      mark.set_key("recording");
      mark.set_value(words[i]);
    }
    if (words[i] == "late") {
      *facts.mutable_end_time() =
          base::ToTimestamp(base::Time(std::chrono::sys_days(std::chrono::year(2026) / 1 / 15)));
    }
    if (words[i] == "failed") facts.set_failed(true);
    if (words[i] == "partly") facts.set_incomplete(true);
    if (words[i] == "of-calls") continue;
    if (IsOption(words[i])) continue;
    const bool of_calls = std::find(words.begin(), words.end(), "of-calls") != words.end();
    AddFile(words[i], of_call || of_calls, &facts);
  }
  return true;
}

void AddRecording(const std::vector<std::string>& words, const internal::v1::Command& command,
                  internal::v1::CommandResult* result) {
  if (!command.has_look_at_recording() || words.size() < 3) return;
  RecordingFacts& facts = *result->mutable_recording();
  const bool of_call = !command.look_at_recording().call_id().empty();
  const bool of_calls = std::find(words.begin(), words.end(), "of-calls") != words.end();
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[i] == "processing" || words[i] == "of-calls") continue;
    AddFile(words[i], of_call || of_calls, &facts);
  }
}

}  // namespace callbridge::flow
