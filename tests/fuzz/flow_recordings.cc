#include "tests/fuzz/flow_recordings.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "server/base/check.h"
#include "server/base/limits.h"
#include "tests/fuzz/flow_inputs.h"
#include "tests/fuzz/flow_notices.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::Command;
using internal::v1::Input;
using internal::v1::ProviderEvent;
using internal::v1::RecordedFile;
using internal::v1::Recorder;
using internal::v1::RecordingFacts;
using internal::v1::Session;
using internal::v1::Transition;

void AddFile(std::uint8_t number, google::protobuf::RepeatedPtrField<RecordedFile>& files) {
  RecordedFile& file = *files.Add();
  file.mutable_file()->set_file_id(absl::StrCat("file-", number % 4));
  file.mutable_file()->set_format("WAV");
}

void Mark(const std::string& recording_id, RecordingFacts& facts) {
  AddTag(*facts.mutable_custom_data(), "recording", recording_id);
}

bool IsOn(const Recorder& recorder) { return recorder.told_on(); }

}  // namespace

void AddTag(google::protobuf::RepeatedPtrField<internal::v1::KeyValue>& tags,
            const std::string& key, const std::string& value) {
  internal::v1::KeyValue& tag = *tags.Add();
  tag.set_key(key);
  tag.set_value(value);
}

v1::RecordingPlan MakeRecordingPlan(ByteReader& bytes) {
  const std::uint8_t kind = bytes.Byte();
  v1::RecordingPlan plan;
  plan.set_mode(kind % 2 == 0 ? v1::RECORDING_MODE_CONFERENCE : v1::RECORDING_MODE_LEGS);
  plan.set_start(static_cast<v1::RecordingPlan::Start>(1 + kind / 2 % 3));
  plan.set_beep(kind % 2 == 1 && kind / 8 % 2 == 1);
  AddNotice(kind / 16, plan);
  return plan;
}

Input MakeRequestRecording(ByteReader& bytes) {
  Input input;
  internal::v1::RequestRecording& request = *input.mutable_request_recording();
  const std::uint8_t wish = bytes.Byte();
  request.set_start(wish % 2 == 0);
  request.set_mode(static_cast<v1::RecordingMode>(wish / 2 % v1::RecordingMode_ARRAYSIZE));
  request.set_beep(request.mode() == v1::RECORDING_MODE_LEGS && wish / 8 % 2 == 1);
  request.set_request_id(absl::StrCat("record-", wish / 16));
  return input;
}

Input RecordingEvent(const Command& command) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  const bool starts = command.has_start_recording();
  event.set_call_id(starts ? command.start_recording().call_id()
                           : command.stop_recording().call_id());
  if (event.call_id().empty()) {
    event.set_conference_id(kConferenceId);
    event.set_type(starts ? ProviderEvent::TYPE_CONFERENCE_RECORDING_STARTED
                          : ProviderEvent::TYPE_CONFERENCE_RECORDING_STOPPED);
  } else {
    event.set_type(starts ? ProviderEvent::TYPE_CALL_RECORDING_STARTED
                          : ProviderEvent::TYPE_CALL_RECORDING_STOPPED);
  }
  event.mutable_recording();
  if (starts) Mark(command.start_recording().recording_id(), *event.mutable_recording());
  return input;
}

Input MakeRecordingEvent(ByteReader& bytes, const Session& session) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  static_assert(ProviderEvent::TYPE_CALL_RECORDING_STARTED + 9 ==
                ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FAILED);
  event.set_type(static_cast<ProviderEvent::Type>(ProviderEvent::TYPE_CALL_RECORDING_STARTED +
                                                  static_cast<int>(bytes.Below(10))));
  const std::uint8_t what = bytes.Byte();
  const bool of_call = event.type() <= ProviderEvent::TYPE_CALL_RECORDING_READY;
  if (!of_call) {
    event.set_conference_id(what % 16 == 15 ? "conf-2" : kConferenceId);
  } else if (session.legs_size() > 0) {
    event.set_call_id(session.legs(what % session.legs_size()).call_id());
  }
  RecordingFacts& facts = *event.mutable_recording();
  if (what / 16 % 2 == 1) Mark(absl::StrCat("recording-", 1 + what % 3), facts);
  if (what / 32 % 2 == 1) {
    AddFile(what, of_call ? *facts.mutable_call_files() : *facts.mutable_composed_files());
  }
  facts.set_failed(what / 64 == 3);
  return input;
}

void AddRecordingSeen(ByteReader& bytes, internal::v1::CommandResult& result) {
  const std::uint8_t seen = bytes.Byte();
  if (seen % 4 == 0) return;
  RecordingFacts& facts = *result.mutable_recording();
  if (seen % 4 == 1) return;
  AddFile(seen / 4, *facts.mutable_call_files());
  if (seen % 4 == 2) AddFile(seen / 4, *facts.mutable_composed_files());
}

void CheckRecordings(const Session& before, const Transition& transition) {
  const Session& after = transition.session();
  std::set<std::string> on;
  for (const Recorder& recorder : before.recordings().recorders()) {
    if (IsOn(recorder)) on.insert(recorder.recording().recording_id());
  }
  for (const v1::SessionEvent& event : transition.events()) {
    if (event.has_recording_started()) {
      const v1::Recording& started = event.recording_started().recording();
      Check(on.insert(started.recording_id()).second, "a recording starts once");
      Check(started.state() == v1::Recording::STATE_RECORDING, "what has started is on");
    }
    if (event.has_recording_stopped()) {
      const std::string& id = event.recording_stopped().recording().recording_id();
      Check(on.erase(id) == 1, "only what is on stops");
    }
    if (event.has_session_ended()) Check(on.empty(), "nothing is recorded after the end");
  }
  std::set<std::string> targets;
  std::set<std::string> files;
  for (const Recorder& recorder : after.recordings().recorders()) {
    const v1::Recording& recording = recorder.recording();
    Check(IsOn(recorder) == on.contains(recording.recording_id()), "what is on was told");
    const bool live = recorder.progress() != Recorder::PROGRESS_OVER;
    Check(!live || targets.insert(recording.leg_id()).second,
          "one recording of a target at a time");
    Check(!live || !after.has_ended() || after.given_up(), "no recording outlives the session");
    for (const v1::RecordingFile& file : recording.files()) {
      Check(files.insert(file.file_id()).second, "a file is of one recording");
    }
    Check((recording.state() == v1::Recording::STATE_READY) == !recording.files().empty(),
          "a recording with files is ready");
  }
  Check(after.recordings().recorders_size() <= base::kRecordingsPerSessionMax,
        "recordings are bounded");
}

}  // namespace callbridge::fuzz
