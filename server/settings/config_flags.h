// --config, --check-config and --print-config, which both processes understand alike.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "server/base/arguments.h"
#include "server/settings/file_checks.h"

namespace callbridge::settings {

// To be put among a program's own flags.
std::vector<base::Flag> ConfigFlags();

// Does what --check-config or --print-config ask for. Absent: neither was given, the program should
// run. Otherwise the exit code: 0 when the settings are good, 1 when not; problems and warnings go
// to errors, a line each.
std::optional<int> AnswerConfigFlags(const base::Arguments& arguments, Process process,
                                     std::ostream& output, std::ostream& errors);

}  // namespace callbridge::settings
