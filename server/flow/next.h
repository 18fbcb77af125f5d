// Where a session goes next. The rules of the phases return it, and phases.h enters that phase.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "callbridge/v1/session.pb.h"

namespace callbridge::flow {

// The session stays in its phase, because what is known is not enough to continue.
struct Stay {};
struct ToOffered {};
struct ToAnsweringCaller {};
struct ToDialingCaller {};
struct ToJoiningCaller {};
struct ToGreeting {};
struct ToDialingCallee {};
struct ToStoppingMusic {};
struct ToAnnouncing {};
struct ToConnected {};
// Tells the caller why it is not connected. With the reason UNSPECIFIED, the end of the callee's
// leg gives the reason.
struct ToApologizing {
  v1::EndReason reason = v1::END_REASON_UNSPECIFIED;
  v1::Party ended_by = v1::PARTY_UNSPECIFIED;
  std::optional<v1::ProviderError> error;
};
// Ends the session. The rule gives result, reason, ended_by and causes; the rest is filled in. The
// given summary is appended to the generated one.
struct ToEnding {
  v1::Outcome outcome;
};
struct ToEnded {};

using Next = std::variant<Stay, ToOffered, ToAnsweringCaller, ToDialingCaller, ToJoiningCaller,
                          ToGreeting, ToDialingCallee, ToStoppingMusic, ToAnnouncing, ToConnected,
                          ToApologizing, ToEnding, ToEnded>;

// Returns an end with this result and reason, brought about by this party.
inline ToEnding EndWith(v1::Outcome::Result result, v1::EndReason reason, v1::Party ended_by) {
  v1::Outcome outcome;
  outcome.set_result(result);
  outcome.set_reason(reason);
  outcome.set_ended_by(ended_by);
  return {std::move(outcome)};
}

}  // namespace callbridge::flow
