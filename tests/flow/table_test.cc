// Holds the transition table at the head of step.cc against the code: every phase × every input.
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/flow/golden.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using Lines = std::vector<std::string>;

// How each phase is reached.
std::vector<std::pair<std::string, Lines>> Phases() {
  const Lines joining = {"incoming-call", "does 1", "does 2"};
  const auto then = [](Lines lines, const Lines& more) {
    lines.insert(lines.end(), more.begin(), more.end());
    return lines;
  };
  const Lines greeting = then(joining, {"does 3", "PARTICIPANT_JOINED caller", "does 4"});
  const Lines dialing = then(greeting, {"SAY_FINISHED 4", "does 5", "does 6"});
  const Lines stopping = then(dialing, {"CALL_ESTABLISHED callee-1", "does 7"});
  const Lines announcing =
      then(stopping, {"PARTICIPANT_JOINED callee-1", "PLAY_FINISHED 5", "does 8"});
  const Lines connected = then(announcing, {"SAY_FINISHED 8"});
  const Lines ending = then(connected, {"end"});
  return {{"Offered", {"incoming-call offer"}},
          {"AnsweringCaller", {"incoming-call", "does 1"}},
          {"DialingCaller", {"start", "does 1", "does 2"}},
          {"JoiningCaller", joining},
          {"Greeting", greeting},
          {"DialingCallee", dialing},
          {"StoppingMusic", stopping},
          {"Announcing", announcing},
          {"Connected", connected},
          {"Apologizing",
           then(dialing, {"CALL_FAILED callee-1 BUSY", "does 7", "PLAY_FINISHED 5", "does 8"})},
          {"Ending", ending},
          {"Ended", then(ending, {"does 9", "CALL_FINISHED caller NORMAL_HANGUP API",
                                  "CALL_FINISHED callee-1 NORMAL_HANGUP API"})}};
}

// The columns, by the words of the table, and what is played for each.
std::vector<std::pair<std::string, std::string>> Inputs() {
  return {{"start", "start request-2"},
          {"end", "end"},
          {"conference", "does 2"},
          {"caller-joined", "PARTICIPANT_JOINED caller"},
          {"caller-gone", "CALL_FINISHED caller NORMAL_HANGUP"},
          {"callee-rings", "CALL_RINGING callee-1"},
          {"callee-answered", "CALL_ESTABLISHED callee-1"},
          {"callee-joined", "PARTICIPANT_JOINED callee-1"},
          {"callee-gone", "CALL_FAILED callee-1 BUSY"},
          {"sound-over", "sound-over"},
          {"conference-gone", "CONFERENCE_FINISHED"},
          {"caller-missing", "missing caller"},
          {"defect", "defect"},
          {"silence", "silence"}};
}

// The next phase if nothing more is ever heard.
void PlaySilence(Scenario& scenario) {
  const std::string before = PhaseName(scenario.session());
  for (int second = 0; second < 10'000 && PhaseName(scenario.session()) == before; ++second) {
    scenario.Play("wait 1s");
  }
}

std::string NextPhase(const Lines& way, const std::string& input) {
  Scenario scenario;
  PlayAll(scenario, way);
  const std::string before = PhaseName(scenario.session());
  if (input == "silence") {
    PlaySilence(scenario);
  } else {
    scenario.Play(input);
    // A conference that vanished is judged after the legs were looked at, also if no look is
    // answered.
    if (HasTimer(scenario.session(), internal::v1::Timer::KIND_CONFERENCE_GONE)) {
      scenario.Play("wait 8s");
    }
  }
  const std::string after = PhaseName(scenario.session());
  return after == before ? "-" : after;
}

// A row of the table: "Phase | input | Phase".
std::string Row(const std::string& phase, const std::string& input, const std::string& next) {
  return absl::StrCat(phase, " | ", input, " | ", next);
}

// The rows at the head of step.cc, in their order.
Lines ReadTable() {
  std::ifstream file(CALLBRIDGE_SOURCE_DIR "/server/flow/step.cc");
  Lines rows;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("//   ", 0) != 0) continue;
    std::vector<std::string> cells = absl::StrSplit(line.substr(2), '|');
    if (cells.size() != 3) continue;
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    rows.push_back(Row(cells[0], cells[1], cells[2]));
  }
  return rows;
}

// What each input does in each phase, in full, and what follows if nothing more is heard for a
// minute.
TEST(TransitionTable, EveryCellDoesWhatItDid) {
  for (const auto& [phase, way] : Phases()) {
    std::string cells;
    for (const auto& [name, input] : Inputs()) {
      if (name == "silence") continue;
      Scenario scenario;
      PlayAll(scenario, way);
      const std::size_t before = scenario.account().size();
      scenario.Play(input);
      scenario.Play("wait 60s");
      absl::StrAppend(&cells, "\n== ", name, "\n", scenario.account().substr(before));
    }
    ExpectGolden(absl::StrCat("flow/accounts/cells/", phase, ".txt"), cells);
  }
}

TEST(TransitionTable, SaysWhatTheCodeDoes) {
  Lines played;
  int phases = 0;
  std::size_t cells = 0;
  for (const auto& [phase, way] : Phases()) {
    Scenario scenario;
    PlayAll(scenario, way);
    ASSERT_EQ(PhaseName(scenario.session()), phase);
    for (const auto& [name, input] : Inputs()) {
      const std::string next = NextPhase(way, input);
      ++cells;
      if (next != "-") played.push_back(Row(phase, name, next));
    }
    ++phases;
  }
  EXPECT_EQ(ReadTable(), played) << "step.cc should say:\n" << absl::StrJoin(played, "\n");
  const auto* session = internal::v1::Session::descriptor();
  EXPECT_EQ(session->FindOneofByName("phase")->field_count(), phases) << "a phase is not played";
  // ./dev coverage reports it.
  RecordProperty("cells", absl::StrCat(cells));
}

// A list is no proof: it moves no phase, and each phase asks about the leg, until the session has
// ended.
TEST(TransitionTable, ACallThatIsNotListedIsLookedAtInEveryPhase) {
  for (const auto& [phase, way] : Phases()) {
    for (const std::string leg_id : {"caller", "callee-1"}) {
      Scenario scenario;
      PlayAll(scenario, way);
      bool looks = false;
      for (const internal::v1::Leg& leg : scenario.session().legs()) {
        looks |=
            leg.leg_id() == leg_id && !leg.call_id().empty() && leg.state() != v1::Leg::STATE_ENDED;
      }
      const std::string look = leg_id == "caller" ? "LookAtCaller" : "LookAtCallee";
      EXPECT_EQ(scenario.Play("missing " + leg_id), looks
                                                        ? absl::StrCat("command ", look, "\n")
                                                        : "ignored: no living leg has this call\n")
          << phase;
      EXPECT_EQ(PhaseName(scenario.session()), phase);
      if (looks) {
        EXPECT_EQ(scenario.Play("missing " + leg_id), "ignored: it is being looked at\n") << phase;
      }
    }
  }
}

}  // namespace
}  // namespace callbridge::flow
