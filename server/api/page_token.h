// The place where a page of sessions ended, bound to the conditions of the request. Opaque to
// clients.
#pragma once

#include <optional>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"

namespace callbridge::api {

// The next page begins behind this place of the store's.
std::string EncodePageToken(const v1::ListSessionsRequest& request, const std::string& place);
// Absent: the token is damaged, or was made for other conditions.
std::optional<std::string> DecodePageToken(const v1::ListSessionsRequest& request);

}  // namespace callbridge::api
