// Looks ask the provider for the present state, when an event is overdue or the fate of a command
// is unknown. After a look that fails, the timer that asked asks again. Each look answers its own
// question: a look at the conference tells who is in it, and a look at a call tells whether the
// call lives.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

enum class Haste {
  // An event is overdue.
  kSoon,
  // No event is overdue. The look leaves after all other commands of all sessions.
  kRoutine,
};

// Each function asks once at a time: an open look is not repeated. The exception is a routine look
// that has not left, if the new look is not routine.
void LookAtCall(Orders& orders, Leg& leg, Haste haste = Haste::kSoon);
// Looks at the session's own conference, whose id must be known.
void LookAtConference(Orders& orders, Haste haste = Haste::kSoon);
// Looks at a conference of the session's name.
void LookAtConference(Orders& orders, const std::string& conference_id, Haste haste = Haste::kSoon);
void FindConference(Orders& orders);
// Looks for the call of a dial that was sent and whose fate is unknown.
void FindDial(Orders& orders, Leg& leg);
// Calls LookAtCall or FindDial, depending on what is known of the leg.
void LookForLeg(Orders& orders, Leg& leg, Haste haste = Haste::kSoon);

// Sets the next look at the legs of a talk, if no event comes before. It follows after
// connected_look, or later if the worker asks for it because there are many talks.
void SetRoutineLook(Orders& orders);

// Called when a person answered and has not joined. If only a look told the answer, the webhook of
// the join may be lost as well, so a look asks for the join at once.
void LookForTheJoin(Orders& orders);

// Asks whether the caller is still there, because a refusal does not tell it. The flow asks before
// it dials a callee, explains why the bridge failed, or leaves the caller in silence.
void AskForTheCaller(Orders& orders);

// Makes the phase continue when the open look at the caller or the conference is answered, or a
// second later.
void AwaitLook(Orders& orders);
bool AwaitsLook(Orders& orders);

// Handles a failed look at the call. An absence that was seen once still needs its second look.
void RepeatAbsenceLook(Orders& orders, const Leg& leg);
// Looks at the calls of legs that a look at the conference did not name, because such a look does
// not prove their end. asked: when the look at the conference left.
void LookAtTheUnnamed(Orders& orders, Time asked, const ConferenceFacts& facts);

}  // namespace callbridge::flow
