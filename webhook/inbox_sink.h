// Where the ingress hands its inputs over to: the server in this process, or one reached over gRPC.
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

  // Takes the elements of one HTTP request. Returns at once; done is called exactly once, from any
  // thread: OK when all are durable; UNAVAILABLE when they could not be handed over within
  // kHandOverHold; RESOURCE_EXHAUSTED when kHandOverRequestsMax are held already; OUT_OF_RANGE when
  // no hand-over takes so much. Thread-safe.
  virtual void Append(std::vector<internal::v1::InboxItem> items, Done done) = 0;
  // True while hand-overs succeed: what /readyz says.
  virtual bool ready() const = 0;
};

}  // namespace callbridge::webhook
