#include "tests/history/session_rules.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace callbridge::history {
namespace {

using google::protobuf::util::MessageDifferencer;

std::string At(const v1::SessionEvent& event) {
  return absl::StrCat("session ", event.session_id(), ", event ", event.sequence(), ": ");
}

// Later ones have higher ranks; announcement and apology exclude each other.
int RankOf(v1::PromptKind prompt) { return prompt == v1::PROMPT_KIND_GREETING ? 1 : 3; }
constexpr int kMusicRank = 2;

// What a person hears now.
struct Lane {
  // The client's sound or notice that is heard, by its name. Empty: none is.
  std::string free;
  int rank = 0;
  std::optional<v1::PromptKind> last_prompt;
  bool sounding = false;
};

std::string Begin(Lane& lane, int rank, const std::string& name) {
  std::string wrong;
  if (lane.sounding) wrong = absl::StrCat(name, " begins before the sound before it is over");
  if (rank < lane.rank) wrong = absl::StrCat(name, " begins after a later part");
  lane.sounding = true;
  lane.rank = rank;
  return wrong;
}

std::string BeginPrompt(Lane& lane, v1::PromptKind prompt) {
  std::string wrong = Begin(lane, RankOf(prompt), v1::PromptKind_Name(prompt));
  if (lane.last_prompt.has_value() && RankOf(*lane.last_prompt) >= RankOf(prompt)) {
    wrong = absl::StrCat(v1::PromptKind_Name(prompt), " begins after ",
                         v1::PromptKind_Name(*lane.last_prompt));
  }
  lane.last_prompt = prompt;
  return wrong;
}

// name: what the sound is known by (NameOf).
std::string BeginFree(Lane& lane, const std::string& name) {
  const std::string wrong = Begin(lane, lane.rank, name);
  lane.free = name;
  return wrong;
}

// What was told of one recording.
struct Recorded {
  std::string target;
  bool started = false;
  // It stopped or failed.
  bool over = false;
  // How many files it had when it was last told to be ready.
  int files = -1;
};

// By the id of the recording.
using AllRecorded = std::map<std::string, Recorded>;

std::string StartRecording(AllRecorded& all, const v1::Recording& recording) {
  for (const auto& [id, other] : all) {
    if (id != recording.recording_id() && other.target == recording.leg_id() && other.started &&
        !other.over) {
      return absl::StrCat(recording.recording_id(), " starts while ", id, " is on");
    }
  }
  Recorded& recorded = all[recording.recording_id()];
  const bool again = std::exchange(recorded.started, true);
  recorded.target = recording.leg_id();
  return again ? recording.recording_id() + " starts twice" : "";
}

std::string StopRecording(AllRecorded& all, const v1::Recording& recording) {
  Recorded& recorded = all[recording.recording_id()];
  if (!recorded.started) return recording.recording_id() + " stops and has not started";
  recorded.over = true;
  return "";
}

std::string FinishRecording(AllRecorded& all, const v1::Recording& recording) {
  const int before = std::exchange(all[recording.recording_id()].files, recording.files_size());
  return recording.files_size() <= before ? recording.recording_id() + " is ready twice" : "";
}

// A client's sound and a notice may begin whenever nothing is heard, also on a callee's leg.
bool IsFree(v1::PromptKind prompt) {
  return prompt == v1::PROMPT_KIND_REQUESTED || prompt == v1::PROMPT_KIND_NOTICE;
}

// What such a sound is known by. Empty: it is a prompt of the plan.
template <typename Event>
std::string NameOf(const Event& event) {
  return event.prompt() == v1::PROMPT_KIND_NOTICE ? "the notice" : event.request_id();
}

// Who has heard the notice of a session.
struct Noticed {
  bool asked = false;
  std::string callee;
  std::set<std::string> proved;
};

std::string WhoHasNotHeard(const Noticed& noticed) {
  if (!noticed.asked) return "";
  if (noticed.callee.empty()) return "somebody who is not connected";
  for (const std::string& leg_id : {std::string("caller"), noticed.callee}) {
    if (!noticed.proved.contains(leg_id)) return leg_id;
  }
  return "";
}

}  // namespace

Violations SequencesWithoutGap(const SessionEvents& events) {
  Violations violations;
  std::int32_t expected = 0;
  for (const v1::SessionEvent& event : events) {
    ++expected;
    if (event.sequence() != expected) {
      violations.push_back(absl::StrCat(At(event), "should be event ", expected));
      expected = event.sequence();
    }
    if (event.event_id() != absl::StrCat(event.session_id(), "/", event.sequence())) {
      violations.push_back(absl::StrCat(At(event), "has the id ", event.event_id()));
    }
  }
  return violations;
}

bool MayFollowTheEnd(const v1::SessionEvent& event) {
  return event.has_recording_ready() || event.has_recording_failed();
}

Violations NothingAfterTheEnd(const SessionEvents& events) {
  Violations violations;
  bool ended = false;
  std::optional<v1::Outcome> outcome;
  for (const v1::SessionEvent& event : events) {
    if (ended && !MayFollowTheEnd(event)) violations.push_back(At(event) + "follows SessionEnded");
    if (event.has_session_ending()) {
      if (outcome.has_value()) violations.push_back(At(event) + "is a second SessionEnding");
      outcome = event.session_ending().outcome();
    }
    if (!event.has_session_ended()) continue;
    ended = true;
    const v1::Outcome& last = event.session_ended().session().outcome();
    if (!outcome.has_value()) {
      violations.push_back(At(event) + "is SessionEnded without SessionEnding");
    } else if (!MessageDifferencer::Equals(*outcome, last)) {
      violations.push_back(
          absl::StrCat(At(event), "the outcome was ", v1::Outcome::Result_Name(outcome->result()),
                       " ", v1::EndReason_Name(outcome->reason()), " and is ",
                       v1::Outcome::Result_Name(last.result()), " ",
                       v1::EndReason_Name(last.reason()), ", or differs in its details"));
    }
  }
  return violations;
}

Violations SoundsInOrder(const SessionEvents& events) {
  Violations violations;
  // Of the plan, which only the caller hears.
  Lane lane;
  std::map<std::string, Lane> callees;
  const auto lane_of = [&](const std::string& leg_id) -> Lane& {
    return leg_id == "caller" ? lane : callees[leg_id];
  };
  for (const v1::SessionEvent& event : events) {
    std::string wrong;
    switch (event.event_case()) {
      case v1::SessionEvent::kPromptStarted:
        wrong = IsFree(event.prompt_started().prompt())
                    ? BeginFree(lane_of(event.prompt_started().leg_id()),
                                NameOf(event.prompt_started()))
                    : BeginPrompt(lane, event.prompt_started().prompt());
        break;
      case v1::SessionEvent::kMusicStarted:
        wrong = Begin(lane, kMusicRank, "the music");
        break;
      case v1::SessionEvent::kPromptFinished: {
        const v1::PromptFinished& finished = event.prompt_finished();
        Lane& heard = IsFree(finished.prompt()) ? lane_of(finished.leg_id()) : lane;
        // What waited and was dropped was not heard.
        if (heard.free == NameOf(finished)) heard.sounding = false;
        if (!heard.sounding) heard.free.clear();
        break;
      }
      case v1::SessionEvent::kMusicStopped:
        lane.sounding = false;
        break;
      default:
        break;
    }
    if (!wrong.empty()) violations.push_back(At(event) + wrong);
  }
  return violations;
}

Violations RecordingsOneAtATime(const SessionEvents& events) {
  Violations violations;
  AllRecorded all;
  for (const v1::SessionEvent& event : events) {
    std::string wrong;
    switch (event.event_case()) {
      case v1::SessionEvent::kRecordingStarted:
        wrong = StartRecording(all, event.recording_started().recording());
        break;
      case v1::SessionEvent::kRecordingStopped:
        wrong = StopRecording(all, event.recording_stopped().recording());
        break;
      case v1::SessionEvent::kRecordingFailed:
        all[event.recording_failed().recording().recording_id()].over = true;
        break;
      case v1::SessionEvent::kRecordingReady:
        wrong = FinishRecording(all, event.recording_ready().recording());
        break;
      default:
        break;
    }
    if (!wrong.empty()) violations.push_back(At(event) + wrong);
  }
  return violations;
}

Violations RecordedAfterNotices(const SessionEvents& events) {
  Violations violations;
  Noticed noticed;
  for (const v1::SessionEvent& event : events) {
    if (event.has_session_started()) {
      noticed.asked = event.session_started().plan().recording().has_notice();
    }
    if (event.has_parties_connected()) noticed.callee = event.parties_connected().callee_leg_id();
    if (event.has_notice_finished()) {
      const v1::NoticeEvidence& notice = event.notice_finished().notice();
      const bool proved = notice.result() == v1::NoticeEvidence::RESULT_PROVED;
      if (proved) noticed.proved.insert(notice.leg_id());
      if (proved != (notice.complete() && proved)) {
        violations.push_back(At(event) + "a notice is proved that was not heard to its end");
      }
    }
    if (!event.has_recording_started()) continue;
    const std::string who = WhoHasNotHeard(noticed);
    if (!who.empty()) violations.push_back(At(event) + who + " is recorded and heard no notice");
  }
  return violations;
}

Violations OutcomeFitsTheStory(const SessionEvents& events) {
  Violations violations;
  bool connected = false;
  for (const v1::SessionEvent& event : events) {
    if (event.has_parties_connected()) connected = true;
    if (!event.has_session_ending()) continue;
    const v1::Outcome& outcome = event.session_ending().outcome();
    const bool completed = outcome.result() == v1::Outcome::RESULT_COMPLETED;
    // A defect of ours may end a connected session as FAILED, INTERNAL.
    const bool defect = outcome.reason() == v1::END_REASON_INTERNAL;
    if (outcome.result() == v1::Outcome::RESULT_UNSPECIFIED) {
      violations.push_back(At(event) + "has no result");
    }
    if (completed != connected && !defect) {
      violations.push_back(absl::StrCat(At(event), v1::Outcome::Result_Name(outcome.result()),
                                        connected ? " although" : " although never", " connected"));
    }
  }
  return violations;
}

}  // namespace callbridge::history
