#include "server/settings/program.h"

#include <cstdlib>
#include <iostream>
#include <optional>

#include "server/base/check.h"
#include "server/base/log.h"
#include "server/settings/config_flags.h"
#include "server/settings/load.h"

namespace callbridge::settings {

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  base::Check(pthread_sigmask(SIG_BLOCK, &signals_, nullptr) == 0, "signals cannot be blocked");
}

void StopSignals::Wait() const {
  int signal = 0;
  base::Check(sigwait(&signals_, &signal) == 0, "signals cannot be waited for");
}

bool StopSignals::Came() const {
  sigset_t pending;
  base::Check(sigpending(&pending) == 0, "signals cannot be looked at");
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

namespace {

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << std::string(status.message()) << "\n";
  return EXIT_FAILURE;
}

}  // namespace

int RunProgram(const Program& program, int argument_count, const char* const* arguments) {
  const StopSignals stop_signals;
  std::vector<base::Flag> flags = ConfigFlags();
  flags.insert(flags.end(), program.flags.begin(), program.flags.end());
  flags.push_back({"help", "", "print this"});
  const auto parsed = base::Arguments::Parse(argument_count, arguments, flags);
  if (!parsed.ok()) {
    std::cerr << std::string(parsed.status().message()) << "\n";
    return EXIT_FAILURE;
  }
  if (parsed->Has("help")) {
    std::cout << program.name << " --config FILE …\n" << base::DescribeFlags(flags);
    return EXIT_SUCCESS;
  }
  const auto answered = AnswerConfigFlags(*parsed, program.process, std::cout, std::cerr);
  if (answered.has_value()) return *answered;
  if (program.answer) {
    if (const std::optional<absl::Status> status = program.answer(*parsed))
      return ExitCodeOf(*status);
  }
  const std::optional<std::string> config = parsed->Value("config");
  if (!config.has_value() || !parsed->words().empty()) {
    std::cerr << "--config FILE is needed, and nothing but flags; see --help\n";
    return EXIT_FAILURE;
  }
  const auto settings = LoadSettings(*config, program.process);
  absl::Status status = settings.status();
  if (status.ok()) {
    const auto level = base::ParseLogLevel(settings->log().level());
    if (level.has_value()) base::SetLogLevel(*level);
    status = program.serve(*settings, *parsed, stop_signals);
  }
  return ExitCodeOf(status);
}

}  // namespace callbridge::settings
