// Reads a settings file into the message with which both processes run: parsed, checked, and with
// every default filled in. It reports every problem with file, line, column and path, and never
// guesses.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/files.h"

namespace callbridge::settings {

// Returns valid settings (validation.h) with every default filled in; --print-config shows them.
// Numbers become "+" and digits, and addresses of the provider lose their last "/". Plans get all
// fields except the voices of their prompts and the music's loop count, which depend on the
// session. A second call changes nothing.
config::v1::Settings EffectiveSettings(const config::v1::Settings& written);

struct Loaded {
  // The effective settings: every default is filled in.
  config::v1::Settings settings;
  // Remarks about valid settings that the operator should know, each as "settings.yaml:12:7: path:
  // what".
  std::vector<std::string> warnings;
};

// Reads and checks the file, and the files that it names for the process. INVALID_ARGUMENT holds
// one line for each problem, ordered by line. Other errors mean that the file itself cannot be
// read. Relative paths, the argument's and those in the file, start at the current directory.
absl::StatusOr<Loaded> Load(const std::string& path, Process process);

// Does what Load does, and writes the warnings to the log.
absl::StatusOr<config::v1::Settings> LoadSettings(const std::string& path,
                                                  Process process = Process::kAny);

// Does what Load does for a text, without checking any file. file_name is used in messages only.
absl::StatusOr<Loaded> ParseWithWarnings(std::string_view yaml, const std::string& file_name);

// Does what ParseWithWarnings does, without returning the warnings.
absl::StatusOr<config::v1::Settings> ParseSettings(std::string_view yaml,
                                                   const std::string& file_name);

}  // namespace callbridge::settings
