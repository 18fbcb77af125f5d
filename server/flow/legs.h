// The legs of a session, and how far each has come.
#pragma once

#include <cstdint>
#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// The first leg. Every session with a phase has it.
Leg& Caller(Knowledge& known);
Leg* FindLeg(Knowledge& known, std::string_view leg_id);
Leg* LegOfCall(Knowledge& known, std::string_view call_id);
Leg* LegOfDial(Knowledge& known, std::int32_t dial);
// Returns the callee's leg that KeepOneCallee keeps. Null means that no callee was dialled, or none
// is left.
Leg* CurrentCallee(Knowledge& known, const Leg* except = nullptr);
// Returns the callee's leg that was dialled last, also when it is over. A call that is hung up as a
// second one counts only if there is no other. Null means that there is none.
Leg* LastCallee(Knowledge& known);

// Returns the leg that is being moved into the conference by PUTs. Null means that there is none.
Leg* MovedLeg(Knowledge& known);

bool IsEnded(const Leg& leg);
// True if the leg left the conference, or was not taken in. Its call may be alive.
bool HasLeft(const Leg& leg);
// True if the leg is over or has left the conference.
bool IsGone(const Leg& leg);
bool IsAnswered(const Leg& leg);
// True if the leg has answered, or the provider accepted the answer command.
bool IsAccepted(const Leg& leg);
bool IsJoined(const Leg& leg);
// True if the callee was in the conference through this call. A second call of the dial, which is
// hung up, does not count: the call that is kept says when the two talked and why they stopped.
bool WasIn(const Leg& leg);
// Returns the callee's leg that was in the conference. If several were, it returns the leg that is
// left. Null means that none was.
const Leg* CalleeWhoWasIn(Knowledge& known);
// True if the caller and a callee who is wanted have both been in the conference, even if a prompt
// was heard there (decision 0030).
bool WereTogether(const Session& session);
v1::Party PartyOf(const Leg& leg);

// Fills the outcome's reason, ended_by and provider error from the leg's end, if that is known.
void ExplainByEnd(const Leg& leg, v1::Outcome* outcome);

Leg& AddLeg(Knowledge& known, v1::Leg::Role role, const v1::Endpoint& endpoint);

// Makes the leg visible to clients, because its dial leaves. It stands behind the legs that were
// visible before.
Leg& ShowLeg(Knowledge& known, const Leg& leg);
// Removes the leg of a dial that was cancelled before it left. A leg that was sent stays.
void DropUnsent(Knowledge& known, std::int32_t dial);

}  // namespace callbridge::flow
