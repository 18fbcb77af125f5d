#include "tests/simulation/user_case.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/flow/describe.h"
#include "tests/simulation/chronicle.h"

namespace callbridge::simulation {
namespace {

constexpr std::chrono::seconds kPhaseMax{60};

}  // namespace

World::Options Kept(std::function<bool(const simulator::Delivery&)> passes) {
  return {.keep_lines = true, .passes = std::move(passes)};
}

std::vector<simulator::Call> CallsOf(World& world, const std::string& number) {
  std::vector<simulator::Call> calls;
  for (const auto& [index, call] : world.model().world().calls.things()) {
    if (simulator::NumberOf(call.endpoint) == number) calls.push_back(call);
  }
  return calls;
}

simulator::Call CallOf(World& world, const std::string& number) {
  const std::vector<simulator::Call> calls = CallsOf(world, number);
  EXPECT_EQ(calls.size(), 1U) << Story(world);
  return calls.empty() ? simulator::Call() : calls.front();
}

void HangUp(World& world, const std::string& number) {
  const std::vector<simulator::Call> calls = CallsOf(world, number);
  ASSERT_FALSE(calls.empty()) << Story(world);
  const absl::Status hung_up = world.model().PersonHangsUp(calls.back().id, world.now());
  EXPECT_TRUE(hung_up.ok()) << hung_up.message();
}

std::optional<base::Time> When(const simulator::Call& call, std::string_view line) {
  for (const simulator::TimelineEntry& entry : call.timeline) {
    if (entry.text.starts_with(line)) return entry.at;
  }
  return std::nullopt;
}

bool Hears(const simulator::Call& call) { return When(call, "hears").has_value(); }

bool RunUntilPhase(World& world, const std::string& phase) {
  return world.RunUntil([&] { return PhaseName(world.session()) == phase; }, kPhaseMax);
}

bool RunUntilCallIs(World& world, const std::string& number, simulator::CallState state) {
  return world.RunUntil(
      [&] {
        const std::vector<simulator::Call> calls = CallsOf(world, number);
        return !calls.empty() && calls.back().state == state;
      },
      kPhaseMax);
}

int Requests(World& world, const std::string& operation) {
  const auto& counts = world.model().world().journal.counts;
  const auto found = counts.find(operation);
  if (found == counts.end()) return 0;
  std::int64_t all = 0;
  for (const auto& [status, count] : found->second) all += count;
  return static_cast<int>(all);
}

std::vector<std::string> Told(World& world) {
  std::vector<std::string> told;
  const auto& sessions = world.checker().chronicle().sessions;
  if (sessions.empty()) return told;
  for (const std::string& bytes : sessions.begin()->second.events) {
    v1::SessionEvent event;
    EXPECT_TRUE(event.ParseFromString(bytes));
    told.push_back(flow::DescribeEvent(event));
  }
  return told;
}

int Sessions(World& world) {
  int begun = 0;
  for (const auto& [id, watched] : world.checker().chronicle().sessions) {
    begun += watched.begun() ? 1 : 0;
  }
  return begun;
}

}  // namespace callbridge::simulation
