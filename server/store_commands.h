// What an operator asks of a store instead of serving: a check, a backup, a new id.
#pragma once

#include <absl/status/status.h>

#include <optional>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/arguments.h"

namespace callbridge {

std::vector<base::Flag> StoreFlags();

// --check-store, which needs no settings. Absent: it was not asked for. Answers on standard output.
std::optional<absl::Status> AnswerCheckStore(const base::Arguments& arguments);

// --backup and --new-store-id, for the store of the settings. Absent: neither was asked for.
std::optional<absl::Status> AnswerStoreFlags(const base::Arguments& arguments,
                                             const config::v1::Store& settings);

}  // namespace callbridge
