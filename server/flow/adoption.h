// Finds the leg to which a call of the provider belongs.
#pragma once

#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Gives the call to its leg: by the call's id, by its customData, or because only one dial can have
// made an unknown outgoing call in our conference. Null means that the call belongs to no leg of
// this session.
Leg* AdoptCall(Knowledge& known, const CallFacts& facts, std::string_view conference_id);
// Adds a leg for a second call of a dial that has another call already, or was considered to have
// none. A second call of the caller is hung up. For a callee KeepOneCallee decides; the stray
// counts if the other call is over.
Leg& AddStray(Knowledge& known, const Leg& of, const CallFacts& facts);
// Keeps one call if the provider shows two for one callee: the call that has joined, otherwise the
// older one.
void KeepOneCallee(Knowledge& known);

}  // namespace callbridge::flow
