// Keeps repetitions a small part of the traffic. Each further attempt of a command costs one unit,
// and each success earns a tenth. Therefore a provider in trouble does not get every request twice.
// Commands that free a person from a call never wait for the budget.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "server/base/counters.h"
#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/provider/pace.h"

namespace callbridge::provider {

// One balance for each account. It begins full (kRetryBudgetMax) and also grows by
// kRetryBudgetPerSecond. A command with an attempt number above 1 is a further attempt; a
// repetition that the flow issues as a new command is not. Hangups, stop-plays and looks cost
// nothing. Thread-safe.
class RetryBudget final : public Pace {
 public:
  // inner: asked for every command that may pass; it must outlive the budget.
  RetryBudget(Pace& inner, base::Time start);

  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time now) override;
  void GiveBack(const internal::v1::Command& command) override;
  void Observe(const internal::v1::Command& command, const internal::v1::CommandResult& result,
               base::Time now) override;

  double balance(const std::string& account, base::Time now) const;
  // The number of times that a command was told to wait.
  std::int64_t held() const { return held_.value(); }

 private:
  struct Purse {
    double balance = base::kRetryBudgetMax;
    base::Time as_of{};
  };

  Purse& PurseOf(const std::string& account, base::Time now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Pace& inner_;
  const base::Time start_;
  mutable absl::Mutex mutex_;
  // The balances. What time has earned is added when a balance is read.
  mutable std::map<std::string, Purse> purses_ ABSL_GUARDED_BY(mutex_);
  base::Counter held_{"provider_repetitions_held",
                      "How often a repetition had to wait, to keep repetitions few."};
};

}  // namespace callbridge::provider
