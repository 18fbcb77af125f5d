// The program `callbridge` without its process: arguments in, text out, exit status back. Tests
// call it as main does.
#pragma once

#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

#include "client/cli/command_line.h"
#include "client/cli/exit_status.h"

namespace callbridge::cli {

struct Terminal {
  // What was asked for.
  std::ostream& out;
  // Errors, warnings and remarks.
  std::ostream& err;
  // out may be coloured.
  bool colour = false;
};

bool UseColour(bool is_terminal, const Environment& environment);

// Returns when the command is done; or soon after stop was requested.
ExitStatus Run(const std::vector<std::string>& arguments, const Environment& environment,
               const Terminal& terminal, const std::stop_token& stop);

}  // namespace callbridge::cli
