// What both processes do around their work: flags, settings, log level, signals, exit code. The
// work itself is given to it.
#pragma once

#include <absl/status/status.h>
#include <signal.h>

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/arguments.h"
#include "server/settings/files.h"

namespace callbridge::settings {

// What becomes of the signals that a service may be sent. SIGTERM and SIGINT stop it. SIGHUP,
// SIGUSR1 and SIGUSR2, which log rotation and reloaders send, are told in the log and change
// nothing, because settings are read at the start only. SIGPIPE is ignored: a log whose reader has
// left is no reason to end. All others keep their default: they end the process like a crash, and
// the next start goes on where it was. The signals are blocked in every thread that begins after
// this was made, so that Wait alone receives them.
class StopSignals {
 public:
  StopSignals();
  // Returns when the service is to stop.
  void Wait() const;
  // Whether Wait would return at once, for work that takes long at the start.
  bool Came() const;

 private:
  sigset_t signals_;
};

// To be put among a program's own flags.
std::vector<base::Flag> ConfigFlags();

// Does what --check-config, --print-config or --print-example ask for. Absent: none was given, the
// program should run. Otherwise the exit code: 0 when the settings are good, 1 when not; problems
// and warnings go to errors, a line each.
std::optional<int> AnswerConfigFlags(const base::Arguments& arguments, Process process,
                                     std::ostream& output, std::ostream& errors);

struct Program {
  // As it is called.
  std::string name;
  Process process;
  // Beside ConfigFlags(), --version and --help.
  std::vector<base::Flag> flags;
  // Serves until the stop signals say otherwise.
  std::function<absl::Status(const config::v1::Settings&, const base::Arguments&,
                             const StopSignals&)>
      serve;
  // Asked before the settings are read. Absent: it has nothing to answer, and the program serves.
  std::function<std::optional<absl::Status>(const base::Arguments&)> answer = {};
};

// Returns the process's exit code.
int RunProgram(const Program& program, int argument_count, const char* const* arguments);

}  // namespace callbridge::settings
