#include "server/provider/retry_budget.h"

#include <algorithm>
#include <chrono>

#include "server/base/command_kinds.h"

namespace callbridge::provider {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;

constexpr double kCost = 1;
// A balance that is short by no more than this counts as enough, because ten tenths may add up to
// less than one.
constexpr double kRounding = 1e-6;

bool Costs(const Command& command) {
  return command.attempt() > 1 && base::KindOf(command).held_back;
}

}  // namespace

RetryBudget::RetryBudget(Pace& inner, base::Time start) : inner_(inner), start_(start) {}

RetryBudget::Purse& RetryBudget::PurseOf(const std::string& account, base::Time now) const {
  const auto [found, is_new] = purses_.try_emplace(account);
  Purse& purse = found->second;
  if (is_new) purse.as_of = start_;
  if (now > purse.as_of) {
    const double seconds = std::chrono::duration<double>(now - purse.as_of).count();
    purse.balance = std::min<double>(base::kRetryBudgetMax,
                                     purse.balance + seconds * base::kRetryBudgetPerSecond);
    purse.as_of = now;
  }
  return purse;
}

std::optional<base::Time> RetryBudget::TryTake(const Command& command, base::Time now) {
  if (!Costs(command)) return inner_.TryTake(command, now);
  {
    absl::MutexLock lock(&mutex_);
    const double missing = kCost - PurseOf(command.account(), now).balance;
    if (missing > kRounding) {
      held_.Add();
      // The time is rounded up to a millisecond, so that it is never a moment too early.
      return now + std::chrono::ceil<std::chrono::milliseconds>(
                       std::chrono::duration<double>(missing / base::kRetryBudgetPerSecond));
    }
  }
  const std::optional<base::Time> later = inner_.TryTake(command, now);
  if (!later) {
    absl::MutexLock lock(&mutex_);
    PurseOf(command.account(), now).balance -= kCost;
  }
  return later;
}

void RetryBudget::GiveBack(const Command& command) {
  inner_.GiveBack(command);
  if (!Costs(command)) return;
  absl::MutexLock lock(&mutex_);
  double& balance = purses_[command.account()].balance;
  balance = std::min<double>(base::kRetryBudgetMax, balance + kCost);
}

void RetryBudget::Observe(const Command& command, const CommandResult& result, base::Time now) {
  inner_.Observe(command, result, now);
  if (result.verdict() != CommandResult::VERDICT_DONE) return;
  absl::MutexLock lock(&mutex_);
  Purse& purse = PurseOf(command.account(), now);
  purse.balance =
      std::min<double>(base::kRetryBudgetMax, purse.balance + base::kRetryBudgetPerSuccess);
}

double RetryBudget::balance(const std::string& account, base::Time now) const {
  absl::MutexLock lock(&mutex_);
  return PurseOf(account, now).balance;
}

}  // namespace callbridge::provider
