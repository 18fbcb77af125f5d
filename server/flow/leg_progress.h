// How far a leg has come. Its state only rises, so the first of several proofs counts, and the
// others change nothing.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// provider_time: when it happened by the provider's word, on our clock, if it said so (times.h).
// state: the state of the call, up to ANSWERED; EndLeg (leg_end.h) ends it.
void RaiseLeg(Knowledge& known, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time);
// Records that the leg is in the conference, and therefore has answered.
void JoinConference(Knowledge& known, Leg& leg, std::optional<Time> provider_time);
// Returns when the call was answered, as far as the facts or the present event say.
std::optional<Time> AnswerTime(const Knowledge& known, const CallFacts& facts);

}  // namespace callbridge::flow
