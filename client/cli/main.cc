// The program `callbridge`, which is the process around cli::Run.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "client/cli/run.h"
#include "server/base/stop_on_signal.h"

namespace {

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using callbridge::cli::ExitStatus;
  const callbridge::base::StopOnSignal stop;
  callbridge::cli::Environment environment;
  environment.server = FromEnvironment("CALLBRIDGE_SERVER");
  environment.inbox = FromEnvironment("CALLBRIDGE_INBOX");
  environment.no_color = FromEnvironment("NO_COLOR");
  const callbridge::cli::Terminal terminal{
      std::cout, std::cerr, callbridge::cli::UseColour(isatty(STDOUT_FILENO) == 1, environment)};
  ExitStatus status =
      callbridge::cli::Run(std::vector<std::string>(arguments + 1, arguments + argument_count),
                           environment, terminal, stop.token());
  std::cout.flush();
  if (!std::cout && status == ExitStatus::kOk) {
    std::cerr << "callbridge: the output could not be written\n";
    status = ExitStatus::kFailed;
  }
  return static_cast<int>(status);
}
