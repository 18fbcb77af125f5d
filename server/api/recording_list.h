// ListRecordings: the recordings of one session, or of all that have some, in pages.
#pragma once

#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/asker.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Fails with INVALID_FIELD, SESSION_NOT_FOUND or the store's status. It reads about
// kListCallRowsMax rows and stops when the client has gone. The page is then short, and its token
// continues the search. Thread-safe.
absl::StatusOr<v1::ListRecordingsResponse> ListRecordings(store::Sessions& sessions,
                                                          const v1::ListRecordingsRequest& request,
                                                          const Asker& asker = {});

}  // namespace callbridge::api
