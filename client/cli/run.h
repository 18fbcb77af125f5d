// The program `callbridge` without its process: arguments in, text out, exit status back. Tests
// call it in the same way as main.
#pragma once

#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

#include "client/cli/command_line.h"
#include "client/cli/exit_status.h"

namespace callbridge::cli {

struct Terminal {
  // Receives what the user asked for.
  std::ostream& out;
  // Receives errors, warnings and remarks.
  std::ostream& err;
  // Colours are allowed in `out`.
  bool colour = false;
};

bool UseColour(bool is_terminal, const Environment& environment);

// Runs the command, and returns when it is done, or soon after stop was requested.
ExitStatus Run(const std::vector<std::string>& arguments, const Environment& environment,
               const Terminal& terminal, const std::stop_token& stop);

}  // namespace callbridge::cli
