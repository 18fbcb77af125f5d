// The one function that decides everything about a call. It is pure: time and ids come in with the
// input, and what is to happen comes out as a Transition. It promises that no input, in any order,
// makes it fail: a broken invariant ends the session as FAILED, INTERNAL.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::flow {

// input.step_time must be set and should not go backwards. A session without a phase is a new one:
// then session_id must be set, and only IncomingCall and StartBridge begin it; anything else is
// ignored and leaves it without a phase.
internal::v1::Transition Step(const internal::v1::Session& session,
                              const internal::v1::Input& input);

}  // namespace callbridge::flow
