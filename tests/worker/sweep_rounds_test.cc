// Rounds of the sweep: when it wants to run again, how it goes through a long list, what it
// remembers from one sweep to the next, what it tells operators.
#include <absl/strings/str_cat.h>

#include <set>

#include "server/base/log.h"
#include "server/worker/sweep.h"
#include "tests/worker/sweep_world.h"

namespace callbridge::worker {
namespace {

using internal::v1::CallFacts;
using internal::v1::CommandResult;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SweepRoundsTest : public SweepTest {
 protected:
  base::Time Round() {
    const absl::StatusOr<base::Time> next = sweep_->RunOnce();
    EXPECT_TRUE(next.ok()) << next.status();
    return next.value_or(base::Time::max());
  }

  // Rounds until the sweep wants to rest; returns until when. None of them takes longer than it has
  // to.
  base::Time RunThrough(int rounds_max = 20) {
    for (int round = 0; round < rounds_max; ++round) {
      const base::Time next = Round();
      if (next > clock_.Now()) return next;
    }
    ADD_FAILURE() << "the sweep finds no rest";
    return base::Time::max();
  }

  // The beginning of the next sweep, before its first round.
  void AdvanceToNextSweep() {
    if (clock_.Now() == kStart) Round();
    Advance(kInterval);
  }

  static CommandResult Complete() {
    CommandResult result;
    result.set_verdict(CommandResult::VERDICT_DONE);
    result.set_complete(true);
    return result;
  }

  std::vector<std::string> Logged(const base::LogCapture& log, const std::string& event) {
    std::vector<std::string> lines;
    for (const std::string& line : log.Lines()) {
      if (line.find(absl::StrCat("\"event\":\"", event, "\"")) != std::string::npos) {
        lines.push_back(line);
      }
    }
    return lines;
  }
};

TEST_F(SweepRoundsTest, LooksForAnAnswerEverySecondWhileOneIsOut) {
  scripted_.silent = true;
  EXPECT_EQ(Round(), kStart + kInterval) << "nothing is out";
  Advance(kInterval);
  EXPECT_EQ(RunThrough(), clock_.Now() + seconds(1));
  Advance(seconds(10));
  EXPECT_EQ(RunThrough(), clock_.Now() + seconds(1));
  scripted_.late.at(0)(Complete());
  EXPECT_EQ(RunThrough(), kStart + 2 * kInterval) << "nothing is out any more";
}

TEST_F(SweepRoundsTest, DoesNotLookForAnAnswerThatTheSweepBeforeHasAskedFor) {
  scripted_.silent = true;
  AdvanceToNextSweep();
  RunThrough();
  scripted_.silent = false;
  AdvanceToNextSweep();
  EXPECT_EQ(RunThrough(), clock_.Now() + kInterval);
}

TEST_F(SweepRoundsTest, AnAnswerOfTheSweepBeforeIsNotTakenForTheOneThatIsOut) {
  scripted_.silent = true;
  AdvanceToNextSweep();
  RunThrough();
  AdvanceToNextSweep();
  RunThrough();
  scripted_.late.at(0)(Complete());
  EXPECT_EQ(RunThrough(), clock_.Now() + seconds(1));
  scripted_.late.at(1)(Complete());
  EXPECT_EQ(RunThrough(), clock_.Now() + kInterval);
}

TEST_F(SweepRoundsTest, GoesThroughALongListToItsEndWithoutAPause) {
  for (int i = 0; i < 2 * base::kSweepChunk + 1; ++i) {
    scripted_.Add(OutgoingCall(absl::StrCat("call-", i), "s_1", "other"), kStart - minutes(20));
  }
  scripted_.Add(OutgoingCall("last", "s_nobody"), kStart - minutes(20));
  for (int i = 0; i < 2 * base::kSweepChunk + 1; ++i) {
    scripted_.Add(ListedConference(absl::StrCat("conference-", i), "other/s_1"));
  }
  scripted_.Add(ListedConference("conference-last", "test/s_nobody"));
  AdvanceToNextSweep();
  EXPECT_EQ(RunThrough(), clock_.Now() + kInterval);
  EXPECT_THAT(scripted_.Asked(), ElementsAre("list default", "look last", "hang up last"));
  AdvanceToNextSweep();
  RunThrough();
  AdvanceToNextSweep();
  RunThrough();
  EXPECT_THAT(scripted_.conferences,
              testing::Not(testing::Contains(testing::Key("conference-last"))));
}

TEST_F(SweepRoundsTest, WhatCouldNotLeaveInOneSweepDoesNotLeaveTwiceInTheNext) {
  sweep_pace_.closed_until = kStart + 2 * kInterval + seconds(1);
  RunFor(2 * kInterval);
  EXPECT_THAT(scripted_.Asked(), IsEmpty());
  RunFor(seconds(2));
  EXPECT_THAT(scripted_.Asked(), ElementsAre("list default"));
}

TEST_F(SweepRoundsTest, AListThatOutlivesItsSweepTellsNobodyAnything) {
  Put(Talking("s_1", "call-1"));
  AdvanceToNextSweep();
  // Not listed, and the store does not take the question about it.
  engine_.PowerOff();
  Round();
  EXPECT_FALSE(sweep_->RunOnce().ok());
  // When the store is back, the call is listed again.
  Advance(kInterval);
  engine_.PowerOn();
  scripted_.Add(OutgoingCall("call-1", "s_1"), kStart);
  RunThrough();
  EXPECT_EQ(sweep_->counts().lists, 2);
  EXPECT_EQ(sweep_->counts().missing, 0);
}

// A conference's age is the time since it was first listed.
TEST_F(SweepRoundsTest, RemembersWhatTwoSweepsDidNotList) {
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  scripted_.conferences.clear();
  AskedAfter(2 * kInterval);
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  EXPECT_THAT(AskedAfter(kInterval),
              ElementsAre("list default", "look conference-1", "hang up conference-1"));
}

TEST_F(SweepRoundsTest, ForgetsWhatThreeSweepsDidNotList) {
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  scripted_.conferences.clear();
  AskedAfter(3 * kInterval);
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default")) << "it is new";
}

TEST_F(SweepRoundsTest, EachRequestHasANumberOfItsOwnAndGoesAtOnceOrNotAtAll) {
  Sweeping({.send_by = seconds(7)});
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  AdvanceToNextSweep();
  RunThrough();
  ASSERT_EQ(scripted_.sent.size(), 2U) << "a look and a hangup";
  std::set<int> numbers;
  for (const ScriptedProvider::Sent& sent : scripted_.sent) {
    numbers.insert(sent.command.number());
    EXPECT_EQ(sent.command.attempt(), 1);
    EXPECT_EQ(sent.command.account(), "default");
    EXPECT_EQ(sent.command.session_id(), "s_nobody");
    EXPECT_EQ(sent.send_by, clock_.Now() + seconds(7));
  }
  EXPECT_EQ(numbers.size(), 2U);
}

TEST_F(SweepRoundsTest, ALookAtACallThatIsGoneHangsUpNothingElseThatItShows) {
  scripted_.list = Complete();
  CallFacts& listed = *scripted_.list.add_calls();
  listed = OutgoingCall("call-1", "s_nobody");
  *listed.mutable_start_time() = base::ToTimestamp(kStart - minutes(20));
  *scripted_.more.add_conferences() = ListedConference("conference-1", "test/s_nobody");
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1"));
}

TEST_F(SweepRoundsTest, ALookAtAConferenceIsAboutTheConference) {
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  *scripted_.more.add_calls() = OutgoingCall("call-1", "s_nobody");
  AskedAfter(2 * kInterval);
  EXPECT_THAT(AskedAfter(kInterval),
              ElementsAre("list default", "look conference-1", "hang up conference-1"));
}

TEST_F(SweepRoundsTest, AConferenceThatIsGoneIsNotHungUp) {
  scripted_.list = Complete();
  *scripted_.list.add_conferences() = ListedConference("conference-1", "test/s_nobody");
  AskedAfter(2 * kInterval);
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look conference-1"));
}

TEST_F(SweepRoundsTest, TellsOperatorsOfASweepThatFoundSomethingAndOfNoOther) {
  base::LogCapture log;
  AdvanceToNextSweep();
  RunThrough();
  EXPECT_THAT(Logged(log, "sweep_done"), IsEmpty());

  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  AdvanceToNextSweep();
  RunThrough();
  EXPECT_THAT(Logged(log, "sweep_done"), ElementsAre(AllOf(HasSubstr(R"("orphans":1,"missing":0)"),
                                                           HasSubstr(R"("level":"info")"))));

  Put(Talking("s_1", "call-2"));
  AdvanceToNextSweep();
  RunThrough();
  ASSERT_EQ(Logged(log, "sweep_done").size(), 2U);
  EXPECT_THAT(Logged(log, "sweep_done").back(), HasSubstr(R"("orphans":0,"missing":1)"));
}

}  // namespace
}  // namespace callbridge::worker
