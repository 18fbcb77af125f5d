// Shares the file descriptors of the process. The usual soft limit of 1,024 is less than the
// ingress and the provider's client may use together. Neither of them may leave the other, the API
// or the store without any.
#pragma once

#include <cstddef>

namespace callbridge::base {

// Raises the soft limit to the hard limit. A service calls it once, at its start.
void RaiseDescriptorLimit();

// The number of descriptors that this process may have open now.
std::size_t DescriptorLimit();

struct DescriptorShares {
  // Connections of the ingress, up to kWebhookConnectionsMax.
  std::size_t webhook_connections = 0;
  // Transfers of the provider's client, up to kProviderTransfersMax.
  std::size_t provider_transfers = 0;
};

// Gives half of the limit to the ingress and a quarter to the provider's client. The API, the store
// and the log use the rest. Each gets at least one.
DescriptorShares ShareDescriptors(std::size_t limit);

// Logs "descriptors_few" if the limit is too low for the constants above.
void MaybeWarnOfFewDescriptors();

}  // namespace callbridge::base
