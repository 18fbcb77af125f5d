#include "tests/simulation/calm_course.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>

#include "callbridge/v1/event.pb.h"

namespace callbridge::simulation {
namespace {

using v1::Outcome;
using v1::SessionEvent;
using Kind = BridgePlan::Kind;

// What a history must hold, and what it must not.
struct Heard {
  bool greeting = false;
  bool music = false;
  bool music_stopped = false;
  bool announcement = false;
  bool apology = false;
  bool connected = false;
  std::vector<std::string> oddities;
};

void NotePrompt(v1::PromptKind prompt, Heard& heard) {
  heard.greeting |= prompt == v1::PROMPT_KIND_GREETING;
  heard.announcement |= prompt == v1::PROMPT_KIND_ANNOUNCEMENT;
  heard.apology |= prompt == v1::PROMPT_KIND_APOLOGY;
}

void NoteEvent(const SessionEvent& event, Heard& heard) {
  switch (event.event_case()) {
    case SessionEvent::kPromptStarted:
      return NotePrompt(event.prompt_started().prompt(), heard);
    case SessionEvent::kMusicStarted:
      heard.music = true;
      return;
    case SessionEvent::kMusicStopped:
      heard.music_stopped = true;
      return;
    case SessionEvent::kPartiesConnected:
      heard.connected = true;
      return;
    case SessionEvent::kDeadlinePassed:
      // Two who go on talking are ended by it.
      if (event.deadline_passed().waited_for() == "maximum duration") return;
      heard.oddities.push_back("a deadline passed: " + event.deadline_passed().waited_for());
      return;
    case SessionEvent::kStateCorrected:
      heard.oddities.emplace_back("a state had to be corrected");
      return;
    case SessionEvent::kCommandFinished:
      if (event.command_finished().result() == v1::CommandFinished::RESULT_UNKNOWN ||
          event.command_finished().result() == v1::CommandFinished::RESULT_RETRYING) {
        heard.oddities.push_back(absl::StrCat("command ", event.command_finished().command_number(),
                                              " was not simply done"));
      }
      return;
    default:
      return;
  }
}

Heard Listen(const WatchedSession& watched) {
  Heard heard;
  for (const std::string& bytes : watched.events) {
    SessionEvent event;
    event.ParseFromString(bytes);
    NoteEvent(event, heard);
  }
  return heard;
}

}  // namespace

std::optional<Outcome::Result> ExpectedResult(const BridgePlan& bridge) {
  const bool caller_hangs_up = absl::StrContains(bridge.caller, "hangs-up");
  if (caller_hangs_up || bridge.caller_leaves.count() > 0 || bridge.end_asked.count() > 0) {
    return std::nullopt;
  }
  if (bridge.kind == Kind::kOffered && bridge.offer_taken > std::chrono::seconds(7)) {
    return std::nullopt;
  }
  if (bridge.kind == Kind::kRequested) {
    if (bridge.caller == "busy" || bridge.caller == "never-answers") {
      return Outcome::RESULT_CALLER_UNREACHED;
    }
    if (bridge.caller != "answers:1") return std::nullopt;
  }
  if (bridge.callee == "answers-at-timeout" || bridge.callee == "answers:14") return std::nullopt;
  // An answer and a hangup within a second may both come before the music is over.
  if (bridge.callee == "answers:0,hangs-up:1") return std::nullopt;
  if (bridge.callee == "refused:403") return Outcome::RESULT_FAILED;
  if (absl::StartsWith(bridge.callee, "answers")) return Outcome::RESULT_COMPLETED;
  return Outcome::RESULT_CALLEE_UNREACHED;
}

bool IsCalm(const Plan& plan) {
  const bool troubled =
      std::any_of(plan.servers.begin(), plan.servers.end(), [](const ServerPlan& server) {
        return !server.troubles.empty() || server.skew.count() != 0;
      });
  return plan.bridges.size() == 1 && !troubled && plan.switches.empty() && plan.faults.empty() &&
         plan.ambushes.empty() && plan.outages.empty() && !plan.judged;
}

std::vector<std::string> FindBlemishes(const Plan& plan, const Chronicle& chronicle,
                                       const simulator::Model& model) {
  std::vector<std::string> blemishes;
  const auto expect = [&blemishes](bool holds, const std::string& text) {
    if (!holds) blemishes.push_back("a calm course: " + text);
  };
  expect(chronicle.sessions.size() == 1, "not exactly one session");
  if (chronicle.sessions.size() != 1) return blemishes;
  const WatchedSession& watched = chronicle.sessions.begin()->second;
  const Outcome& outcome = watched.session.outcome();
  const auto expected = ExpectedResult(plan.bridges.front());
  if (!expected) return blemishes;
  expect(outcome.result() == *expected,
         absl::StrCat("the result is ", Outcome::Result_Name(outcome.result()), ", not ",
                      Outcome::Result_Name(*expected)));
  const Heard heard = Listen(watched);
  const bool reached = *expected != Outcome::RESULT_CALLER_UNREACHED;
  expect(heard.greeting == reached, "the greeting");
  expect(heard.music == reached, "the music");
  expect(heard.music_stopped == heard.music, "the end of the music");
  expect(heard.connected == (*expected == Outcome::RESULT_COMPLETED), "PartiesConnected");
  expect(heard.announcement == (*expected == Outcome::RESULT_COMPLETED), "the announcement");
  expect(heard.apology == (reached && *expected != Outcome::RESULT_COMPLETED), "the apology");
  expect(model.world().journal.overlaps == 0, "two sounds at once");
  for (const std::string& oddity : heard.oddities) expect(false, oddity);
  return blemishes;
}

}  // namespace callbridge::simulation
