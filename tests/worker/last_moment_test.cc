// What may leave until a certain time: afterwards it does not, and its session is told.
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr base::Time kLast = kStart + seconds(5);

void Until(Command& command, base::Time last) {
  *command.mutable_not_after_time() = base::ToTimestamp(last);
}

TEST_F(WorkerTest, WhatWaitsForItsRateForTooLongExpires) {
  pace_.closed_until[Command::kDialLeg] = kStart + std::chrono::hours(1);
  rounds_apart_ = base::kRoundsApartMax;
  Restart(true);
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (input.has_start_bridge()) Until(Issue(transition, 1, 1, "callee-1", Dialing), kLast);
  };
  Begin();
  RunFor(seconds(5));
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge"));
  RunFor(base::kRoundsApartMax);
  EXPECT_THAT(Stepped(), ElementsAre("start_bridge", "command_result 1 EXPIRED"));
  EXPECT_THAT(provider_.sent(), IsEmpty());
}

TEST_F(WorkerTest, WhatWaitsBehindAnotherOfItsLegForTooLongExpiresWhenItsTurnComes) {
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (!input.has_start_bridge()) return;
    Issue(transition, 1, 1, "caller", Answering);
    Until(Issue(transition, 2, 1, "caller", Dialing), kLast);
    Issue(transition, 3, 1, "caller", Playing);
  };
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_THAT(provider_.sent(), ElementsAre(1));
  Advance(seconds(6));
  provider_.Answer(1, CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped(), ::testing::Contains("command_result 2 EXPIRED"));
  EXPECT_THAT(provider_.sent(), ElementsAre(1, 3)) << "it holds up nothing";
}

TEST_F(WorkerTest, NothingIsSentLaterThanItMayLeave) {
  flow_ = [](const Input& input, Transition& transition) {
    transition.mutable_session()->mutable_greeting();
    if (input.has_start_bridge()) {
      Until(Issue(transition, 1, 1, "callee-1", Dialing), kStart + std::chrono::milliseconds(500));
    }
  };
  Begin();
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_EQ(provider_.all[0].send_by, kStart + std::chrono::milliseconds(500));
}

// A process may stand still between taking a command and sending it. Others give such a command up.
TEST_F(WorkerTest, WhatWaitedForItsRateLeavesWithinItsTimeOfBeingTakenOrNotAtAll) {
  const base::Time open = kStart + seconds(5);
  pace_.closed_until[Command::kDialLeg] = open;
  flow_ = [](const Input& input, Transition& transition) {
    if (input.has_start_bridge()) Issue(transition, 1, 1, "callee-1", Dialing);
  };
  Begin();
  ASSERT_TRUE(Settle());
  Advance(seconds(5));
  ASSERT_TRUE(Settle());
  ASSERT_THAT(provider_.sent(), ElementsAre(1));
  EXPECT_EQ(provider_.all[0].send_by, open + base::kSendBy);
}

}  // namespace
}  // namespace callbridge::worker
