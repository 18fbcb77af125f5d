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

// Keeps the rate below the published number. So no second holds more requests than that, although
// requests are sometimes a little late.
constexpr double kMargin = 0.95;
// A rate falls to a 32nd of its value at the lowest, because a lower rate would be a standstill.
constexpr int kHalvingsMax = 5;
// Several 429 answers within this time count once, because their requests left together.
constexpr std::chrono::seconds kHalvingsApart{1};
// The largest space between two commands, even for a very small rate. A command that waits longer
// is as good as stopped, and the halvings must not overflow.
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
  Tempo* tempo = FindTempo(command);
  if (tempo == nullptr) return std::nullopt;
  Restore(*tempo, now);
  if (now < tempo->next) return tempo->next;
  tempo->taker = TakerOf(command);
  tempo->next_before = tempo->next;
  tempo->next = now + tempo->space * (1 << tempo->halvings);
  tempo->next_after = tempo->next;
  return std::nullopt;
}

void Spacing::GiveBack(const Command& command) {
  absl::MutexLock lock(&mutex_);
  Tempo* tempo = FindTempo(command);
  // If a later command or a 429 has moved `next`, it stays where it is.
  if (tempo == nullptr || tempo->taker != TakerOf(command) || tempo->next != tempo->next_after)
    return;
  tempo->next = tempo->next_before;
}

void Spacing::Observe(const Command& command, const internal::v1::CommandResult& result,
                      base::Time now) {
  if (result.verdict() != internal::v1::CommandResult::VERDICT_THROTTLED) return;
  absl::MutexLock lock(&mutex_);
  Tempo* tempo = FindTempo(command);
  if (tempo == nullptr) return;
  Restore(*tempo, now);
  tempo->quiet_since = now;
  if (tempo->halvings == 0 || now - tempo->halved_at >= kHalvingsApart) {
    tempo->halvings = std::min(tempo->halvings + 1, kHalvingsMax);
    tempo->halved_at = now;
  }
  const base::Duration wait = std::max<base::Duration>(
      tempo->space * (1 << tempo->halvings), base::FromProtoDuration(result.retry_after()));
  tempo->next = std::max(tempo->next, now + wait);
}

LeavingRate Spacing::RateOf(const Command& like, base::Time now) {
  absl::MutexLock lock(&mutex_);
  Tempo* tempo = FindTempo(like);
  if (tempo == nullptr) return {now, std::numeric_limits<double>::infinity()};
  Restore(*tempo, now);
  const std::chrono::duration<double> space = tempo->space * (1 << tempo->halvings);
  return {std::max(now, tempo->next), 1 / space.count()};
}

void Spacing::Restore(Tempo& tempo, base::Time now) {
  while (tempo.halvings > 0 && now - tempo.quiet_since >= base::kThrottleQuiet) {
    --tempo.halvings;
    tempo.quiet_since += base::kThrottleQuiet;
  }
}

Spacing::Tempo* Spacing::FindTempo(const Command& command) {
  const Command::ActionCase operation = base::OperationOf(command);
  const CommandRow* row = FindRow(operation);
  const auto rates = rates_.find(command.account());
  if (row == nullptr || rates == rates_.end()) return nullptr;
  const double rate = rates->second.*(row->rate) * row->share;
  if (rate <= 0) return nullptr;
  const auto [found, is_new] = tempos_.try_emplace({command.account(), operation});
  if (is_new) {
    found->second.space = SpaceAt(rate);
    found->second.next = start_ + found->second.space;
  }
  return &found->second;
}

}  // namespace callbridge::provider
