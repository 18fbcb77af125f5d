// Explains errors to a person: what went wrong, which fields, why, and when to try again. Pure.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "client/cli/command_line.h"

namespace callbridge::cli {

// True for gRPC's own answer to a method that a server does not have, which has no details.
bool IsOtherService(const absl::Status& status);

// Returns several lines; the last one has its line end.
std::string ErrorText(const absl::Status& status, const GlobalOptions& global);

}  // namespace callbridge::cli
