// The session's conference is created once, looked for when nobody knows whether it was, and hung
// up whatever else happens.
#pragma once

#include "server/flow/orders.h"

namespace callbridge::flow {

void CreateConference(Orders& orders);
void OnCreateConferenceResult(Orders& orders, OpenCommand& open, const CommandResult& result);

// Its id became known.
void OnConferenceKnown(Orders& orders);
// It was looked for by its name. asked: when the look left. complete: the look left nothing out; if
// it failed, it is asked again and does not count.
void OnConferenceLookedFor(Orders& orders, Time asked, bool complete);
// It is over, and nobody asked for that. The legs tell who left first; after a while the bridge
// ends without knowing.
void OnConferenceGone(Orders& orders);

}  // namespace callbridge::flow
