// The sweep against a scripted provider and a real store: what it hangs up, what it never touches,
// whom it tells.
#include "server/worker/sweep.h"

#include <absl/strings/str_cat.h>

#include "server/base/counters.h"
#include "server/base/log.h"
#include "tests/worker/listed.h"
#include "tests/worker/sweep_world.h"

namespace callbridge::worker {
namespace {

using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using StoredSession = internal::v1::Session;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(SweepTest, HangsUpACallThatNoSessionOwnsWhenItIsOldEnough) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart);
  EXPECT_THAT(AskedAfter(kInterval - seconds(1)), IsEmpty()) << "not right after the start";
  EXPECT_THAT(AskedAfter(seconds(1)), ElementsAre("list default")) << "5 minutes are young";
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1", "hang up call-1"));
  EXPECT_EQ(sweep_->counts().orphans, 1);
  EXPECT_EQ(sweep_->counts().hung_up, 1);
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  EXPECT_EQ(sweep_->counts().lists, 3);
}

TEST_F(SweepTest, HangsUpAgainInEachSweepWhatStaysAlive) {
  scripted_.immortal = true;
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(10));
  for (int sweep = 1; sweep <= 3; ++sweep) {
    EXPECT_THAT(AskedAfter(kInterval),
                ElementsAre("list default", "look call-1", "hang up call-1"));
    EXPECT_EQ(sweep_->counts().hung_up, sweep);
  }
}

TEST_F(SweepTest, ACallWithoutAStartTimeIsAsOldAsItsFirstListing) {
  scripted_.calls["call-1"] = OutgoingCall("call-1", "");
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1", "hang up call-1"));
}

// The provider's clock is ahead, or wrong.
TEST_F(SweepTest, ACallThatSeemsToStartInTheFutureIsAsOldAsItsFirstListing) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart + minutes(1000));
  EXPECT_THAT(AskedAfter(2 * kInterval), ElementsAre("list default", "list default"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1", "hang up call-1"));
}

TEST_F(SweepTest, HangsUpAConferenceThatNoSessionOwnsOnceItWasListedLongEnough) {
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  scripted_.Add(ListedConference("conference-2", "other/s_nobody"));
  EXPECT_THAT(AskedAfter(2 * kInterval), ElementsAre("list default", "list default"));
  EXPECT_THAT(AskedAfter(kInterval),
              ElementsAre("list default", "look conference-1", "hang up conference-1"));
  EXPECT_THAT(scripted_.conferences, SizeIs(1));
}

TEST_F(SweepTest, LeavesWhatSessionsOwn) {
  Put(Talking("s_1", "call-1"));
  StoredSession ended = Talking("s_2", "call-2");
  ended.mutable_ended();
  ended.mutable_conference()->set_conference_id("conference-2");
  ended.add_timers()->set_kind(internal::v1::Timer::KIND_HANGUP);
  Put(ended);
  scripted_.Add(OutgoingCall("call-1", "s_1"), kStart - minutes(20));
  scripted_.Add(OutgoingCall("call-2", "s_2"), kStart - minutes(20));
  scripted_.Add(ListedConference("conference-1", "test/s_1"));
  scripted_.Add(ListedConference("conference-2", "test/s_2"));
  EXPECT_THAT(AskedAfter(6 * kInterval), testing::Each("list default"));
  EXPECT_EQ(sweep_->counts().orphans, 0);
  EXPECT_EQ(sweep_->counts().lists, 6);
}

TEST_F(SweepTest, HangsUpWhatAnEndedSessionDoesNotPursueAnyMore) {
  StoredSession ended = Talking("s_1", "call-1");
  ended.mutable_ended();
  ended.mutable_conference()->set_conference_id("conference-1");
  Put(ended);
  scripted_.Add(OutgoingCall("call-1", "s_1"), kStart - minutes(20));
  // Known by its reference only.
  scripted_.Add(ListedConference("conference-1", "test/s_1"));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1", "hang up call-1"));
  EXPECT_THAT(AskedAfter(2 * kInterval), Contains("hang up conference-1"));
}

TEST_F(SweepTest, HangsUpTheCallsOfASessionThatTheWorkerLeavesAlone) {
  Put(Talking("s_1", "call-1"));
  scripted_.Add(OutgoingCall("call-1", "s_1"), kStart - minutes(20));
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  flow_ = [](const internal::v1::Input&, internal::v1::Transition& transition) {
    transition.mutable_session()->set_sequence(5);
    Tell(transition);
  };
  Append("s_1", "not stepped by anybody");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1", "hang up call-1"));
}

TEST_F(SweepTest, FindsTheSessionOfACallThatNamesNoneByTheCall) {
  Put(Talking("s_1", "call-1"));
  scripted_.Add(OutgoingCall("call-1", ""), kStart - minutes(20));
  scripted_.Add(OutgoingCall("call-2", ""), kStart - minutes(20));
  const std::vector<std::string> asked = AskedAfter(kInterval);
  EXPECT_THAT(asked, ElementsAre("list default", "look call-2", "hang up call-2"));
}

TEST_F(SweepTest, NeverTouchesForeignCallsAndUnansweredIncomingOnes) {
  scripted_.Add(OutgoingCall("foreign", "s_nobody", "other"), kStart - minutes(20));
  CallFacts nameless = OutgoingCall("nameless", "");
  nameless.clear_custom_data();
  scripted_.Add(nameless, kStart - minutes(20));
  CallFacts unanswered = OutgoingCall("unanswered", "s_nobody");
  unanswered.set_direction(CallFacts::DIRECTION_INBOUND);
  unanswered.set_state(CallFacts::STATE_RINGING);
  scripted_.Add(unanswered, kStart - minutes(20));
  EXPECT_THAT(AskedAfter(4 * kInterval), testing::Each("list default"));
  EXPECT_EQ(sweep_->counts().orphans, 0);
}

TEST_F(SweepTest, BelievesTheLookRatherThanTheList) {
  // The list is old: one call is over, one is gone, and one turned out to be unanswered.
  for (const char* id : {"over", "gone", "unanswered", "alive"}) {
    CallFacts& listed = *scripted_.list.add_calls();
    listed = OutgoingCall(id, "s_nobody");
    *listed.mutable_start_time() = base::ToTimestamp(kStart - minutes(20));
    scripted_.calls[id] = listed;
  }
  scripted_.list.set_verdict(CommandResult::VERDICT_DONE);
  scripted_.calls["over"].set_state(CallFacts::STATE_ENDED);
  scripted_.calls.erase("gone");
  scripted_.calls["unanswered"].set_direction(CallFacts::DIRECTION_INBOUND);
  scripted_.calls["unanswered"].set_state(CallFacts::STATE_RINGING);
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look over", "look gone",
                                                 "look unanswered", "look alive", "hang up alive"));
}

TEST_F(SweepTest, HangsUpNothingWhoseLookFailed) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  scripted_.verdict = CommandResult::VERDICT_UNKNOWN;
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "look call-1"));
  scripted_.verdict = CommandResult::VERDICT_DONE;
  EXPECT_THAT(AskedAfter(kInterval), Contains("hang up call-1"));
  EXPECT_THAT(sweep_pace_.observed, Contains(CommandResult::VERDICT_UNKNOWN));
}

TEST_F(SweepTest, TriesAgainWhatTheProviderDidNotHangUp) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  scripted_.hangup_verdict = CommandResult::VERDICT_REFUSED;
  scripted_.immortal = true;
  const base::LogCapture log;
  RunFor(2 * kInterval);
  EXPECT_EQ(sweep_->counts().failed_hangups, 2);
  EXPECT_EQ(sweep_->counts().hung_up, 0);
  EXPECT_THAT(
      log.Lines(),
      Contains(HasSubstr(R"("level":"warning","event":"sweep_hangup_failed",)"
                         R"("reason":"VERDICT_REFUSED","detail":"call call-1 of account default)"))
          .Times(2));
  EXPECT_THAT(log.Lines(), Not(Contains(HasSubstr("sweep_hung_up"))));
}

TEST_F(SweepTest, TellsManyHangupsThatFailAtOnceInOneLineASecond) {
  for (int i = 0; i < 10; ++i) {
    scripted_.Add(OutgoingCall(absl::StrCat("call-", i), "s_nobody"), kStart - minutes(20));
  }
  scripted_.hangup_verdict = CommandResult::VERDICT_REFUSED;
  scripted_.immortal = true;
  const base::LogCapture log;
  RunFor(kInterval);
  Advance(seconds(1));
  ASSERT_TRUE(Settle());
  std::vector<std::string> told;
  for (const std::string& line : log.Lines()) {
    if (line.find("sweep_hangup_failed") != std::string::npos) told.push_back(line);
  }
  ASSERT_THAT(told, ElementsAre(HasSubstr(R"("count":1)"), testing::_));
  // A second later, without a detail.
  EXPECT_THAT(told[1], HasSubstr(R"("reason":"VERDICT_REFUSED","count":9)"));
}

TEST_F(SweepTest, CountsWhatOperatorsSeeInTheStatus) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  const auto counted = [](std::string_view name) -> std::int64_t {
    for (const base::CounterValue& value : base::CountersNow()) {
      if (value.name == name) return value.value;
    }
    return -1;
  };
  const std::int64_t before = counted("sweep_hangups");
  RunFor(kInterval);
  EXPECT_EQ(counted("sweep_hangups"), before + 1);
}

TEST_F(SweepTest, ADryRunOnlyTells) {
  Sweeping({.dry_run = true});
  base::LogCapture log;
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  scripted_.Add(ListedConference("conference-1", "test/s_nobody"));
  EXPECT_THAT(AskedAfter(4 * kInterval), testing::Each("list default"));
  EXPECT_EQ(sweep_->counts().orphans, 4 + 2);
  EXPECT_EQ(sweep_->counts().hung_up, 0);
  std::vector<std::string> told;
  for (const std::string& line : log.Lines()) {
    if (line.find("sweep_orphan") != std::string::npos) told.push_back(line);
  }
  ASSERT_THAT(told, SizeIs(2)) << "once for each";
  EXPECT_THAT(told[0], HasSubstr(R"("call":"call-1")"));
  EXPECT_THAT(told[0], HasSubstr(R"("dry_run":true)"));
  EXPECT_THAT(told[1], HasSubstr(R"("conference":"conference-1")"));
}

TEST_F(SweepTest, TellsASessionWhoseCallIsNotListed) {
  Put(Talking("s_1", "call-1"));
  Put(Talking("s_2", "call-2"));
  scripted_.Add(OutgoingCall("call-2", "s_2"), kStart);
  RunFor(kInterval);
  EXPECT_THAT(Stepped("s_1"), ElementsAre("start_bridge", "call_missing call-1"));
  EXPECT_THAT(Stepped("s_2"), ElementsAre("start_bridge"));
  EXPECT_EQ(sweep_->counts().missing, 1);
}

TEST_F(SweepTest, TellsNothingOfLegsThatAreOverYoungElsewhereOrNotKnown) {
  StoredSession session = Talking("s_over", "call-over");
  session.mutable_legs(0)->set_state(callbridge::v1::Leg::STATE_ENDED);
  Put(session);
  session = Talking("s_young", "call-young");
  *session.mutable_legs(0)->mutable_create_time() =
      base::ToTimestamp(kStart + kInterval - base::kSweepListLag + seconds(1));
  Put(session);
  session = Talking("s_elsewhere", "call-elsewhere");
  session.mutable_settings()->set_account("second");
  Put(session);
  Put(Talking("s_unknown", ""));
  session = Talking("s_ended", "call-ended");
  session.mutable_ended();
  Put(session);
  RunFor(kInterval);
  EXPECT_EQ(sweep_->counts().lists, 1);
  EXPECT_EQ(sweep_->counts().missing, 0);
}

TEST_F(SweepTest, TellsOfALegThatIsJustOldEnough) {
  StoredSession session = Talking("s_1", "call-1");
  *session.mutable_legs(0)->mutable_create_time() =
      base::ToTimestamp(kStart + kInterval - base::kSweepListLag);
  Put(session);
  RunFor(kInterval);
  EXPECT_THAT(Stepped("s_1"), ElementsAre("start_bridge", "call_missing call-1"));
}

TEST_F(SweepTest, AnIncompleteListSaysNothingOfWhatIsMissing) {
  Put(Talking("s_1", "call-1"));
  scripted_.Add(OutgoingCall("call-2", "s_nobody"), kStart - minutes(20));
  CallFacts& listed = *scripted_.list.add_calls();
  listed = scripted_.calls["call-2"];
  scripted_.list.set_verdict(CommandResult::VERDICT_DONE);
  scripted_.list.set_complete(false);
  EXPECT_THAT(AskedAfter(kInterval), Contains("hang up call-2")) << "what is listed is there";
  EXPECT_THAT(Stepped("s_1"), ElementsAre("start_bridge"));
  EXPECT_EQ(sweep_->counts().incomplete_lists, 1);
}

TEST_F(SweepTest, AListThatFailedSaysNothingAtAll) {
  Put(Talking("s_1", "call-1"));
  for (const auto verdict : {CommandResult::VERDICT_UNKNOWN, CommandResult::VERDICT_NOT_SENT,
                             CommandResult::VERDICT_THROTTLED, CommandResult::VERDICT_REFUSED}) {
    scripted_.list.set_verdict(verdict);
    // Means nothing here.
    scripted_.list.set_complete(true);
    EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  }
  EXPECT_THAT(Stepped("s_1"), ElementsAre("start_bridge"));
  EXPECT_EQ(sweep_->counts().incomplete_lists, 4);
  EXPECT_THAT(sweep_pace_.observed, Contains(CommandResult::VERDICT_THROTTLED));
}

TEST_F(SweepTest, AListThatNeverComesHoldsUpNoLaterSweep) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  scripted_.silent = true;
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default"));
  scripted_.silent = false;
  EXPECT_THAT(AskedAfter(kInterval), Contains("hang up call-1"));
  // It comes after all, and is out of date.
  CommandResult late;
  late.set_verdict(CommandResult::VERDICT_DONE);
  *late.add_calls() = OutgoingCall("call-2", "s_nobody");
  scripted_.late.front()(late);
  EXPECT_THAT(AskedAfter(seconds(10)), IsEmpty());
  EXPECT_EQ(sweep_->counts().lists, 1);
}

TEST_F(SweepTest, WaitsForItsTurnAndTakesTokensLikeEverybody) {
  sweep_pace_.closed_until = kStart + kInterval + seconds(3);
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  EXPECT_THAT(AskedAfter(kInterval + seconds(2)), IsEmpty());
  EXPECT_THAT(AskedAfter(seconds(2)), ElementsAre("list default", "look call-1", "hang up call-1"));
  EXPECT_EQ(sweep_pace_.taken.back(), Command::kHangUpCall);
}

TEST_F(SweepTest, GoesOnWhereAFailureOfTheStoreStoppedIt) {
  Put(Talking("s_1", "call-1"));
  RunFor(kInterval - seconds(1));
  Advance(seconds(1));
  engine_.Plan({.after_writes = 0, .written = false});
  ASSERT_FALSE(Settle());
  engine_.PowerOn();
  RunFor(seconds(1));
  EXPECT_THAT(Stepped("s_1"), ElementsAre("start_bridge", "call_missing call-1"));
  EXPECT_THAT(scripted_.Asked(), ElementsAre("list default")) << "the same list";
}

TEST_F(SweepTest, GoesThroughManyCallsAndSessionsPieceByPiece) {
  const int many = 2 * base::kSweepChunk + 1;
  for (int i = 0; i < many; ++i) {
    Put(Talking(absl::StrCat("s_", 1000 + i), absl::StrCat("call-", i)));
    scripted_.Add(OutgoingCall(absl::StrCat("orphan-", i), "s_nobody"), kStart - minutes(20));
  }
  RunFor(kInterval);
  EXPECT_EQ(sweep_->counts().missing, many);
  EXPECT_EQ(sweep_->counts().orphans, many);
  EXPECT_EQ(sweep_->counts().hung_up, base::kSweepHangUpsMax) << "the rest comes next time";
  RunFor(kInterval);
  EXPECT_EQ(sweep_->counts().hung_up, many);
}

TEST_F(SweepTest, AsksEveryAccount) {
  Sweeping({.accounts = {"default", "second"}});
  EXPECT_THAT(AskedAfter(kInterval), ElementsAre("list default", "list second"));
}

TEST_F(SweepTest, RestsWhenTheWorkerWasToldToStop) {
  scripted_.Add(OutgoingCall("call-1", "s_nobody"), kStart - minutes(20));
  worker_->StopTaking();
  EXPECT_THAT(AskedAfter(2 * kInterval), IsEmpty());
}

}  // namespace
}  // namespace callbridge::worker
