// ListSessions: turns typed conditions into the store's filter, and returns pages of a bounded
// size.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Fails with INVALID_FIELD or the store's status. It reads about kListCallRowsMax rows and stops
// when the client has gone. The page is then short, and its token continues the search.
// Thread-safe.
absl::StatusOr<v1::ListSessionsResponse> ListSessions(store::Sessions& sessions,
                                                      const v1::ListSessionsRequest& request,
                                                      const Asker& asker = {});

}  // namespace callbridge::api
