// A verdict never falls before its question was asked, however long the service stood still: the
// look first, then the answer or 5 s.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using Lines = std::vector<std::string>;

struct Case {
  const char* name;
  // How the phase is reached whose verdict falls when nothing more is heard.
  Lines way;
  // The answers that show that all is as before.
  Lines unchanged;
};

Lines Then(Lines lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

std::vector<Case> Cases() {
  const Lines joining = {"incoming-call", "does AnswerCaller", "CALL_ESTABLISHED caller",
                         "does CreateConference"};
  const Lines rings = Then(joining, {"does AddCaller", "PARTICIPANT_JOINED caller",
                                     "does PlayPrompt", "SAY_FINISHED PlayPrompt", "does PlayMusic",
                                     "does DialCallee", "CALL_RINGING callee-1"});
  const Lines alone = {"does LookAtConference caller", "does LookAtCallee ESTABLISHED"};
  return {
      {"AnsweringCaller",
       {"incoming-call", "does CreateConference"},
       {"does LookAtCaller RINGING"}},
      {"JoiningCaller",
       Then(joining, {"does AddCaller"}),
       {"does LookAtConference empty", "does LookAtCaller ESTABLISHED"}},
      {"DialingCaller",
       {"start", "does CreateConference", "does DialCaller", "CALL_RINGING caller"},
       {"does LookAtCaller RINGING"}},
      {"DialingCaller, answered",
       {"start", "does CreateConference", "does DialCaller", "CALL_ESTABLISHED caller"},
       {"does LookAtConference empty", "does LookAtCaller ESTABLISHED"}},
      {"DialingCallee", rings, {"does LookAtConference caller", "does LookAtCallee RINGING"}},
      {"StoppingMusic",
       Then(rings, {"CALL_ESTABLISHED callee-1", "does StopPlay", "PLAY_FINISHED"}), alone},
      {"a conference that vanished",
       Then(rings, {"CONFERENCE_FINISHED"}),
       {"does LookAtCaller ESTABLISHED", "does LookAtCallee RINGING"}},
      {"Ending",
       Then(rings, {"end", "does HangUpConference"}),
       {"does LookAtCaller ESTABLISHED", "does LookAtCallee RINGING"}},
  };
}

bool Judges(const std::string& output) {
  return output.find("DeadlinePassed") != std::string::npos;
}

// Whether the look that the line answers is under way.
bool IsUnderWay(const Scenario& scenario, const std::string& line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  const std::int32_t number = scenario.names().NumberOf(words[1]);
  const auto& open = scenario.session().open_commands();
  return std::any_of(open.begin(), open.end(), [number](const internal::v1::OpenCommand& command) {
    return command.command().number() == number;
  });
}

TEST(Verdicts, WaitForTheirAnswerAfterAnyPause) {
  for (const Case& test : Cases()) {
    for (const std::string pause : {"17s", "52s", "100s", "3600s"}) {
      SCOPED_TRACE(absl::StrCat(test.name, " ", pause));
      Scenario scenario;
      PlayAll(scenario, test.way);
      const std::string before = PhaseName(scenario.session());
      scenario.Play("pause " + pause);
      const std::string output = scenario.Play("wait 0s");
      // Not every verdict is due after the shortest of the pauses.
      const bool due = output.find("VERDICT") != std::string::npos ||
                       output.find("CONFERENCE_GONE") != std::string::npos;
      EXPECT_TRUE(due || pause == "17s") << output;
      EXPECT_FALSE(Judges(output)) << output;
      EXPECT_EQ(PhaseName(scenario.session()), before);
      if (!due) continue;
      std::string answers;
      for (const std::string& answer : test.unchanged) answers += scenario.Play(answer);
      // A caller who is being moved has the whole time: another PUT may be on its way.
      answers += scenario.Play(before == "JoiningCaller" ? "wait 5s" : "wait 0s");
      EXPECT_TRUE(Judges(answers)) << answers;
    }
  }
}

TEST(Verdicts, FallWithoutAnAnswerFiveSecondsLater) {
  for (const Case& test : Cases()) {
    SCOPED_TRACE(test.name);
    Scenario scenario;
    PlayAll(scenario, test.way);
    scenario.Play("pause 100s");
    EXPECT_FALSE(Judges(scenario.Play("wait 4900ms")));
    EXPECT_TRUE(Judges(scenario.Play("wait 200ms")));
  }
}

// A course without a pause has its look before its verdict, and the verdict falls when it is due.
TEST(Verdicts, FallAtOnceAfterAnAnsweredLook) {
  for (const Case& test : Cases()) {
    if (std::string(test.name) == "Ending")
      continue;  // Its hangups are looked at by other timers too.
    SCOPED_TRACE(test.name);
    Scenario scenario;
    PlayAll(scenario, test.way);
    bool judged = false;
    for (int second = 0; second < 60 && !judged; ++second) {
      const std::string output = scenario.Play("wait 1s");
      judged = Judges(output);
      if (judged) {
        // The phase's own look may be due at the same moment; the verdict asks nothing.
        const bool looks_anyway = output.find("PHASE_LOOK") != std::string::npos;
        EXPECT_TRUE(looks_anyway || output.find("command Look") == std::string::npos) << output;
        break;
      }
      for (const std::string& answer : test.unchanged) {
        if (IsUnderWay(scenario, answer)) judged |= Judges(scenario.Play(answer));
      }
    }
    EXPECT_TRUE(judged);
  }
}

// The service died after the PUT was taken, and sends another one together with the look.
TEST(Verdicts, DoNotFallOnACallerWhoIsBeingMoved) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does AnswerCaller", "CALL_ESTABLISHED caller", "does CreateConference",
           "sends AddCaller", "pause 10s", "unknown AddCaller", "wait 3s"});
  const std::string output = scenario.Play("does LookAtConference empty") +
                             scenario.Play("does AddCaller") + scenario.Play("wait 400ms");
  EXPECT_FALSE(Judges(output)) << output;
  scenario.Play("PARTICIPANT_JOINED caller");
  EXPECT_TRUE(scenario.session().has_greeting()) << PhaseName(scenario.session());
}

// The callee came in before the deadline of its join, and the answer to a look at the caller is all
// that is waited for.
TEST(Verdicts, OfAJoinDoNotFallOnceTheCalleeIsIn) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_ESTABLISHED callee-1", "sends StopPlay", "wait 9s",
                     "does LookAtConference caller joining:callee-1", "wait 500ms",
                     "refused StopPlay 400", "PARTICIPANT_JOINED callee-1", "wait 700ms"});
  EXPECT_TRUE(scenario.session().has_stopping_music()) << PhaseName(scenario.session());
  EXPECT_FALSE(scenario.session().legs(1).unwanted());
  scenario.Play("wait 1s");
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
}

}  // namespace
}  // namespace callbridge::flow
