// The program `callbridge-admin`, which is the process around admin::Run.
#include <absl/synchronization/mutex.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/admin/run.h"
#include "server/admin/terminal.h"
#include "server/base/bell.h"
#include "server/base/clock.h"
#include "server/base/stop_on_signal.h"
#include "server/provider/curl_transport.h"

namespace {

void Wait(callbridge::base::Duration duration) {
  absl::Mutex mutex;
  callbridge::base::Bell bell;
  absl::MutexLock lock(&mutex);
  bell.WaitFor(mutex, duration, [] { return false; });
}

}  // namespace

int main(int argument_count, char** arguments) {
  using callbridge::admin::ExitStatus;
  // Before the first thread. Only doctor --live has something to take back when it is interrupted;
  // everything else ends at once. A second signal ends doctor --live at once too.
  std::optional<callbridge::base::StopOnSignal> stop;
  if (std::ranges::count(arguments + 1, arguments + argument_count, std::string_view("--live")) >
      0) {
    stop.emplace();
  }
  const callbridge::base::ServiceClock clock;
  callbridge::admin::Surroundings surroundings{
      std::cout,
      std::cerr,
      clock,
      [&clock] { return std::make_unique<callbridge::provider::CurlTransport>(clock); },
      Wait,
      callbridge::admin::AskServerByGrpc,
      isatty(STDERR_FILENO) == 1,
      [&stop](const callbridge::admin::LineParts& parts) {
        return callbridge::admin::LiveLine::Make(parts, stop ? stop->token() : std::stop_token());
      }};
  if (isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1) {
    surroundings.read_line = [&stop] {
      return callbridge::admin::ReadLine(STDIN_FILENO, stop ? stop->token() : std::stop_token());
    };
  }
  ExitStatus status = callbridge::admin::Run(
      std::vector<std::string>(arguments + 1, arguments + argument_count), surroundings);
  std::cout.flush();
  if (!std::cout && status == ExitStatus::kOk) {
    std::cerr << "callbridge-admin: the output could not be written\n";
    status = ExitStatus::kFailed;
  }
  return static_cast<int>(status);
}
