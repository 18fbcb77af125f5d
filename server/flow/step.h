// The function that makes every decision about a call. It is pure: time and ids come in with the
// input, and the result is a Transition. No input, in any order, makes it fail: a broken invariant
// ends the session as FAILED, INTERNAL.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::flow {

// input.step_time must be set and should not go backwards. A session without a phase is new. Then
// session_id must be set, and only IncomingCall and StartBridge begin it; other inputs are ignored
// and leave it without a phase.
internal::v1::Transition Step(const internal::v1::Session& session,
                              const internal::v1::Input& input);

}  // namespace callbridge::flow
