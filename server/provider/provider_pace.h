// The complete pace of the provider. The breaker decides first, then the retry budget, then the
// spacing, so that a command that is held back takes no token.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "server/base/time.h"
#include "server/provider/account_options.h"
#include "server/provider/breaker.h"
#include "server/provider/pace.h"
#include "server/provider/retry_budget.h"
#include "server/provider/spacing.h"

namespace callbridge::provider {

// Thread-safe.
class ProviderPace final : public Pace, public Outlook {
 public:
  ProviderPace(std::map<std::string, Rates> rates, base::Time start, std::uint64_t seed);

  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time now) override {
    return breaker_.TryTake(command, now);
  }
  void GiveBack(const internal::v1::Command& command) override { breaker_.GiveBack(command); }
  void Observe(const internal::v1::Command& command, const internal::v1::CommandResult& result,
               base::Time now) override {
    breaker_.Observe(command, result, now);
  }

  // Ignores the breaker: commands that wait for a provider that is away leave at this rate once it
  // is back.
  LeavingRate RateOf(const internal::v1::Command& like, base::Time now) override {
    return spacing_.RateOf(like, now);
  }

  const Breaker& breaker() const { return breaker_; }
  const RetryBudget& retry_budget() const { return retry_budget_; }

 private:
  // Each of them uses the one before it.
  Spacing spacing_;
  RetryBudget retry_budget_;
  Breaker breaker_;
};

// rates: by account. start: also the seed of the breaker's jitter. Therefore replicas that start at
// different moments probe at different moments, and a simulation can be repeated.
std::unique_ptr<ProviderPace> MakePace(std::map<std::string, Rates> rates, base::Time start);

}  // namespace callbridge::provider
