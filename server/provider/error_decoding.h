// Errors in the provider's words: the bodies of refusals (Calls API §1.4) and the error codes of
// calls (§6). Pure. Whatever it returns may be logged: numbers are masked and texts are cut.
#pragma once

#include <string>
#include <string_view>

#include "callbridge/v1/session.pb.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// The body of a refusal, in either of its two shapes: name is "BAD_REQUEST", "NOT_FOUND" …,
// whatever shape it came in. Empty fields if the body says nothing.
callbridge::v1::ProviderError DecodeError(std::string_view body);

// {id, name, description} of a CallLog or ConferenceLog.
callbridge::v1::ProviderError ReadErrorCode(const JsonObject& object);

}  // namespace callbridge::provider
