// Many talks at once are looked at seldomer, so that their looks leave room for what is overdue.
#include <optional>

#include "server/base/limits.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Input;
using internal::v1::Transition;
using std::chrono::seconds;

// So few sessions that each can be looked at in the usual period.
constexpr int kFew = base::kRoutineLooksPerSecond * base::kRoutineLookPeriodMin.count();

class LoadTest : public WorkerTest {
 protected:
  LoadTest() {
    flow_ = [this](const Input& input, Transition& transition) {
      transition.mutable_session()->mutable_connected();
      period_.reset();
      if (input.has_routine_look_period()) {
        period_ = base::FromProtoDuration(input.routine_look_period());
      }
    };
  }

  // So many more sessions live, and have been counted.
  void BeginMany(int count) {
    std::vector<store::NewInput> inputs;
    for (int i = 0; i < count; ++i) {
      store::NewInput& input = inputs.emplace_back();
      input.session_id = "s_" + std::to_string(++sessions_);
      input.creates_session_id = input.session_id;
      input.input.mutable_start_bridge();
    }
    ASSERT_TRUE(store_->AppendInputs(inputs, clock_.Now()).ok());
    ASSERT_TRUE(Settle());
    Advance(base::kLoadInterval);
    ASSERT_TRUE(Settle());
  }

  // What the next step of a session is told.
  std::optional<base::Duration> PeriodOfNextStep() {
    Append("s_1", "CALL_RINGING");
    EXPECT_TRUE(Settle());
    return period_;
  }

  int sessions_ = 0;
  std::optional<base::Duration> period_;
};

TEST_F(LoadTest, MakesThePeriodOfRoutineLooksLongerOnceThereAreTooManySessionsForTheUsualOne) {
  BeginMany(kFew);
  EXPECT_EQ(PeriodOfNextStep(), std::nullopt);
  BeginMany(base::kRoutineLooksPerSecond);
  EXPECT_EQ(PeriodOfNextStep(), base::kRoutineLookPeriodMin + seconds(1));
}

}  // namespace
}  // namespace callbridge::worker
