// The program `callbridge-admin` without its process: arguments in, text out, exit status back.
// Tests call it in the same way as main.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "server/admin/exit_status.h"
#include "server/admin/server_checks.h"
#include "server/base/clock.h"
#include "server/provider/transport.h"

namespace callbridge::admin {

struct Surroundings {
  // Receives what the user asked for.
  std::ostream& out;
  // Receives errors and warnings.
  std::ostream& err;
  const base::Clock& clock;
  // Called once the command line and the settings are right.
  std::function<std::unique_ptr<provider::Transport>()> make_transport;
  // Lets this time pass.
  std::function<void(base::Duration)> wait;
  // Asks a running server for its status.
  AskServer ask_server;
  // Whether `err` is a terminal.
  bool terminal = false;
};

ExitStatus Run(const std::vector<std::string>& arguments, const Surroundings& surroundings);

}  // namespace callbridge::admin
