// How often the worker looks after what is in flight, and when it sleeps.
#include "server/worker/worker.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::seconds;

class WatchTest : public WorkerTest {
 protected:
  WatchTest() {
    flow_ = [](const Input& input, Transition& transition) {
      transition.mutable_session()->mutable_greeting();
      if (input.has_start_bridge()) Issue(transition, 1, 1, "caller", Answering);
    };
  }

  std::size_t InFlight() { return store_->InFlightSince(base::Time::max())->size(); }
};

TEST_F(WatchTest, GivesUpOnceAMinuteAlsoWhatNobodyShouldHaveSent) {
  pace_.closed_until[Command::kAnswerCall] = kStart + std::chrono::hours(1);
  Begin();
  ASSERT_TRUE(Settle());
  ASSERT_EQ(store_->TakeCommands({{.session_id = "s_1", .number = 1, .attempt = 1}}, kStart, kStart)
                ->size(),
            1U);
  Advance(seconds(30));
  Append("s_1", "news");
  ASSERT_TRUE(Settle());
  EXPECT_EQ(InFlight(), 1U) << "a worker that is alone does not ask for the commands of others";
  RunFor(base::kMaintainInterval);
  EXPECT_EQ(InFlight(), 0U);
}

TEST_F(WatchTest, AsksForOverdueCommandsNoMoreOftenThanItWasTold) {
  options_.in_flight_max = seconds(10);
  options_.in_flight_watch = seconds(4);
  Restart(true);
  Begin();
  RunFor(seconds(7));
  // Overdue since the last second; the next look is at the eighth.
  EXPECT_EQ(InFlight(), 1U);
  RunFor(seconds(1));
  EXPECT_EQ(InFlight(), 0U);
}

TEST_F(WatchTest, SleepsWhenNothingIsInFlight) {
  Begin();
  ASSERT_TRUE(Settle());
  EXPECT_EQ(*worker_->RunOnce(), kStart + options_.in_flight_watch);
  provider_.Answer(1, internal::v1::CommandResult::VERDICT_DONE);
  ASSERT_TRUE(Settle());
  EXPECT_EQ(*worker_->RunOnce(), kStart + base::kMaintainInterval);
}

}  // namespace
}  // namespace callbridge::worker
