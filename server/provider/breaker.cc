#include "server/provider/breaker.h"

#include <algorithm>
#include <chrono>

#include "server/base/command_kinds.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::provider {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;

// What an answer says about the provider. kSilent means that this service did not ask the provider,
// for a reason of its own.
enum class Sign { kHere, kAway, kSilent };

Sign SignOf(const CommandResult& result) {
  if (result.http_status() >= 500) return Sign::kAway;
  if (result.http_status() > 0 || result.verdict() == CommandResult::VERDICT_DONE) {
    return Sign::kHere;
  }
  // Errors with other names come from the fences and limits of this service (verdict.cc).
  const bool tried = result.verdict() == CommandResult::VERDICT_NOT_SENT ||
                     result.verdict() == CommandResult::VERDICT_UNKNOWN;
  return tried && result.error().name() == "NETWORK" ? Sign::kAway : Sign::kSilent;
}

}  // namespace

Breaker::Breaker(Pace& inner, std::uint64_t seed) : inner_(inner), generator_(seed) {}

std::optional<base::Time> Breaker::TryTake(const Command& command, base::Time now) {
  if (!base::KindOf(command).held_back) return inner_.TryTake(command, now);
  {
    absl::MutexLock lock(&mutex_);
    const Circuit& circuit = circuits_[command.account()];
    if (circuit.open && now < circuit.next_probe) {
      held_.Add();
      return circuit.next_probe;
    }
  }
  const std::optional<base::Time> later = inner_.TryTake(command, now);
  if (later) return later;
  absl::MutexLock lock(&mutex_);
  Circuit& circuit = circuits_[command.account()];
  if (circuit.open) {
    circuit.probe = {command.session_id(), command.number(), command.attempt()};
    // Even if the answer to this probe never comes, the next probe may leave after this time.
    circuit.next_probe = now + base::kBreakerProbeInterval;
  }
  return std::nullopt;
}

void Breaker::GiveBack(const Command& command) {
  inner_.GiveBack(command);
  absl::MutexLock lock(&mutex_);
  Circuit& circuit = circuits_[command.account()];
  if (circuit.probe != Key(command.session_id(), command.number(), command.attempt())) return;
  circuit.probe = {};
  // This probe did not leave. So the next one may leave at once.
  circuit.next_probe -= base::kBreakerProbeInterval;
}

base::Duration Breaker::OpenFor(int failed_probes) {
  constexpr int kDoublingsMax = 10;
  const base::Duration longest = std::min<base::Duration>(
      base::kBreakerOpenMax, base::kBreakerOpenMin * (1 << std::min(failed_probes, kDoublingsMax)));
  const auto half = static_cast<std::uint64_t>(longest.count() / 2);
  return base::Duration(static_cast<base::Duration::rep>(half + generator_() % (half + 1)));
}

bool Breaker::CountFailure(Circuit& circuit, const Key& key, base::Time now) {
  if (!circuit.open) {
    if (++circuit.failures < base::kBreakerFailures) return false;
    circuit.open = true;
    circuit.failed_probes = 0;
    circuit.opened_at = now;
    circuit.next_probe = now + OpenFor(0);
    circuit.probe = {};
    openings_.Add();
    return true;
  }
  if (key == circuit.probe) {
    ++circuit.failed_probes;
    circuit.next_probe = now + OpenFor(circuit.failed_probes);
  }
  return false;
}

void Breaker::Observe(const Command& command, const CommandResult& result, base::Time now) {
  inner_.Observe(command, result, now);
  const Sign sign = SignOf(result);
  if (sign == Sign::kSilent) return;
  bool opened = false;
  std::optional<base::Duration> was_open;
  {
    absl::MutexLock lock(&mutex_);
    Circuit& circuit = circuits_[command.account()];
    if (sign == Sign::kAway) {
      opened =
          CountFailure(circuit, {command.session_id(), command.number(), command.attempt()}, now);
    } else {
      if (circuit.open) was_open = now - circuit.opened_at;
      circuit = Circuit();
    }
  }
  if (opened) {
    base::Log(base::LogLevel::kWarning, "provider_breaker_opened",
              {{"account", command.account()},
               {"http_status", result.http_status()},
               {"error", result.error().description()}});
  }
  if (was_open) {
    base::Log(
        base::LogLevel::kInfo, "provider_breaker_closed",
        {{"account", command.account()},
         {"after_ms", std::chrono::duration_cast<std::chrono::milliseconds>(*was_open).count()}});
  }
}

Breaker::State Breaker::state(const std::string& account, base::Time now) const {
  absl::MutexLock lock(&mutex_);
  const auto circuit = circuits_.find(account);
  if (circuit == circuits_.end() || !circuit->second.open) return State::kClosed;
  return now < circuit->second.next_probe ? State::kOpen : State::kProbing;
}

}  // namespace callbridge::provider
