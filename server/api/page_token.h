// The token of a page: where the page ended, bound to the conditions of the request. Clients do not
// read it.
#pragma once

#include <optional>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"

namespace callbridge::api {

// Makes the token. The next page begins after `place`, which is a place of the store.
std::string EncodePageToken(const v1::ListSessionsRequest& request, const std::string& place);
std::string EncodePageToken(const v1::ListRecordingsRequest& request, const std::string& place);
// Returns the place. Absent means that the token is damaged, or was made for other conditions.
std::optional<std::string> DecodePageToken(const v1::ListSessionsRequest& request);
std::optional<std::string> DecodePageToken(const v1::ListRecordingsRequest& request);

}  // namespace callbridge::api
