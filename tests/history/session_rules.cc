#include "tests/history/session_rules.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <map>
#include <optional>
#include <string>

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
  // The request of the client's sound that is heard. Empty: none is.
  std::string requested;
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

// A sound that a client asked for may begin whenever nothing is heard.
std::string BeginRequested(Lane& lane, const std::string& request_id) {
  const std::string wrong = Begin(lane, lane.rank, "a client's sound");
  lane.requested = request_id;
  return wrong;
}

bool IsRequested(v1::PromptKind prompt) { return prompt == v1::PROMPT_KIND_REQUESTED; }

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

Violations NothingAfterTheEnd(const SessionEvents& events) {
  Violations violations;
  bool ended = false;
  std::optional<v1::Outcome> outcome;
  for (const v1::SessionEvent& event : events) {
    if (ended) violations.push_back(At(event) + "follows SessionEnded");
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
        wrong = IsRequested(event.prompt_started().prompt())
                    ? BeginRequested(lane_of(event.prompt_started().leg_id()),
                                     event.prompt_started().request_id())
                    : BeginPrompt(lane, event.prompt_started().prompt());
        break;
      case v1::SessionEvent::kMusicStarted:
        wrong = Begin(lane, kMusicRank, "the music");
        break;
      case v1::SessionEvent::kPromptFinished: {
        const v1::PromptFinished& finished = event.prompt_finished();
        Lane& heard = IsRequested(finished.prompt()) ? lane_of(finished.leg_id()) : lane;
        // What waited and was dropped was not heard.
        if (heard.requested == finished.request_id()) heard.sounding = false;
        if (!heard.sounding) heard.requested.clear();
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
