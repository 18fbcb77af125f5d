// Which leg a call of the provider belongs to.
#pragma once

#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Gives the call to the leg that it belongs to: by its id, by its customData, or as the unknown
// outgoing call in our conference that only one dial can have made. Null: it is none of ours.
Leg* AdoptCall(Knowledge& known, const CallFacts& facts, std::string_view conference_id);
// A call of a dial that has another call already, or was taken for one without: kept as a leg of
// its own. The caller's is hung up. Of the callee's KeepOneCallee decides; the stray counts if the
// other one is over.
Leg& AddStray(Knowledge& known, const Leg& of, const CallFacts& facts);
// If the provider shows two calls for one callee, one is kept: the joined one, else the older.
void KeepOneCallee(Knowledge& known);

}  // namespace callbridge::flow
