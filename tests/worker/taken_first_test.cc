// What has left is stepped before all that waits already, or a session stands still for ever.
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Transition;
using ::testing::ElementsAre;

// As the flow does, each step decides by its session alone: the same session and input lead to the same cancellation again.
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

}  // namespace
}  // namespace callbridge::worker
