// The file descriptors of the process, and who may use how many: the usual soft limit of 1,024 is
// below what the ingress and the provider's client are allowed together, and one of them must not
// leave the other, the API or the store without any.
#pragma once

#include <cstddef>

namespace callbridge::base {

// Raises the soft limit to the hard one. Once, at the start of a service.
void RaiseDescriptorLimit();

// How many this process may have open now.
std::size_t DescriptorLimit();

struct DescriptorShares {
  // Of the ingress, at most kWebhookConnectionsMax.
  std::size_t webhook_connections = 0;
  // Of the provider's client, at most kProviderTransfersMax.
  std::size_t provider_transfers = 0;
};

// A half for the ingress, a quarter for the provider's client; what is left is for the API, the
// store and the log. Each gets one at least.
DescriptorShares ShareDescriptors(std::size_t limit);

// Logs "descriptors_few" if the limit leaves less than the constants allow.
void MaybeWarnOfFewDescriptors();

}  // namespace callbridge::base
