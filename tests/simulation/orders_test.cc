// Webhooks in every order, bounded: of each scenario, every few webhooks in a row are kept back
// until all of them have left, and delivered in each order. Some of them exist only because an
// earlier one was answered; they are not waited for for ever.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Keeps back the webhooks of a window and lets them go in the given order.
class Shuffler {
 public:
  Shuffler(std::int64_t first, std::vector<std::size_t> order)
      : first_(first), order_(std::move(order)), kept_(order_.size()) {}

  void Watch(World& world) { world_ = &world; }

  bool Passes(const simulator::Delivery& delivery) {
    const std::int64_t place = delivery.number - first_;
    if (released_ || place < 0 || place >= static_cast<std::int64_t>(kept_.size())) return true;
    kept_[static_cast<std::size_t>(place)] = delivery.body;
    const bool all = std::none_of(kept_.begin(), kept_.end(),
                                  [](const std::string& body) { return body.empty(); });
    constexpr milliseconds kPatience{700};
    world_->After(all ? milliseconds(0) : kPatience, [this] { Release(); });
    return false;
  }

 private:
  void Release() {
    if (std::exchange(released_, true)) return;
    for (const std::size_t place : order_) {
      if (!kept_[place].empty()) world_->ingresses().front()->Receive(kept_[place]);
    }
  }

  const std::int64_t first_;
  const std::vector<std::size_t> order_;
  std::vector<std::string> kept_;
  World* world_ = nullptr;
  bool released_ = false;
};

struct OrderCase {
  std::string name;
  BridgePlan bridge;
  std::size_t window = 3;
  // Whatever the order.
  std::optional<v1::Outcome::Result> result;
};

void PlayInOrder(const OrderCase& scenario, std::int64_t first,
                 const std::vector<std::size_t>& order) {
  Shuffler shuffler(first, order);
  World world(OneBridge(scenario.bridge),
              {.keep_lines = true, .passes = [&shuffler](const simulator::Delivery& delivery) {
                 return shuffler.Passes(delivery);
               }});
  shuffler.Watch(world);
  std::string name = absl::StrCat("webhooks from ", first, " in the order");
  for (const std::size_t place : order) absl::StrAppend(&name, " ", place);
  SCOPED_TRACE(name);
  if (scenario.result) {
    ExpectEnd(world, *scenario.result);
  } else {
    ExpectSomeEnd(world);
  }
}

class Orders : public testing::TestWithParam<OrderCase> {};

TEST_P(Orders, EndAlike) {
  World whole(OneBridge(GetParam().bridge), {.keep_lines = true, .passes = {}});
  ExpectSomeEnd(whole);
  const std::int64_t webhooks = whole.model().world().outbox.counts().events;
  ASSERT_GT(webhooks, 3);
  for (std::int64_t first = 1; first < webhooks; ++first) {
    std::vector<std::size_t> order(GetParam().window);
    std::iota(order.begin(), order.end(), std::size_t{0});
    while (std::next_permutation(order.begin(), order.end())) {
      PlayInOrder(GetParam(), first, order);
      if (HasFailure()) return;
    }
  }
}

std::string NameOfOrderCase(const testing::TestParamInfo<OrderCase>& scenario) {
  return scenario.param.name;
}

using Kind = BridgePlan::Kind;
using Result = v1::Outcome;

INSTANTIATE_TEST_SUITE_P(
    OfEachScenario, Orders,
    testing::Values(
        OrderCase{"Connected", {.callee = "answers:3,hangs-up:8"}, 4, Result::RESULT_COMPLETED},
        OrderCase{"Unanswered", {.callee = "never-answers"}, 4, Result::RESULT_CALLEE_UNREACHED},
        OrderCase{"Busy", {.callee = "busy"}, 3, Result::RESULT_CALLEE_UNREACHED},
        OrderCase{"Rejected", {.callee = "rejects"}, 3, Result::RESULT_CALLEE_UNREACHED},
        OrderCase{"CallerLeaves", {.caller_leaves = seconds(6)}, 3, std::nullopt},
        OrderCase{"AnswersAtTheTimeout", {.callee = "answers-at-timeout"}, 3, std::nullopt},
        OrderCase{"TwoDialled",
                  {.kind = Kind::kRequested, .callee = "answers:2,hangs-up:6"},
                  3,
                  Result::RESULT_COMPLETED},
        OrderCase{"CallerBusy",
                  {.kind = Kind::kRequested, .caller = "busy"},
                  3,
                  Result::RESULT_CALLER_UNREACHED},
        OrderCase{"OfferTaken",
                  {.kind = Kind::kOffered, .callee = "answers:1,hangs-up:4"},
                  3,
                  Result::RESULT_COMPLETED}),
    NameOfOrderCase);

}  // namespace
}  // namespace callbridge::simulation
