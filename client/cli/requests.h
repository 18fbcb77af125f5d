// Makes requests of the API from flags of the command line. Pure. What only the server can check
// (numbers, limits, names of plans) is left to it.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/base/arguments.h"
#include "server/base/time.h"

namespace callbridge::cli {

// Makes the request. Its request_id stays empty if none was given.
absl::StatusOr<v1::StartBridgeRequest> MakeStartRequest(const base::Arguments& arguments);
// Makes the request without its session_id. Its request_id is made up if none was given.
absl::StatusOr<v1::UpdateLegRequest> MakeUpdateRequest(const base::Arguments& arguments);
// Makes the request. page_size is the rest of the limit, up to the largest page. now: the time from
// which --since and --until count back.
absl::StatusOr<v1::ListSessionsRequest> MakeListRequest(const base::Arguments& arguments,
                                                        base::Time now);
// Makes the request, always with DIAGNOSTIC, because troubles in it are shown to every user.
absl::StatusOr<v1::StreamEventsRequest> MakeWatchRequest(const base::Arguments& arguments);
// Reads the flag --limit.
absl::StatusOr<int> ParseLimit(const base::Arguments& arguments, int otherwise);

absl::StatusOr<v1::Endpoint> ParseEndpoint(const std::string& flag, const std::string& text);

}  // namespace callbridge::cli
