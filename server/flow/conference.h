// The session's conference. It is created once, looked for when it is unknown whether it was
// created, and hung up at the end in any case.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

void CreateConference(Orders& orders);
void OnCreateConferenceResult(Orders& orders, OpenCommand& open, const CommandResult& result);

// Called when the conference's id became known.
void OnConferenceKnown(Orders& orders);
// Handles a search for the conference by its name. asked: when the look left. complete: the look
// read the whole list; an incomplete look is repeated and does not count.
void OnConferenceLookedFor(Orders& orders, Time asked, bool complete);
// Called when the conference is over although the flow did not end it. The legs tell who left
// first. After a while the bridge ends without knowing it.
void OnConferenceGone(Orders& orders);

}  // namespace callbridge::flow
