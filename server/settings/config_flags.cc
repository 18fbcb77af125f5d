#include "server/settings/config_flags.h"

#include <absl/status/statusor.h>

#include <string>

#include "server/settings/load.h"
#include "server/settings/print.h"

namespace callbridge::settings {

std::vector<base::Flag> ConfigFlags() {
  return {{"config", "FILE", "the settings file; relative paths start at the current directory"},
          {"check-config", "", "check the settings and the files they name, then exit"},
          {"print-config", "", "print the settings with all defaults filled in, then exit"}};
}

std::optional<int> AnswerConfigFlags(const base::Arguments& arguments, Process process,
                                     std::ostream& output, std::ostream& errors) {
  const bool check = arguments.Has("check-config");
  const bool print = arguments.Has("print-config");
  if (!check && !print) return std::nullopt;
  const std::optional<std::string> path = arguments.Value("config");
  if (!path.has_value()) {
    errors << "--config: needed; name the settings file\n";
    return 1;
  }
  const absl::StatusOr<Loaded> loaded = Load(*path, process);
  if (!loaded.ok()) {
    errors << std::string(loaded.status().message()) << "\n";
    return 1;
  }
  for (const std::string& warning : loaded->warnings) errors << warning << " (warning)\n";
  if (check) errors << *path << ": good\n";
  if (print) output << PrintYaml(loaded->settings);
  return 0;
}

}  // namespace callbridge::settings
