// The proxies between the provider and the ingress, as the settings name them.
#pragma once

#include <vector>

#include "server/base/network.h"

namespace callbridge::webhook {

struct Proxies {
  // The header that tells for whom a proxy forwards.
  enum class Header { kXForwardedFor, kForwarded };

  // The header is believed only of connections from these.
  std::vector<base::Network> networks;
  Header header = Header::kXForwardedFor;
};

}  // namespace callbridge::webhook
