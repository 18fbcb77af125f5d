// One event of the provider read as a ProviderEvent: which properties belong to which type
// (docs/provider.md §4.2), and what the type itself says where they are silent. It takes no
// decision about a call; a type that is not known is kept as OTHER.
#pragma once

#include "callbridge/internal/v1/facts.pb.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// False: the object has no type, and nothing was read.
bool ReadEvent(const JsonObject& object, internal::v1::ProviderEvent* event);

}  // namespace callbridge::provider
