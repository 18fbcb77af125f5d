// ListSessions: typed conditions to the store's filter, and pages of a bounded size.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// INVALID_FIELD, or the store's status. Looks at about kListCallRowsMax rows and stops when the
// asker has gone: then the page is short, and its token goes on. Thread-safe.
absl::StatusOr<v1::ListSessionsResponse> ListSessions(store::Sessions& sessions,
                                                      const v1::ListSessionsRequest& request,
                                                      const Asker& asker = {});

}  // namespace callbridge::api
