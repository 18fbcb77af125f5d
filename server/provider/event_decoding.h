// Reads one event of the provider as a ProviderEvent: which properties belong to which type
// (docs/provider.md §4.2), and what the type itself tells where they are silent. It makes no
// decision about a call. An unknown type is kept as OTHER.
#pragma once

#include <string_view>
#include <vector>

#include "callbridge/internal/v1/facts.pb.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// The names of the types that the service uses: exactly these are to be subscribed to. All others
// are read as OTHER.
std::vector<std::string_view> UsedEventTypes();

// Reads the event. Returns false if the object has no type; the event is then unchanged.
bool ReadEvent(const JsonObject& object, internal::v1::ProviderEvent* event);

}  // namespace callbridge::provider
