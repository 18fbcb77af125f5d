#include "server/provider/spacing.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "server/base/command_kinds.h"
#include "server/base/limits.h"
#include "server/provider/commands.h"

namespace callbridge::provider {
namespace {

using internal::v1::Command;

// The rate stays below the published number. Requests are sometimes a little late, and still no
// window of one second exceeds it.
constexpr double kMargin = 0.95;
// A rate falls to a 32nd of its value at the lowest, because a lower rate would be a standstill.
constexpr int kHalvingsMax = 5;
// Several 429 answers within this time count once, because their requests left together.
constexpr std::chrono::seconds kHalvingsApart{1};
// The largest space, even for a very small rate. A command that waits longer is as good as stopped,
// and the halvings must not overflow.
constexpr std::chrono::hours kSpaceMax{1};

base::Duration SpaceAt(double rate) {
  const double seconds =
      std::min<double>(1 / (rate * kMargin), std::chrono::seconds(kSpaceMax).count());
  return std::chrono::ceil<base::Duration>(std::chrono::duration<double>(seconds));
}

auto TakerOf(const Command& command) {
  return std::tuple(command.session_id(), command.number(), command.attempt());
}

}  // namespace

Spacing::Spacing(std::map<std::string, Rates> rates, base::Time start)
    : rates_(std::move(rates)), start_(start) {}

std::optional<base::Time> Spacing::TryTake(const Command& command, base::Time now) {
  absl::MutexLock lock(&mutex_);
  Lane* lane = FindLane(command);
  if (lane == nullptr) return std::nullopt;
  Restore(*lane, now);
  if (now < lane->next) return lane->next;
  lane->taker = TakerOf(command);
  lane->next_before = lane->next;
  lane->next = now + lane->space * (1 << lane->halvings);
  lane->next_after = lane->next;
  return std::nullopt;
}

void Spacing::GiveBack(const Command& command) {
  absl::MutexLock lock(&mutex_);
  Lane* lane = FindLane(command);
  // If a later token or a 429 has moved it, it stays where it is.
  if (lane == nullptr || lane->taker != TakerOf(command) || lane->next != lane->next_after) return;
  lane->next = lane->next_before;
}

void Spacing::Observe(const Command& command, const internal::v1::CommandResult& result,
                      base::Time now) {
  if (result.verdict() != internal::v1::CommandResult::VERDICT_THROTTLED) return;
  absl::MutexLock lock(&mutex_);
  Lane* lane = FindLane(command);
  if (lane == nullptr) return;
  Restore(*lane, now);
  lane->quiet_since = now;
  if (lane->halvings == 0 || now - lane->halved_at >= kHalvingsApart) {
    lane->halvings = std::min(lane->halvings + 1, kHalvingsMax);
    lane->halved_at = now;
  }
  const base::Duration wait = std::max<base::Duration>(
      lane->space * (1 << lane->halvings), base::FromProtoDuration(result.retry_after()));
  lane->next = std::max(lane->next, now + wait);
}

LeavingRate Spacing::RateOf(const Command& like, base::Time now) {
  absl::MutexLock lock(&mutex_);
  Lane* lane = FindLane(like);
  if (lane == nullptr) return {now, std::numeric_limits<double>::infinity()};
  Restore(*lane, now);
  const std::chrono::duration<double> space = lane->space * (1 << lane->halvings);
  return {std::max(now, lane->next), 1 / space.count()};
}

void Spacing::Restore(Lane& lane, base::Time now) {
  while (lane.halvings > 0 && now - lane.quiet_since >= base::kThrottleQuiet) {
    --lane.halvings;
    lane.quiet_since += base::kThrottleQuiet;
  }
}

Spacing::Lane* Spacing::FindLane(const Command& command) {
  const Command::ActionCase operation = base::OperationOf(command);
  const CommandRow* row = FindRow(operation);
  const auto rates = rates_.find(command.account());
  if (row == nullptr || rates == rates_.end()) return nullptr;
  const double rate = rates->second.*(row->rate) * row->share;
  if (rate <= 0) return nullptr;
  const auto [found, is_new] = lanes_.try_emplace({command.account(), operation});
  if (is_new) {
    found->second.space = SpaceAt(rate);
    found->second.next = start_ + found->second.space;
  }
  return &found->second;
}

}  // namespace callbridge::provider
