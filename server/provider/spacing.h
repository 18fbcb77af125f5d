// Keeps each operation of each account under the provider's published rate by spacing its requests
// evenly: it allows no bursts, saves no tokens, and starts empty. A 429 halves an operation's rate;
// a time without 429 restores it. No operation waits for another.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "server/base/time.h"
#include "server/provider/account_options.h"
#include "server/provider/pace.h"

namespace callbridge::provider {

// Thread-safe.
class Spacing final : public Pace, public Outlook {
 public:
  // rates: by account. start: the first request of an operation leaves one space after it, so that
  // a restart is no burst.
  Spacing(std::map<std::string, Rates> rates, base::Time start);

  // A command of an account without rates, or without an action, leaves at once, because it will be
  // refused.
  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time now) override;
  void GiveBack(const internal::v1::Command& command) override;
  void Observe(const internal::v1::Command& command, const internal::v1::CommandResult& result,
               base::Time now) override;
  // Returns an infinite rate for a command that leaves at once.
  LeavingRate RateOf(const internal::v1::Command& like, base::Time now) override;

 private:
  struct Tempo {
    // The time between two requests at the full rate.
    base::Duration space{};
    base::Time next{};
    // The command that took the last token, and the values of `next` before and after it.
    std::tuple<std::string, std::int32_t, std::int32_t> taker{};
    base::Time next_before{};
    base::Time next_after{};
    int halvings = 0;
    base::Time halved_at{};
    // The time of the last 429 or of the last doubling.
    base::Time quiet_since{};
  };

  static void Restore(Tempo& tempo, base::Time now);
  Tempo* FindTempo(const internal::v1::Command& command) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::map<std::string, Rates> rates_;
  const base::Time start_;
  absl::Mutex mutex_;
  // By account and operation (base::OperationOf).
  std::map<std::pair<std::string, internal::v1::Command::ActionCase>, Tempo> tempos_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::provider
