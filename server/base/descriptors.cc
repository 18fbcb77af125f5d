#include "server/base/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

#include "server/base/check.h"
#include "server/base/ingress_limits.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::base {
namespace {

rlimit Limits() {
  rlimit limits{};
  Check(getrlimit(RLIMIT_NOFILE, &limits) == 0, "the limit of file descriptors cannot be read");
  return limits;
}

}  // namespace

void RaiseDescriptorLimit() {
  rlimit limits = Limits();
  limits.rlim_cur = limits.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limits) == 0) return;
  // Some kernels refuse the hard limit that they report. The soft limit then stays.
  Log(LogLevel::kWarning, "descriptors_not_raised", {{"limit", DescriptorLimit()}});
}

std::size_t DescriptorLimit() { return Limits().rlim_cur; }

DescriptorShares ShareDescriptors(std::size_t limit) {
  return {.webhook_connections = std::clamp<std::size_t>(limit / 2, 1, kWebhookConnectionsMax),
          .provider_transfers = std::clamp<std::size_t>(limit / 4, 1, kProviderTransfersMax)};
}

void MaybeWarnOfFewDescriptors() {
  const std::size_t limit = DescriptorLimit();
  const DescriptorShares shares = ShareDescriptors(limit);
  if (shares.webhook_connections == kWebhookConnectionsMax &&
      shares.provider_transfers == kProviderTransfersMax) {
    return;
  }
  Log(LogLevel::kWarning, "descriptors_few",
      {{"limit", limit},
       {"webhook_connections", shares.webhook_connections},
       {"provider_requests", shares.provider_transfers},
       {"help", "raise the hard limit of open files to 4,000 or more (ulimit -Hn, LimitNOFILE)"}});
}

}  // namespace callbridge::base
