// From a settings file to the message that both processes run with: read, checked, and every
// default filled in. It reports every problem that it finds, with file, line, column and path, and
// never guesses.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/files.h"

namespace callbridge::settings {

// Settings with every default filled in: what the processes run with and what --print-config shows.
// Takes valid settings (validation.h). Numbers become "+" and digits, addresses of the provider
// lose their last "/", plans have all fields but the voices of their prompts and the music's loop
// count, which depend on the session. Applied twice it changes nothing more.
config::v1::Settings EffectiveSettings(const config::v1::Settings& written);

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
