// How far a leg has come. Its state only rises, so the first of several proofs wins and the rest
// are absorbed.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// provider_time: when it happened by the provider's word, on our clock, if it said so (times.h).
void RaiseLeg(Knowledge& known, Leg& leg, v1::Leg::State state, std::optional<Time> provider_time);
// When the call was answered, as far as the facts or the event at hand say.
std::optional<Time> AnswerTime(const Knowledge& known, const CallFacts& facts);

}  // namespace callbridge::flow
