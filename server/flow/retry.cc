#include "server/flow/retry.h"

#include <algorithm>

namespace callbridge::flow {
namespace {

// Returns a factor from 0.5 to 1 that spreads the attempts of many sessions. The flow has no random
// numbers, so it hashes session and attempt (FNV-1a).
double Spread(const Command& command) {
  std::uint32_t hash = 2166136261U;
  for (const char c : command.session_id()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  hash = (hash ^ static_cast<std::uint32_t>(command.attempt())) * 16777619U;
  return 0.5 + 0.5 * static_cast<double>(hash % 1024U) / 1024.0;
}

}  // namespace

bool IsCertainFailure(const CommandResult& result) {
  return result.verdict() == CommandResult::VERDICT_NOT_SENT ||
         result.verdict() == CommandResult::VERDICT_THROTTLED;
}

void RetryCertainFailure(Orders& orders, OpenCommand& open, const CommandResult& result) {
  open.set_failures(open.failures() + 1);
  open.set_last_failure(result.verdict());
  Duration delay;
  if (result.has_retry_after()) {
    delay = base::FromProtoDuration(result.retry_after());
  } else {
    const Duration first = base::FromProtoDuration(orders.timing().retry_backoff());
    const Duration most = base::FromProtoDuration(orders.timing().retry_backoff_max());
    delay = base::Doubled(first, open.failures() - 1, most);
    delay = Duration(
        static_cast<Duration::rep>(static_cast<double>(delay.count()) * Spread(open.command())));
  }
  orders.Reissue(open, delay);
}

}  // namespace callbridge::flow
