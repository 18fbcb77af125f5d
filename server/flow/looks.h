// Looks: the provider is asked what is true, when an event is overdue or the fate of a command is
// unknown. A look that fails says nothing; the timer that asked asks again. A look answers the
// question that was asked: whether somebody is in the conference is asked of the conference,
// whether a call lives is asked of the call.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

enum class Haste {
  // Something is overdue.
  kSoon,
  // Nothing is: the look leaves after all other commands of all sessions.
  kRoutine,
};

// Each asks once at a time: a look that is still open is not repeated, unless it is a routine one
// that has not left yet and this one is not.
void LookAtCall(Orders& orders, Leg& leg, Haste haste = Haste::kSoon);
// At the session's own; its id must be known.
void LookAtConference(Orders& orders, Haste haste = Haste::kSoon);
// At one of our name.
void LookAtConference(Orders& orders, const std::string& conference_id, Haste haste = Haste::kSoon);
void FindConference(Orders& orders);
// For a dial that was sent and is of unknown fate.
void FindDial(Orders& orders, Leg& leg);
// Whichever of LookAtCall and FindDial fits what is known of the leg.
void LookForLeg(Orders& orders, Leg& leg, Haste haste = Haste::kSoon);

// When the legs of a talk are to be looked at next, if nothing happens: after connected_look, or
// longer if there are so many talks that the worker asks for it.
void SetRoutineLook(Orders& orders);

// Somebody answered and has not joined. If only a look told of the answer, the join's webhook may
// be lost as well: it is asked for at once.
void LookForTheJoin(Orders& orders);

// The caller may be gone, whatever a refusal says: that is asked before somebody is dialled, told
// why the bridge failed, or left in silence.
void AskForTheCaller(Orders& orders);

// The phase goes on when the look at the caller or the conference that is under way has been
// answered, or a second later.
void AwaitLook(Orders& orders);
bool AwaitsLook(Orders& orders);

// A look at the call failed. An absence that was seen once still lacks its second witness.
void RepeatAbsenceLook(Orders& orders, const Leg& leg);
// A look at the conference that does not name a leg proves nothing about it: its call is asked.
// asked: when the look at the conference left.
void LookAtTheUnnamed(Orders& orders, Time asked, const ConferenceFacts& facts);

}  // namespace callbridge::flow
