// Random walks through the flow, each step of which is compared with the Step before. An everyday
// run plays some; CALLBRIDGE_WALKS says how many more.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/before/comparison.h"
#include "tests/fuzz/flow_game.h"
#include "tests/fuzz/random_walk.h"

namespace callbridge::flow_before {
namespace {

constexpr std::uint32_t kEverydayWalks = 200;

std::uint32_t Walks() {
  const char* asked = std::getenv("CALLBRIDGE_WALKS");
  return asked == nullptr ? kEverydayWalks : static_cast<std::uint32_t>(std::stoul(asked));
}

TEST(StepBefore, SaysTheSameOnEveryWalk) {
  for (std::uint32_t seed = 1; seed <= Walks(); ++seed) {
    const std::vector<std::uint8_t> bytes = fuzz::RandomWalk(seed);
    StepBefore before;
    std::string difference;
    fuzz::PlayFlow(bytes.data(), bytes.size(),
                   [&](base::Time, const internal::v1::Input& input,
                       const internal::v1::Transition& transition) {
                     if (difference.empty()) difference = before.Compare(input, transition);
                   });
    ASSERT_EQ(difference, "") << "walk " << seed;
  }
}

// The comparison can fail.
TEST(StepBefore, IsHeardWhenItDiffers) {
  StepBefore before;
  internal::v1::Input input;
  input.mutable_condemned()->set_reference("r");
  internal::v1::Transition transition;
  transition.mutable_session()->set_session_id("s_1");
  transition.mutable_session()->set_inputs(7);
  EXPECT_NE(before.Compare(input, transition), "");
}

}  // namespace
}  // namespace callbridge::flow_before
