// What the program knows of its commands: flags, words, examples. The parser, --help and the
// completion of shells read the same tables, so that none knows a flag that another does not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/arguments.h"

namespace callbridge::cli {

struct CommandUsage {
  std::string name;
  // "ID", "[ID]", nothing, or several words, then ending with "...]".
  std::string words;
  std::string summary;
  // More lines, if there is more to say.
  std::string description;
  std::string examples;
  std::vector<base::Flag> flags;
  // What the first word may be, where it is not free.
  std::vector<std::string> choices = {};
};

const std::vector<base::Flag>& GlobalFlags();
const std::vector<CommandUsage>& Commands();
// Null for an unknown one.
const CommandUsage* FindCommand(std::string_view name);

// The whole program, and one command.
std::string UsageText();
std::string UsageText(const CommandUsage& command);

}  // namespace callbridge::cli
