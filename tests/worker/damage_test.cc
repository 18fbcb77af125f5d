// Sessions that have something to do, and stand on pages of the store that are damaged.
#include <absl/strings/str_cat.h>

#include <string>

#include "server/base/log.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DamageTest : public WorkerTest {
 protected:
  DamageTest() {
    flow_ = [](const internal::v1::Input&, internal::v1::Transition& transition) {
      Tell(transition);
    };
  }
};

TEST_F(DamageTest, HoldsUpNoOtherSession) {
  engine_.damaged = {"s_damaged"};
  const base::LogCapture log;
  Begin("s_damaged");
  Begin("s_whole");
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped("s_whole"), ElementsAre("start_bridge"));
  EXPECT_THAT(log.Lines(), Contains(HasSubstr(R"("event":"sessions_damaged")")));
  // Whoever restores the page finds that nothing of it was lost.
  engine_.damaged.clear();
  Advance(seconds(1));
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped("s_damaged"), ElementsAre("start_bridge"));
}

TEST_F(DamageTest, IsToldOnceAMinute) {
  engine_.damaged = {"s_damaged"};
  const base::LogCapture log;
  Begin("s_damaged");
  rounds_apart_ = seconds(1);
  RunFor(minutes(3));
  int told = 0;
  for (const std::string& line : log.Lines()) {
    if (line.find("sessions_damaged") != std::string::npos) ++told;
  }
  EXPECT_GE(told, 3);
  EXPECT_LE(told, 4);
}

// More of them than one round steps: those behind them have their turn all the same.
TEST_F(DamageTest, TakesNoPlaceOfOthers) {
  const int damaged = 3 * base::kStepBatchMax;
  for (int number = 0; number < damaged; ++number) {
    const std::string name = absl::StrCat("s_damaged_", number);
    engine_.damaged.insert(name);
    Begin(name);
  }
  Begin("s_whole");
  ASSERT_TRUE(Settle());
  Advance(seconds(1));
  ASSERT_TRUE(Settle());
  EXPECT_THAT(Stepped("s_whole"), ElementsAre("start_bridge"));
}

// A wake time that has passed, and stays, does not keep the worker busy.
TEST_F(DamageTest, DoesNotMakeTheWorkerSpin) {
  flow_ = [](const internal::v1::Input& input, internal::v1::Transition& transition) {
    if (!input.has_start_bridge()) return;
    Tell(transition);
    const base::Time due = base::FromTimestamp(input.step_time()) + seconds(10);
    *transition.mutable_session()->add_timers()->mutable_due_time() = base::ToTimestamp(due);
    *transition.mutable_wake_time() = base::ToTimestamp(due);
  };
  Begin("s_1");
  ASSERT_TRUE(Settle());
  engine_.damaged = {"s_1"};
  Advance(seconds(11));
  ASSERT_TRUE(Settle());
  for (int round = 0; round < 3; ++round) {
    const auto next = worker_->RunOnce();
    ASSERT_TRUE(next.ok()) << next.status();
    EXPECT_GE(*next, clock_.Now() + seconds(1)) << round;
    Advance(seconds(1));
  }
}

}  // namespace
}  // namespace callbridge::worker
