// The table of the program's commands. The parser and --help read it, so that both know the same
// flags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/base/arguments.h"

namespace callbridge::admin {

struct CommandUsage {
  std::string name;
  std::string summary;
  // More lines of description.
  std::string description;
  std::string examples;
  std::vector<base::Flag> flags;
};

const std::vector<base::Flag>& GlobalFlags();
const std::vector<CommandUsage>& Commands();
// Returns null for an unknown command.
const CommandUsage* FindCommand(std::string_view name);

// The usage of the whole program, and of one command.
std::string UsageText();
std::string UsageText(const CommandUsage& command);

}  // namespace callbridge::admin
