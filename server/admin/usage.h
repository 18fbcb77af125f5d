// The table of the program's commands. The parser, --help and the shells' completion read it, so
// that they know the same flags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/base/arguments.h"
#include "server/base/completion.h"

namespace callbridge::admin {

struct CommandUsage {
  std::string name;
  // The words that may follow the command, like "bash|zsh"; empty if it takes none.
  std::string word;
  // What follows that word, like "[FILE|ID]"; usually empty.
  std::string operand;
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

// What the shells' completion is made of. It is the same table.
base::CompletedProgram Completed();

// The usage of the whole program, and of one command.
std::string UsageText();
std::string UsageText(const CommandUsage& command);

}  // namespace callbridge::admin
