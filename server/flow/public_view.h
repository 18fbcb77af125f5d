// The session as clients see it. Only this file maps a phase to a public state.
#pragma once

#include <cstdint>

#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// True if a dial of the leg has left, or the leg is the caller's. Clients do not see a leg that was
// not sent.
bool IsSent(const internal::v1::Leg& leg);

// True unless the timer only asks for recorded files after the end.
bool IsOfPursuit(const internal::v1::Timer& timer);
// True if the session has ended and hangups of it are not confirmed.
bool IsPursuing(const internal::v1::Session& session);
// Returns the sequence of SessionEnded of a session that has ended.
std::int32_t EndedSequence(const internal::v1::Session& session);

v1::Session::State StateOf(const internal::v1::Session& session);
v1::Leg PublicLeg(const internal::v1::Leg& leg);
v1::Session PublicView(const internal::v1::Session& session);

// Rebuilds session.issues, the problems that need a person's attention. An issue that stays keeps
// its since_time.
void RefreshIssues(internal::v1::Session* session, base::Time now);

}  // namespace callbridge::flow
