// The program `callbridge-admin`, which is the process around admin::Run.
#include <absl/synchronization/mutex.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "server/admin/run.h"
#include "server/base/bell.h"
#include "server/base/clock.h"
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
  const callbridge::base::ServiceClock clock;
  const callbridge::admin::Surroundings surroundings{
      std::cout,
      std::cerr,
      clock,
      [&clock] { return std::make_unique<callbridge::provider::CurlTransport>(clock); },
      Wait,
      callbridge::admin::AskServerByGrpc,
      isatty(STDERR_FILENO) == 1};
  ExitStatus status = callbridge::admin::Run(
      std::vector<std::string>(arguments + 1, arguments + argument_count), surroundings);
  std::cout.flush();
  if (!std::cout && status == ExitStatus::kOk) {
    std::cerr << "callbridge-admin: the output could not be written\n";
    status = ExitStatus::kFailed;
  }
  return static_cast<int>(status);
}
