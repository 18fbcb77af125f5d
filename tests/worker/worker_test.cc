// Rounds of the worker: what is stepped when, what leaves when, and what becomes of results.
#include "server/worker/worker.h"

#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(WorkerTest, StepsAllWaitingInputsOfASessionInOneCommit) {
  flow_ = [](const Input&, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    Tell(transition);
  };
  Begin();
  Append("s_1", "one");
  Append("s_1", "two");
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event one", "provider_event two"));
  EXPECT_EQ(Session().sequence(), 3);
  EXPECT_EQ(Session().session_id(), "s_1");
  Append("s_1", "three");
  EXPECT_EQ(store_->NextSessions(clock_.Now(), 1, false)->front().revision, 1);
}

// The caller is in the conference, and the answer to the request that put them there hangs: what is
// to be said to them does not wait.
TEST_F(WorkerTest, SendsWhatWaitsBehindACommandThatTheSessionNoLongerWaitsFor) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) {
      Issue(transition, 1, 1, "caller", Answering);
      Issue(transition, 2, 1, "caller", Playing);
    }
    if (input.provider_event().type_name() == "joined") transition.add_released_commands(1);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  Append("s_1", "something else");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  Append("s_1", "joined");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1, 2));
  // Its answer is settled when it comes.
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), testing::Contains("command_result 1 DONE"));
}

TEST_F(WorkerTest, KeepsTheReplyToARequest) {
  flow_ = [](const Input&, Transition& transition) {
    transition.mutable_reply()->set_error(callbridge::v1::ERROR_REASON_OFFER_GONE);
    transition.set_ignored_reason("gone");
  };
  Begin();
  const std::int64_t id = store_->NextSessions(kStart, 1, false)->front().inputs.front().input_id;
  ASSERT_TRUE(Settle());
  EXPECT_EQ((*store_->ReadReply(id))->error(), callbridge::v1::ERROR_REASON_OFFER_GONE);
  EXPECT_EQ(store_->ReadInputs("s_1")->front().ignored_reason, "gone");
}

TEST_F(WorkerTest, MakesATimerDueWhenItsTimeHasComeAndTheInboxIsEmpty) {
  flow_ = [this](const Input& input, Transition& transition) {
    if (!input.has_timer_due()) {
      *transition.mutable_wake_time() = base::ToTimestamp(kStart + std::chrono::seconds(10));
    }
    EXPECT_EQ(base::FromTimestamp(input.step_time()), clock_.Now());
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_EQ(*worker_->RunOnce(), kStart + std::chrono::seconds(10));
  Advance(std::chrono::seconds(10));
  Append("s_1", "last moment");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event last moment", "timer_due"));
}

TEST_F(WorkerTest, LetsOverdueTimersWaitForThreeSecondsAfterAStart) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) {
      *transition.mutable_wake_time() = base::ToTimestamp(kStart + std::chrono::seconds(1));
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  Advance(std::chrono::hours(1));
  Restart(true);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
  EXPECT_EQ(*worker_->RunOnce(), clock_.Now() + std::chrono::seconds(3));
  Advance(std::chrono::seconds(2));
  Append("s_1", "queued");
  ASSERT_TRUE(Settle());
  Advance(std::chrono::seconds(1));
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event queued"))
      << "the input has set the wake time back";
}

TEST_F(WorkerTest, FiresATimerOfTheTimeBeforeOnceTheThreeSecondsAreOver) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) {
      *transition.mutable_wake_time() = base::ToTimestamp(kStart + std::chrono::seconds(1));
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  Advance(std::chrono::hours(1));
  Restart(true);
  ASSERT_TRUE(Settle());
  Advance(std::chrono::seconds(3));
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "timer_due"));
}

TEST_F(WorkerTest, StepsAgainWhenSomebodyElseCommittedInBetween) {
  int steps = 0;
  flow_ = [&](const Input& input, Transition& transition) {
    EXPECT_FALSE(input.has_condemned()) << "nobody has done anything wrong";
    if (++steps == 1) {
      // Another worker was faster, with a step that consumed nothing.
      store::SessionCommit other;
      other.session_id = "s_1";
      other.session.mutable_labels()->Add()->set_key("other");
      ASSERT_TRUE(store_->Commit({other}, clock_.Now())->front().ok());
    }
    transition.mutable_session()->mutable_greeting();
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_EQ(Session().labels_size(), 1) << "stepped on what the other one left";
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_THAT(Stepped().front(), "start_bridge");
}

TEST_F(WorkerTest, SendsACommandOnlyWhenItIsInFlightOnTheDisk) {
  provider_.on_send = [this](const Command& command) {
    const auto in_flight = store_->InFlightSince(base::Time::max());
    ASSERT_EQ(in_flight->size(), 1U);
    EXPECT_EQ(in_flight->front().number, command.number());
  };
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
  };
  Begin();
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_EQ(provider_.all[0].send_by, kStart + base::kSendBy);
  EXPECT_EQ(worker_->in_flight(), 1);
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  EXPECT_EQ(worker_->in_flight(), 0);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 DONE"));
  EXPECT_THAT(pace_.observed, ElementsAre(CommandResult::VERDICT_DONE));
}

TEST_F(WorkerTest, NeverSendsACommandThatWasIssuedAndCancelledInOneCommit) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    if (input.has_provider_event()) transition.add_cancelled_commands(1);
  };
  Begin();
  Append("s_1", "gone");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), IsEmpty());
}

TEST_F(WorkerTest, CommitsInTwoWhenACancelledCommandIsIssuedAgain) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    if (!input.has_provider_event()) return;
    if (input.provider_event().type_name() == "cancel") transition.add_cancelled_commands(1);
    if (input.provider_event().type_name() == "again") {
      Issue(transition, 1, 2, "caller", Answering);
    }
  };
  Begin();
  Append("s_1", "cancel");
  Append("s_1", "again");
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_EQ(provider_.all[0].command.attempt(), 2);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "provider_event cancel",
                                     "provider_event again", "command_taken 1"));
}

TEST_F(WorkerTest, APacedDialHoldsUpNeitherMusicNorHangup) {
  const base::Time open = kStart + std::chrono::seconds(5);
  pace_.closed_until[Command::kDialLeg] = open;
  flow_ = [](const Input& input, Transition& transition) {
    if (!input.has_start_bridge()) return;
    Issue(transition, 1, 1, "callee-1", Dialing);
    Issue(transition, 2, 1, "caller", Playing);
    Issue(transition, 3, 1, "callee-1", HangingUp);
    Issue(transition, 4, 1, "caller", Stopping);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(3, 4, 2));
  for (const int number : {2, 3, 4}) provider_.Answer(number, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_EQ(*worker_->RunOnce(), open);
  Advance(std::chrono::seconds(5));
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(3, 4, 2, 1));
}

TEST_F(WorkerTest, SendsCommandsOfOneLegOneAtATimeInTheirOrder) {
  flow_ = [](const Input& input, Transition& transition) {
    if (!input.has_start_bridge()) return;
    Issue(transition, 1, 1, "caller", Answering);
    Issue(transition, 2, 1, "", Creating);
    Issue(transition, 3, 1, "caller", Playing);
    Issue(transition, 4, 1, "caller", Stopping);
  };
  Begin();
  Begin("s_2");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(4, 4, 1, 1, 2, 2));
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(4, 4, 1, 1, 2, 2, 3));
  EXPECT_EQ(provider_.all.back().command.session_id(), "s_1");
}

TEST_F(WorkerTest, ADialThatWaitsForItsRateKeepsItsPlaceBeforeLaterCommandsOfItsLeg) {
  pace_.closed_until[Command::kDialLeg] = kStart + std::chrono::seconds(5);
  flow_ = [](const Input& input, Transition& transition) {
    if (!input.has_start_bridge()) return;
    Issue(transition, 1, 1, "caller", Dialing);
    Issue(transition, 2, 1, "caller", Playing);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), IsEmpty());
}

TEST_F(WorkerTest, SendsABackedOffCommandAtItsTime) {
  const base::Time later = kStart + std::chrono::seconds(2);
  flow_ = [later](const Input& input, Transition& transition) {
    if (!input.has_start_bridge()) return;
    *Issue(transition, 1, 1, "caller", HangingUp).mutable_not_before_time() =
        base::ToTimestamp(later);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_EQ(*worker_->RunOnce(), later);
  EXPECT_THAT(provider_.sent(), IsEmpty());
  Advance(std::chrono::seconds(2));
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
}

TEST_F(WorkerTest, TellsTheFlowWhenASendingCameTooLate) {
  provider_.delay = base::kSendBy + std::chrono::milliseconds(1);
  flow_ = [this](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    if (input.command_result().verdict() == CommandResult::VERDICT_NOT_SENT) {
      provider_.delay = {};
      Issue(transition, 1, 2, "caller", Answering);
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 NOT_SENT",
                                     "command_taken 1"));
  EXPECT_EQ(provider_.all.back().command.attempt(), 2);
  EXPECT_EQ(provider_.all.back().send_by, clock_.Now() + base::kSendBy);
}

TEST_F(WorkerTest, KeepsAResultUntilTheStoreTakesIt) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
  };
  Begin();
  ASSERT_TRUE(Settle());
  engine_.PowerOff();
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  EXPECT_EQ(worker_->in_flight(), 1);
  EXPECT_FALSE(worker_->RunOnce().ok());
  // Not even the watch may turn what is known into what is not.
  Advance(std::chrono::minutes(2));
  EXPECT_FALSE(worker_->RunOnce().ok());
  engine_.PowerOn();
  ASSERT_TRUE(Settle());
  EXPECT_EQ(worker_->in_flight(), 0);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 DONE"));
}

TEST_F(WorkerTest, AResultThatWasStoredWithoutAWordOfItIsStoredOnce) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
  };
  Begin();
  ASSERT_TRUE(Settle());
  engine_.Plan({.after_writes = 0, .written = true});
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  engine_.PowerOn();
  ASSERT_TRUE(Settle());
  EXPECT_EQ(worker_->in_flight(), 0);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 DONE"));
}

TEST_F(WorkerTest, GivesUpACommandWhoseCallbackNeverComes) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
  };
  Begin();
  ASSERT_TRUE(Settle());
  RunFor(base::kProviderRequestTimeout + std::chrono::seconds(2));
  EXPECT_EQ(worker_->in_flight(), 1) << "its answer may be on its way";
  RunFor(base::kInFlightGrace - std::chrono::seconds(2));
  EXPECT_EQ(worker_->in_flight(), 0);
  // Its answer comes after all.
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(),
              ElementsAre("start_bridge", "command_taken 1", "command_result 1 UNKNOWN"));
}

TEST_F(WorkerTest, LetsNoCommandLeaveAfterItWasToldToStop) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    if (input.has_command_result()) Issue(transition, 2, 1, "caller", HangingUp);
  };
  Begin();
  ASSERT_TRUE(Settle());
  worker_->StopTaking();
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_EQ(worker_->in_flight(), 0);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 DONE"));
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_EQ(store_->PendingCommands(clock_.Now(), 10)->size(), 1U);
}

TEST_F(WorkerTest, DropsTheResultOfAnAttemptThatIsNotInFlightAnyMore) {
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    if (input.command_result().verdict() == CommandResult::VERDICT_UNKNOWN) {
      Issue(transition, 1, 2, "caller", Answering);
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  Restart();
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.open(), ElementsAre(1, 1));
  // The oldest one: attempt 1, sent by a worker that is gone.
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  provider_.Answer(1, CommandResult::VERDICT_REFUSED);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "command_result 1 UNKNOWN",
                                     "command_taken 1", "command_result 1 REFUSED"));
}

TEST_F(WorkerTest, DeletesExpiredSessionsAFewAtATimeUntilNoneIsLeft) {
  constexpr int kSessions = 10 * base::kExpireBatchMax;
  for (int number = 0; number < kSessions; ++number) Begin("s_" + std::to_string(number));
  ASSERT_TRUE(Settle());
  Advance(base::kEmptySessionAge);
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_TRUE(store_->ReadInputs("s_" + std::to_string(base::kExpireBatchMax)).ok())
      << "one round keeps the calls waiting for a few of them only";
  RunFor(std::chrono::seconds(2));
  for (int number = 0; number < kSessions; ++number) {
    EXPECT_FALSE(store_->ReadInputs("s_" + std::to_string(number)).ok());
  }
}

TEST_F(WorkerTest, KeepsHouseOnceAMinute) {
  ASSERT_TRUE(Settle());
  store::NewInput foreign;
  foreign.call_id = "unknown";
  foreign.input.mutable_provider_event();
  ASSERT_TRUE(store_->AppendInputs({foreign}, clock_.Now()).ok());
  Advance(base::kParkedAge + std::chrono::seconds(1));
  EXPECT_EQ(store_->Count()->parked, 1);
  ASSERT_TRUE(Settle());
  EXPECT_EQ(store_->Count()->parked, 0);
  EXPECT_EQ(*worker_->RunOnce(), clock_.Now() + base::kMaintainInterval);
}

}  // namespace
}  // namespace callbridge::worker
