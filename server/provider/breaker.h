// Holds commands back while the provider is away, so that an outage costs a few probes instead of
// every waiting command. A provider that comes back is not met by a crowd of requests. The breaker
// learns from answers only. Commands that free a person from a call, and looks, never wait for it.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>

#include "server/base/counters.h"
#include "server/base/time.h"
#include "server/provider/pace.h"

namespace callbridge::provider {

// One circuit for each account:
//   closed   commands pass; kBreakerFailures answers in a row that say that the provider is away
//            open it (no connection, 5xx, or no answer until the time-out)
//   open     commands wait; for kBreakerOpenMin at first, twice as long after each probe that
//            failed, up to kBreakerOpenMax, always with jitter
//   probing  one command passes every kBreakerProbeInterval
// Any answer of the provider, also a refusal, closes the circuit. Hangups, stop-plays and looks
// always pass, and their results count. Thread-safe.
class Breaker final : public Pace {
 public:
  enum class State { kClosed, kOpen, kProbing };

  // inner: asked for every command that may pass; it must outlive the breaker. The same seed gives
  // the same jitter.
  Breaker(Pace& inner, std::uint64_t seed);

  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time now) override;
  void GiveBack(const internal::v1::Command& command) override;
  void Observe(const internal::v1::Command& command, const internal::v1::CommandResult& result,
               base::Time now) override;

  State state(const std::string& account, base::Time now) const;
  // The number of times that a closed circuit opened.
  std::int64_t openings() const { return openings_.value(); }
  // The number of times that a command was told to wait.
  std::int64_t held() const { return held_.value(); }

 private:
  // Session, number and attempt of a command.
  using Key = std::tuple<std::string, std::int32_t, std::int32_t>;

  struct Circuit {
    bool open = false;
    int failures = 0;
    // The number of probes that failed since the circuit opened.
    int failed_probes = 0;
    base::Time opened_at{};
    base::Time next_probe{};
    // The command that passed last. Only its failure counts, because other commands may have left
    // long ago.
    Key probe;
  };

  base::Duration OpenFor(int failed_probes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns true if this answer opened the circuit.
  bool CountFailure(Circuit& circuit, const Key& key, base::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Pace& inner_;
  mutable absl::Mutex mutex_;
  std::mt19937_64 generator_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Circuit> circuits_ ABSL_GUARDED_BY(mutex_);
  base::Counter openings_{"provider_breaker_openings",
                          "How often commands were held back because the provider was away."};
  base::Counter held_{"provider_breaker_held",
                      "How often a command was told to wait while the provider was away."};
};

}  // namespace callbridge::provider
