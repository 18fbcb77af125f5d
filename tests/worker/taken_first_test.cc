// What has left is stepped before all that waits already, or a session stands still for ever.
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Transition;
using ::testing::ElementsAre;

// As the flow does, each step decides by its session alone: the same session and input lead to the
// same cancellation again.
TEST_F(WorkerTest, ACommandThatWasTakenAfterTheInputThatWouldCancelItArrivedIsNotCancelled) {
  pace_.closed_until[Command::kDialLeg] = kStart + std::chrono::minutes(1);
  flow_ = [](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    if (input.has_start_bridge()) Issue(transition, 1, 1, "callee-1", Dialing);
    if (input.has_command_taken()) session.add_labels()->set_key("taken");
    if (input.has_provider_event() && session.labels().empty()) {
      transition.add_cancelled_commands(1);
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  Append("s_1", "gone");
  ASSERT_EQ(store_->TakeCommands({{.session_id = "s_1", .number = 1, .attempt = 1}}, kStart, kStart)
                ->size(),
            1U);
  ASSERT_TRUE(worker_->RunOnce().ok());
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_taken 1", "provider_event gone"));
}

TEST_F(WorkerTest, ASessionUnderAFloodOfInputsLearnsFirstWhatHasLeftAndGoesOn) {
  pace_.closed_until[Command::kDialLeg] = kStart + std::chrono::minutes(1);
  flow_ = [](const Input& input, Transition& transition) {
    internal::v1::Session& session = *transition.mutable_session();
    session.mutable_greeting();
    if (input.has_start_bridge()) Issue(transition, 1, 1, "callee-1", Dialing);
    if (input.has_command_taken()) session.add_labels()->set_key("taken");
    if (input.has_provider_event() && session.labels().empty()) {
      transition.add_cancelled_commands(1);
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  for (int number = 0; number <= base::kInputsPerLoadMax; ++number) Append("s_1", "flood");
  ASSERT_EQ(store_->TakeCommands({{.session_id = "s_1", .number = 1, .attempt = 1}}, kStart, kStart)
                ->size(),
            1U);
  ASSERT_TRUE(Settle()) << "what would cancel the dial is stepped again and again";
  EXPECT_EQ(store_->Count()->waiting_inputs, 0);
  ASSERT_EQ(Stepped().size(), 3U + base::kInputsPerLoadMax);
  EXPECT_EQ(Stepped()[1], "command_taken 1");
}

TEST_F(WorkerTest, WhatIsCancelledBetweenTheChoiceAndTheTakingDoesNotLeave) {
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (!input.has_start_bridge()) return;
    Issue(transition, 1, 1, "callee-1", Dialing);
    if (transition.session().session_id() == "s_1") Issue(transition, 2, 1, "caller", Playing);
  };
  // They wait in the ledger.
  pace_.closed_until[Command::kDialLeg] = kStart + std::chrono::minutes(1);
  pace_.closed_until[Command::kPlayMusic] = kStart + std::chrono::minutes(1);
  pace_.closed_until[Command::kPlayPrompt] = kStart + std::chrono::minutes(1);
  Begin("s_1");
  Begin("s_2");
  ASSERT_TRUE(Settle());
  pace_.closed_until.clear();
  pace_.on_take = [this](const Command& command) {
    if (command.session_id() != "s_1" || !command.has_dial_leg()) return;
    // Another worker has stepped the end of the session.
    store::SessionCommit other;
    other.session_id = "s_1";
    other.expected_revision = 1;
    other.session = Session("s_1");
    other.cancelled_commands = {1};
    ASSERT_TRUE(store_->Commit({other}, clock_.Now())->front().ok());
  };
  ASSERT_TRUE(Settle());
  EXPECT_THAT(pace_.given_back, ElementsAre(1));
  std::vector<std::string> sent;
  for (const ProviderTwin::Sent& one : provider_.all) {
    sent.push_back(one.command.session_id() + " " + std::to_string(one.command.number()));
  }
  EXPECT_THAT(sent, testing::UnorderedElementsAre("s_1 2", "s_2 1"));
  EXPECT_EQ(worker_->in_flight(), 2);
}

}  // namespace
}  // namespace callbridge::worker
