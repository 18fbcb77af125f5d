// Errors told to a person: what went wrong, which fields, why, and when to try again. Pure.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "client/cli/command_line.h"

namespace callbridge::cli {

// gRPC's own answer to a method that a server does not have; it says nothing at all.
bool IsOtherService(const absl::Status& status);

// Several lines, the last with its end.
std::string ErrorText(const absl::Status& status, const GlobalOptions& global);

}  // namespace callbridge::cli
