// The tasks of an operator for a store that is not being served: a check, a backup, a new id.
#pragma once

#include <absl/status/status.h>

#include <optional>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/arguments.h"

namespace callbridge {

std::vector<base::Flag> StoreFlags();

// Answers --check-store, which needs no settings, on standard output. Absent means that the flag is
// not given.
std::optional<absl::Status> AnswerCheckStore(const base::Arguments& arguments);

// Answers --backup and --new-store-id, for the store of the settings. Absent means that neither
// flag is given.
std::optional<absl::Status> AnswerStoreFlags(const base::Arguments& arguments,
                                             const config::v1::Store& settings);

}  // namespace callbridge
