// The table of the program's commands: flags, words, examples. The parser, --help and the shells'
// completion read the same table, so that they always know the same flags.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/arguments.h"

namespace callbridge::cli {

struct CommandUsage {
  std::string name;
  // The words after the command: "ID", "[ID]", "ID TEXT", an empty text, or several words that end
  // with "...]".
  std::string words;
  std::string summary;
  // More lines of description, or an empty text.
  std::string description;
  std::string examples;
  std::vector<base::Flag> flags;
  // The possible first words; empty if the word is free.
  std::vector<std::string> choices = {};
};

const std::vector<base::Flag>& GlobalFlags();
const std::vector<CommandUsage>& Commands();
// Returns null for an unknown command.
const CommandUsage* FindCommand(std::string_view name);

// The usage of the whole program, and of one command.
std::string UsageText();
std::string UsageText(const CommandUsage& command);

}  // namespace callbridge::cli
