// Sends HTTP requests: over the network (curl_transport.h), or over a simulated one in tests. Every
// request that it takes ends with exactly one answer, on one thread at a time, even if the
// transport is destroyed. It never sends a request with effects twice, and does not know what a
// request means.
#pragma once

#include <functional>

#include "server/provider/transfer.h"

namespace callbridge::provider {

// Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;

  // Returns at once. Beyond the client's share of file descriptors (base::ShareDescriptors) the
  // request is not begun and ends as crowded out.
  virtual void Submit(Outgoing outgoing, Transfer::Done done) = 0;
  // Runs the closure on the thread that delivers answers.
  virtual void Post(std::function<void()> closure) = 0;
};

}  // namespace callbridge::provider
