// The caller is put into the conference: every course of up to three PUTs. Whatever their answers
// say, a caller who is in is greeted, and one whose PUTs the provider refused, and whom the
// conference does not show, hears of it.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/limits.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

// What becomes of a PUT: it is accepted or not, it has its effect or not, and the answer may be
// lost. Events are lost altogether.
struct Fate {
  const char* answer;
  bool has_effect;
};

constexpr Fate kFates[] = {{"done", true},     {"done", false},    {"unknown", true},
                           {"unknown", false}, {"refused", false}, {"throttled", false}};

bool IsOpen(const Scenario& scenario, const std::string& name) {
  const auto& open = scenario.session().open_commands();
  const std::int32_t number = scenario.names().NumberOf(name);
  for (const internal::v1::OpenCommand& command : open) {
    if (number != 0 && command.command().number() == number) return true;
  }
  return false;
}

// Answers looks truthfully until nothing is asked any more.
void AnswerLooks(Scenario& scenario, bool is_in) {
  for (int i = 0; i < 4; ++i) {
    if (IsOpen(scenario, "LookAtConference")) {
      scenario.Play(absl::StrCat("does LookAtConference ", is_in ? "caller" : "empty"));
    }
    if (IsOpen(scenario, "LookAtCaller")) scenario.Play("does LookAtCaller ESTABLISHED");
  }
}

// Returns the phase after 20 s.
std::string PlayCourse(const std::vector<Fate>& fates) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does AnswerCaller", "CALL_ESTABLISHED caller",
                     "does CreateConference"});
  bool is_in = false;
  std::size_t next = 0;
  for (int step = 0; step < 200 && scenario.session().has_joining_caller(); ++step) {
    if (IsOpen(scenario, "AddCaller") && next < fates.size()) {
      const Fate fate = fates[next++];
      scenario.Play("sends AddCaller");
      // Who is in already is refused.
      const bool refused = is_in && std::string(fate.answer) == "done";
      is_in |= fate.has_effect;
      scenario.Play(absl::StrCat(refused ? "refused" : fate.answer, " AddCaller"));
    }
    AnswerLooks(scenario, is_in);
    scenario.Play("wait 100ms");
  }
  return absl::StrCat(is_in ? "in: " : "out: ", PhaseName(scenario.session()));
}

TEST(JoiningCaller, EndsAsTheConferenceShows) {
  for (const Fate& first : kFates) {
    for (const Fate& second : kFates) {
      for (const Fate& third : kFates) {
        const std::string end = PlayCourse({first, second, third});
        EXPECT_TRUE(end == "in: Greeting" || end == "out: Apologizing")
            << first.answer << first.has_effect << " " << second.answer << second.has_effect << " "
            << third.answer << third.has_effect << ": " << end;
      }
    }
  }
}

// Told once or often, before its answer or after it: PARTICIPANT_JOIN_FAILED is one failure of one
// PUT.
TEST(JoiningCaller, CountsAFailureOnceHoweverOftenItIsTold) {
  for (int before = 0; before < 3; ++before) {
    for (int after = 0; after < 3; ++after) {
      for (const char* answer : {"done", "unknown", "refused"}) {
        SCOPED_TRACE(absl::StrCat(before, " ", answer, " ", after));
        // Nothing says that an accepted PUT has failed.
        if (before + after == 0 && std::string(answer) == "done") continue;
        Scenario scenario;
        PlayAll(scenario, {"incoming-call", "does AnswerCaller", "CALL_ESTABLISHED caller",
                           "does CreateConference", "sends AddCaller"});
        for (int i = 0; i < before; ++i) scenario.Play("PARTICIPANT_JOIN_FAILED caller");
        scenario.Play(absl::StrCat(answer, " AddCaller"));
        AnswerLooks(scenario, false);
        for (int i = 0; i < after; ++i) scenario.Play("PARTICIPANT_JOIN_FAILED caller");
        AnswerLooks(scenario, false);
        EXPECT_EQ(PhaseName(scenario.session()), "JoiningCaller");
        scenario.Play("wait 1s");
        EXPECT_TRUE(IsOpen(scenario, "AddCaller"));
      }
    }
  }
}

// It left before the PUT came to nothing, and says nothing about it.
TEST(JoiningCaller, AsksAgainWhenTheLookIsOlderThanTheRefusal) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does AnswerCaller", "CALL_ESTABLISHED caller", "does CreateConference",
           "sends AddCaller", "wait 3s", "sends LookAtConference", "wait 100ms",
           "refused AddCaller 400", "done LookAtConference empty"});
  EXPECT_EQ(scenario.session().legs(0).joining().refusals(), 0);
  EXPECT_TRUE(IsOpen(scenario, "LookAtConference"));
  scenario.Play("does LookAtConference empty");
  EXPECT_EQ(scenario.session().legs(0).joining().refusals(), 1);
}

TEST(JoiningCaller, JudgesNoPutBeforeItsOwnAnswer) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does AnswerCaller", "CALL_ESTABLISHED caller", "does CreateConference",
           "sends AddCaller", "PARTICIPANT_JOIN_FAILED caller", "does LookAtConference empty"});
  EXPECT_EQ(scenario.session().legs(0).joining().refusals(), 0);
  scenario.Play("done AddCaller");
  EXPECT_TRUE(IsOpen(scenario, "LookAtConference"));
  scenario.Play("does LookAtConference caller");
  EXPECT_EQ(PhaseName(scenario.session()), "Greeting");
}

// However often the provider says so before the call is established.
TEST(JoiningCaller, CountsNoFailureOfACallThatIsNotEstablished) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does AnswerCaller", "does CreateConference"});
  for (int i = 0; i < 3; ++i) {
    if (i == 0) PlayAll(scenario, {"sends AddCaller", "done AddCaller"});
    scenario.Play("PARTICIPANT_JOIN_FAILED caller");
    EXPECT_TRUE(IsOpen(scenario, "LookAtCaller"));
    EXPECT_FALSE(IsOpen(scenario, "LookAtConference")) << "it is known what is missing";
    PlayAll(scenario, {"does LookAtCaller RINGING", "wait 1s"});
    EXPECT_FALSE(IsOpen(scenario, "AddCaller"));
  }
  scenario.Play("CALL_ESTABLISHED caller");
  EXPECT_TRUE(IsOpen(scenario, "AddCaller"));
}

TEST(JoiningCaller, HasAllItsPutsOnceTheCallIsEstablished) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does AnswerCaller", "does CreateConference",
                     "sends AddCaller", "refused AddCaller 400", "CALL_ESTABLISHED caller"});
  for (int put = 1; put <= base::kPutsMax; ++put) {
    EXPECT_TRUE(IsOpen(scenario, "AddCaller")) << put;
    PlayAll(scenario, {"sends AddCaller", "unknown AddCaller", "wait 1s"});
  }
  EXPECT_FALSE(IsOpen(scenario, "AddCaller"));
}

}  // namespace
}  // namespace callbridge::flow
