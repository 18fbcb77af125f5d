// Appends the one input that a request of a client becomes.
#pragma once

#include <absl/status/statusor.h>

#include "server/base/time.h"
#include "server/store/inbox.h"

namespace callbridge::api {

// Returns what became of the input, or the store's status.
absl::StatusOr<store::Appended> AppendOne(store::Inbox& inbox, store::NewInput input,
                                          base::Time now);

}  // namespace callbridge::api
