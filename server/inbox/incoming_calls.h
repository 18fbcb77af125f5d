// What the settings say about an incoming call. The inbox asks the settings only this question.
#pragma once

#include <optional>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::inbox {

// Thread-safe.
class IncomingCalls {
 public:
  virtual ~IncomingCalls() = default;

  // Returns what to do with the call, with all defaults filled in. event: a CALL_RECEIVED of this
  // configuration. Absent means to leave the call alone.
  virtual std::optional<internal::v1::IncomingCall> Arrange(
      const internal::v1::ProviderEvent& event) const = 0;
};

}  // namespace callbridge::inbox
