// What the settings say about an incoming call: the inbox's only question to them.
#pragma once

#include <optional>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::inbox {

// Thread-safe.
class IncomingCalls {
 public:
  virtual ~IncomingCalls() = default;

  // event: a CALL_RECEIVED of this configuration. What to do with it, with all defaults filled in.
  // Absent: leave it alone.
  virtual std::optional<internal::v1::IncomingCall> Arrange(
      const internal::v1::ProviderEvent& event) const = 0;
};

}  // namespace callbridge::inbox
