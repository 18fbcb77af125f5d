// The program `callbridge-admin` without its process: arguments in, text out, exit status back.
// Tests call it in the same way as main.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "server/admin/exit_status.h"
#include "server/admin/live.h"
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
  // Listens for webhooks in the place of the ingress; for doctor --live.
  MakeLine make_line = [](const LineParts& parts) { return LiveLine::Make(parts, {}); };
  // The operator's next line; nothing at the end of the input. Empty: nobody can be asked.
  std::function<std::optional<std::string>()> read_line = nullptr;
};

ExitStatus Run(const std::vector<std::string>& arguments, const Surroundings& surroundings);

}  // namespace callbridge::admin
