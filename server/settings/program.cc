#include "server/settings/program.h"

#include <absl/strings/str_format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "server/base/check.h"
#include "server/base/descriptors.h"
#include "server/base/log.h"
#include "server/base/log_thread.h"
#include "server/base/mask.h"
#include "server/base/version.h"
#include "server/settings/example.h"
#include "server/settings/load.h"
#include "server/settings/print.h"

namespace callbridge::settings {

namespace {

constexpr std::array kStop = {SIGTERM, SIGINT};
constexpr std::array kToldAndIgnored = {SIGHUP, SIGUSR1, SIGUSR2};

}  // namespace

StopSignals::StopSignals() {
  sigemptyset(&signals_);
  for (const int number : kStop) sigaddset(&signals_, number);
  for (const int number : kToldAndIgnored) sigaddset(&signals_, number);
  base::Check(pthread_sigmask(SIG_BLOCK, &signals_, nullptr) == 0, "signals cannot be blocked");
  base::Check(signal(SIGPIPE, SIG_IGN) != SIG_ERR, "SIGPIPE cannot be ignored");
}

void StopSignals::Wait() const {
  while (true) {
    int number = 0;
    base::Check(sigwait(&signals_, &number) == 0, "signals cannot be waited for");
    if (std::ranges::find(kStop, number) != kStop.end()) return;
    base::Log(
        base::LogLevel::kWarning, "signal_ignored",
        {{"signal", absl::StrFormat("SIG%s", sigabbrev_np(number))},
         {"help", "settings and secrets are read at the start only; restart to change them"}});
  }
}

bool StopSignals::Came() const {
  sigset_t pending;
  base::Check(sigpending(&pending) == 0, "signals cannot be looked at");
  return std::ranges::any_of(kStop, [&](int number) { return sigismember(&pending, number) == 1; });
}

namespace {

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return EXIT_SUCCESS;
  base::PrintLastWords(std::string(status.message()));
  return EXIT_FAILURE;
}

}  // namespace

std::vector<base::Flag> ConfigFlags() {
  return {{"config", "FILE", "the settings file; relative paths start at the current directory"},
          {"check-config", "", "check the settings and the files they name, then exit"},
          {"print-config", "", "print the settings with all defaults filled in, then exit"},
          {"print-example", "", "print a settings file that explains every setting, then exit"}};
}

std::optional<int> AnswerConfigFlags(const base::Arguments& arguments, Process process,
                                     std::ostream& output, std::ostream& errors) {
  if (arguments.Has("print-example")) {
    output << PrintExample();
    return 0;
  }
  const bool check = arguments.Has("check-config");
  const bool print = arguments.Has("print-config");
  if (!check && !print) return std::nullopt;
  const std::optional<std::string> path = arguments.Value("config");
  if (!path.has_value()) {
    errors << "--config: required; name the settings file\n";
    return 1;
  }
  const absl::StatusOr<Loaded> loaded = Load(*path, process);
  if (!loaded.ok()) {
    errors << std::string(loaded.status().message()) << "\n";
    return 1;
  }
  for (const std::string& warning : loaded->warnings) errors << warning << " (warning)\n";
  if (check) errors << *path << ": good\n";
  if (print) output << PrintYaml(loaded->settings);
  return 0;
}

int RunProgram(const Program& program, int argument_count, const char* const* arguments) {
  const StopSignals stop_signals;
  std::vector<base::Flag> flags = ConfigFlags();
  flags.insert(flags.end(), program.flags.begin(), program.flags.end());
  const std::vector<base::Flag> common = base::CommonFlags();
  flags.insert(flags.end(), common.begin(), common.end());
  const auto parsed = base::Arguments::Parse(argument_count, arguments, flags);
  if (!parsed.ok()) {
    std::cerr << std::string(parsed.status().message()) << "\n";
    return EXIT_FAILURE;
  }
  if (parsed->Has("help")) {
    std::cout << program.name << " --config FILE …\n" << base::DescribeFlags(flags);
    return EXIT_SUCCESS;
  }
  if (parsed->Has("version")) {
    std::cout << program.name << " " << base::Version() << "\n";
    return EXIT_SUCCESS;
  }
  const auto answered = AnswerConfigFlags(*parsed, program.process, std::cout, std::cerr);
  if (answered.has_value()) return *answered;
  if (program.answer) {
    if (const std::optional<absl::Status> status = program.answer(*parsed))
      return ExitCodeOf(*status);
  }
  if (!parsed->words().empty()) {
    std::cerr << "\"" << base::MaskText(parsed->words().front())
              << "\": one word too many; the program takes only flags, see --help\n";
    return EXIT_FAILURE;
  }
  const std::optional<std::string> config = parsed->Value("config");
  if (!config.has_value()) {
    std::cerr << "--config: required; write --config FILE, see --help\n";
    return EXIT_FAILURE;
  }
  const auto settings = LoadSettings(*config, program.process);
  absl::Status status = settings.status();
  if (status.ok()) {
    base::RaiseDescriptorLimit();
    const base::LogThread log_thread;
    const auto level = base::ParseLogLevel(settings->log().level());
    if (level.has_value()) base::SetLogLevel(*level);
    base::MaybeWarnOfFewDescriptors();
    status = program.serve(*settings, *parsed, stop_signals);
  }
  return ExitCodeOf(status);
}

}  // namespace callbridge::settings
