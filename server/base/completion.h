// Scripts with which a shell completes the commands and flags of a program. They come from the same
// table as the program's --help, so that both always agree.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/arguments.h"

namespace callbridge::base {

struct CompletedCommand {
  std::string name;
  std::vector<Flag> flags;
  // The possible first words; empty if the word is free.
  std::vector<std::string> choices = {};
};

struct CompletedProgram {
  // Like "callbridge".
  std::string name;
  // The flags of every command.
  std::vector<Flag> flags;
  std::vector<CompletedCommand> commands;
  // Returns the values that a flag takes. The argument is the name that stands for them in the
  // help. Empty means that the program does not know them.
  std::function<std::vector<std::string>(std::string_view)> values_of;
};

// Returns the script for bash. A user sources it, or puts it into the folder of bash's completions.
std::string BashCompletion(const CompletedProgram& program);

// Returns the script for zsh. A user puts it into a folder of zsh's fpath, under the program's name
// with "_" before it.
std::string ZshCompletion(const CompletedProgram& program);

}  // namespace callbridge::base
