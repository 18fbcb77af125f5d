#include "server/base/counters.h"

#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace callbridge::base {
namespace {

std::optional<CounterValue> Find(std::string_view name) {
  for (const CounterValue& value : CountersNow()) {
    if (value.name == name) return value;
  }
  return std::nullopt;
}

TEST(Counter, IsSummedOverItsInstancesAndOutlivesThem) {
  Counter one("test_summed", "Counted by a test.");
  one.Add();
  {
    Counter other("test_summed", "Counted by a test.");
    EXPECT_EQ(other.Add(3), 0);
    EXPECT_EQ(other.Add(), 3);
    EXPECT_EQ(other.value(), 4);
  }
  EXPECT_EQ(one.value(), 1);
  const auto found = Find("test_summed");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->value, 5);
  EXPECT_EQ(found->kind, CounterKind::kTotal);
  EXPECT_EQ(found->meaning, "Counted by a test.");
}

TEST(Gauge, TakesBackWhatItHeldWhenItEnds) {
  Gauge one("test_gauge", "Held by a test.");
  one.Set(7);
  one.Add(-2);
  {
    Gauge other("test_gauge", "Held by a test.");
    other.Set(10);
    other.Set(-3);
    EXPECT_EQ(Find("test_gauge")->value, 2);
  }
  EXPECT_EQ(one.value(), 5);
  EXPECT_EQ(Find("test_gauge")->value, 5);
  EXPECT_EQ(Find("test_gauge")->kind, CounterKind::kGauge);
}

TEST(Counter, LosesNothingBetweenThreads) {
  Counter counter("test_threads", "Counted by many threads.");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&counter] {
        for (int n = 0; n < 10'000; ++n) counter.Add();
      });
    }
  }
  EXPECT_EQ(counter.value(), 40'000);
  EXPECT_EQ(Find("test_threads")->value, 40'000);
}

TEST(CountersNow, IsSortedByName) {
  const Counter second("test_order_b", "A test's.");
  const Counter first("test_order_a", "A test's.");
  std::string_view last;
  for (const CounterValue& value : CountersNow()) {
    EXPECT_LT(last, value.name);
    last = value.name;
  }
}

TEST(CounterDeathTest, RefusesTwoMeaningsOfOneName) {
  const Counter counter("test_two_meanings", "One.");
  EXPECT_DEATH(Counter("test_two_meanings", "Another."), "two meanings");
  EXPECT_DEATH(Gauge("test_two_meanings", "One."), "two meanings");
}

}  // namespace
}  // namespace callbridge::base
