// The names of events that a subscription may name (docs/provider.md §5.1).
#pragma once

#include <string_view>

namespace callbridge::admin {

// True if the channel VOICE_VIDEO knows such an event. The provider passes over a name that it does
// not know, so a slip in a name loses events without an error.
bool IsKnownEvent(std::string_view name);

}  // namespace callbridge::admin
