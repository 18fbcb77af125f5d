// What the provider says of a leg's call, in an event or a look, and how far the leg has come by
// it. The state of a leg only rises, so the first of several proofs counts, and the others change
// nothing.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Records what is said of the call. Its end counts only with the state ENDED.
void AbsorbCall(Knowledge& known, Leg& leg, const CallFacts& facts);
// Records what is said of the call's place in the session's conference.
void AbsorbParticipant(Knowledge& known, Leg& leg, const ParticipantFacts& facts);
// Records how far the call has come.
// state: up to ANSWERED; the end of the call has a unit of its own (leg_end.h).
// provider_time: when it happened by the provider's word, on our clock, if it said so (times.h).
void RaiseLeg(Knowledge& known, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time);
// Returns when the call was answered, as far as the facts or the present event say.
std::optional<Time> AnswerTime(const Knowledge& known, const CallFacts& facts);
// Records that a leg that has ended was in the conference before, which is told only now.
void NoteWasIn(Leg& leg, const ParticipantFacts& facts);

}  // namespace callbridge::flow
