// A twin of the settings: it bridges calls to one number and leaves all others alone.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "server/inbox/incoming_calls.h"

namespace callbridge::inbox {

class FixedCalls final : public IncomingCalls {
 public:
  explicit FixedCalls(std::string number) : number_(std::move(number)) {}

  std::optional<internal::v1::IncomingCall> Arrange(
      const internal::v1::ProviderEvent& event) const override {
    if (event.call().to() != number_) return std::nullopt;
    internal::v1::IncomingCall call;
    call.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_BRIDGE);
    call.set_route("front desk");
    return call;
  }

 private:
  const std::string number_;
};

}  // namespace callbridge::inbox
