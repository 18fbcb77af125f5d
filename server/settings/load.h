// From a settings file to the message that both processes run with: read, checked, and every
// default filled in. It reports every problem that it finds, with file, line, column and path, and
// never guesses.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/file_checks.h"

namespace callbridge::settings {

struct Loaded {
  // Effective: every default is filled in.
  config::v1::Settings settings;
  // Not wrong, but worth knowing; each as "settings.yaml:12:7: path: what".
  std::vector<std::string> warnings;
};

// Reads and checks the file and the files that it names for the process. INVALID_ARGUMENT: one line
// for each problem, by line. Otherwise the file itself cannot be read. Relative paths, the
// argument's and those in the file, start at the current directory.
absl::StatusOr<Loaded> Load(const std::string& path, Process process);

// As Load, with the warnings written to the log.
absl::StatusOr<config::v1::Settings> LoadSettings(const std::string& path,
                                                  Process process = Process::kAny);

// As Load, of a text, and without looking at any file; file_name is used in messages only.
absl::StatusOr<Loaded> ParseWithWarnings(std::string_view yaml, const std::string& file_name);

// As ParseWithWarnings, without the warnings.
absl::StatusOr<config::v1::Settings> ParseSettings(std::string_view yaml,
                                                   const std::string& file_name);

}  // namespace callbridge::settings
