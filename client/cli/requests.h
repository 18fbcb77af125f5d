// Flags of the command line made into requests of the API. Pure. What only the server can judge
// (numbers, limits, names of plans) is left to it.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/base/arguments.h"
#include "server/base/time.h"

namespace callbridge::cli {

// Without a request_id if none was given.
absl::StatusOr<v1::StartBridgeRequest> MakeStartRequest(const base::Arguments& arguments);
// page_size is what is left of the limit, at most a page.
// now: what --since and --until count back from.
absl::StatusOr<v1::ListSessionsRequest> MakeListRequest(const base::Arguments& arguments,
                                                        base::Time now);
// With DIAGNOSTIC always: troubles among them are shown to everybody.
absl::StatusOr<v1::StreamEventsRequest> MakeWatchRequest(const base::Arguments& arguments);
// The flag --limit.
absl::StatusOr<int> ParseLimit(const base::Arguments& arguments, int otherwise);

absl::StatusOr<v1::Endpoint> ParseEndpoint(const std::string& flag, const std::string& text);

}  // namespace callbridge::cli
