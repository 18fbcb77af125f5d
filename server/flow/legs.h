// The legs of a session: who there is, and how far each has come.
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
// The callee's leg that counts: the one that KeepOneCallee keeps. Null: none was dialled, or none
// is left.
Leg* CurrentCallee(Knowledge& known, const Leg* except = nullptr);
// The callee's leg that was dialled last, also when it is over; a call that is hung up as a second
// one only if there is no other. Null: none.
Leg* LastCallee(Knowledge& known);

// A dial of it has left, or it is the caller's. What was not sent exists for nobody else.
bool IsSent(const Leg& leg);
bool IsEnded(const Leg& leg);
// Out of the conference, or not taken in. Its call may be alive.
bool HasLeft(const Leg& leg);
// Over, or out of the conference: nothing more is to be expected of it.
bool IsGone(const Leg& leg);
bool IsAnswered(const Leg& leg);
// Answered, or the provider took our word for it.
bool IsAccepted(const Leg& leg);
bool IsJoined(const Leg& leg);
// The callee was in the conference through this call. A second call of the dial, which is hung up,
// does not count: the one that is kept says when the two talked and why they stopped.
bool WasIn(const Leg& leg);
// The callee's leg that was in the conference; of several, the one that is left. Null: none was.
const Leg* CalleeWhoWasIn(Knowledge& known);
// Caller and callee were in the conference at once, whatever was heard there.
bool WereTogether(const Session& session);
v1::Party PartyOf(const Leg& leg);

// The person whom a callee's leg is for.
const v1::Callee& CalleeOf(const Session& session, const Leg& leg);

// The leg's end, if it is known, is why the session ends so: reason, ended_by and the provider's
// words.
void ExplainByEnd(const Leg& leg, v1::Outcome* outcome);

Leg& AddLeg(Knowledge& known, v1::Leg::Role role, const v1::Endpoint& endpoint);

// The leg's dial leaves: for everybody else the leg exists from now on, and stands behind those
// that were known before.
Leg& ShowLeg(Knowledge& known, const Leg& leg);
// Forgets the leg of a dial that was taken back before it left. A leg that was sent stays.
void DropUnsent(Knowledge& known, std::int32_t dial);

}  // namespace callbridge::flow
