// Keeps repetitions a small part of the traffic: each further attempt of a command costs one unit,
// each success earns a tenth of one, so that a provider in trouble is not asked twice for
// everything. What frees a person from a call never waits for it.
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

// One balance for each account; it begins full (kRetryBudgetMax) and also grows by
// kRetryBudgetPerSecond. A further attempt is seen by its number: a repetition that the flow issues
// as a new command is one more command. Hangups, stop-plays and looks cost nothing. Thread-safe.
class RetryBudget final : public Pace {
 public:
  // inner is asked for whatever may pass, and must outlive it.
  RetryBudget(Pace& inner, base::Time start);

  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time now) override;
  void GiveBack(const internal::v1::Command& command) override;
  void Observe(const internal::v1::Command& command, const internal::v1::CommandResult& result,
               base::Time now) override;

  double balance(const std::string& account, base::Time now) const;
  // How often a command was told to wait.
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
  // What time has brought is added when somebody looks.
  mutable std::map<std::string, Purse> purses_ ABSL_GUARDED_BY(mutex_);
  base::Counter held_{"provider_repetitions_held",
                      "How often a repetition was told to wait, so that they stay few."};
};

}  // namespace callbridge::provider
