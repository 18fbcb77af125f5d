// What both processes share: flags, settings, log level, signals and exit code. The caller provides
// the work itself.
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

// The signals that a service may receive. SIGTERM and SIGINT stop it. SIGHUP, SIGUSR1 and SIGUSR2,
// which log rotation and reloaders send, are logged and otherwise ignored, because settings are
// read at the start only. SIGPIPE is ignored, because a log whose reader has left is no reason to
// end.
//
// All other signals keep their default: they end the process like a crash, and the next start
// continues from the store. The signals are blocked in every thread that begins after this object
// was made, so that only Wait receives them.
class StopSignals {
 public:
  StopSignals();
  // Returns when the service is to stop.
  void Wait() const;
  // True if Wait would return at once. Long work at the start asks for it.
  bool Came() const;

 private:
  sigset_t signals_;
};

// The flags for AnswerConfigFlags, which a program adds to its own.
std::vector<base::Flag> ConfigFlags();

// Answers --check-config, --print-config and --print-example. Absent means that none of them was
// given, and the program should run. Otherwise it returns the exit code: 0 for valid settings, 1
// for invalid ones. Problems and warnings are written to `errors`, one line each.
std::optional<int> AnswerConfigFlags(const base::Arguments& arguments, Process process,
                                     std::ostream& output, std::ostream& errors);

struct Program {
  // The name with which the program is called.
  std::string name;
  Process process;
  // The program's flags beside ConfigFlags(), --version and --help.
  std::vector<base::Flag> flags;
  // Serves until the stop signals tell it to stop.
  std::function<absl::Status(const config::v1::Settings&, const base::Arguments&,
                             const StopSignals&)>
      serve;
  // Asked before the settings are read. Absent means that no flag needs an answer, and the program
  // serves.
  std::function<std::optional<absl::Status>(const base::Arguments&)> answer = {};
};

// Runs the program, and returns the process's exit code.
int RunProgram(const Program& program, int argument_count, const char* const* arguments);

}  // namespace callbridge::settings
