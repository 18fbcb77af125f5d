// The body of a refusal in the provider's words (docs/provider.md §1.4). Pure. Whatever it returns
// may be logged: numbers are masked and texts are cut.
#pragma once

#include <string_view>

#include "callbridge/v1/session.pb.h"

namespace callbridge::provider {

// In either of the two shapes that a body has: name is "BAD_REQUEST", "NOT_FOUND" …, whatever shape
// it came in. Empty fields if the body says nothing.
callbridge::v1::ProviderError DecodeError(std::string_view body);

}  // namespace callbridge::provider
