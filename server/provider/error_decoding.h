// Reads the body of a refusal (docs/provider.md §1.4). Pure. The result may be logged, because
// numbers are masked and texts are cut.
#pragma once

#include <string_view>

#include "callbridge/v1/session.pb.h"

namespace callbridge::provider {

// Reads both shapes of a body. In either shape the name is a text like "BAD_REQUEST" or
// "NOT_FOUND". Fields that the body does not tell stay empty.
callbridge::v1::ProviderError DecodeError(std::string_view body);

}  // namespace callbridge::provider
