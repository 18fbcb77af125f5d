// Where a list of sessions was left, bound to the conditions it was asked with. Opaque to clients.
#pragma once

#include <optional>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"

namespace callbridge::api {

// The next page begins behind this place of the store's.
std::string EncodePageToken(const v1::ListSessionsRequest& request, const std::string& place);
// Absent: damaged, or made for other conditions.
std::optional<std::string> DecodePageToken(const v1::ListSessionsRequest& request);

}  // namespace callbridge::api
