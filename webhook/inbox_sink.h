// The destination of the ingress's inputs: the server in this process, or a server that is reached
// over gRPC.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"

namespace callbridge::webhook {

class InboxSink {
 public:
  virtual ~InboxSink() = default;

  using Done = std::function<void(absl::Status)>;

  // Takes the elements of one HTTP request. Returns at once; `done` is called exactly once, from
  // any thread. OK means that all are durable. UNAVAILABLE means that they could not be handed over
  // within kHandOverHold, RESOURCE_EXHAUSTED that kHandOverRequestsMax are held already, and
  // OUT_OF_RANGE that no hand-over takes this many. Thread-safe.
  virtual void Append(std::vector<internal::v1::InboxItem> items, Done done) = 0;
  // True while hand-overs succeed; /readyz reports it.
  virtual bool ready() const = 0;
};

}  // namespace callbridge::webhook
