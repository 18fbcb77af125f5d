// Reads one event of the provider as a ProviderEvent: which properties belong to which type
// (docs/provider.md §4.2), and what the type itself tells where they are silent. It makes no
// decision about a call. An unknown type is kept as OTHER.
#pragma once

#include "callbridge/internal/v1/facts.pb.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// Reads the event. Returns false if the object has no type; the event is then unchanged.
bool ReadEvent(const JsonObject& object, internal::v1::ProviderEvent* event);

}  // namespace callbridge::provider
