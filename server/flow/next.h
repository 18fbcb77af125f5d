// Where a session goes next. The rules of a phase (caller_phases.h, joining.h, callee_phases.h,
// ending.h) answer with it, and entering.h takes the session there.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "callbridge/v1/session.pb.h"

namespace callbridge::flow {

// What is known is not enough to go on.
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
// Why the caller is not connected. A reason that is UNSPECIFIED: as the callee's leg ends.
struct ToApologizing {
  v1::EndReason reason = v1::END_REASON_UNSPECIFIED;
  v1::Party ended_by = v1::PARTY_UNSPECIFIED;
  std::optional<v1::ProviderError> error;
};
// Result, reason, ended_by and causes are given, the rest is filled in; a summary is appended to
// the one that is made.
struct ToEnding {
  v1::Outcome outcome;
};
struct ToEnded {};

using Next = std::variant<Stay, ToOffered, ToAnsweringCaller, ToDialingCaller, ToJoiningCaller,
                          ToGreeting, ToDialingCallee, ToStoppingMusic, ToAnnouncing, ToConnected,
                          ToApologizing, ToEnding, ToEnded>;

// The session ends so, by whom.
inline ToEnding EndWith(v1::Outcome::Result result, v1::EndReason reason, v1::Party ended_by) {
  v1::Outcome outcome;
  outcome.set_result(result);
  outcome.set_reason(reason);
  outcome.set_ended_by(ended_by);
  return {std::move(outcome)};
}

}  // namespace callbridge::flow
