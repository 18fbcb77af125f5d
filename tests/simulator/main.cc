// infobip-simulator: reads the command line, says where it listens, serves until SIGTERM or SIGINT.
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/base/version.h"
#include "tests/simulator/options.h"
#include "tests/simulator/shell.h"

int main(int count, char** values) {
  using callbridge::simulator::DescribeOptions;
  using callbridge::simulator::ParseOptions;
  using callbridge::simulator::Shell;

  const auto options = ParseOptions(std::vector<std::string>(values + 1, values + count));
  if (!options.ok()) {
    std::cerr << "infobip-simulator: " << std::string(options.status().message()) << "\n";
    return EXIT_FAILURE;
  }
  if (options->help) {
    std::cout << DescribeOptions();
    return EXIT_SUCCESS;
  }
  if (options->version) {
    std::cout << "infobip-simulator " << callbridge::base::Version() << "\n";
    return EXIT_SUCCESS;
  }
  const callbridge::base::ServiceClock clock;
  Shell shell(*options, clock);
  shell.StopOnSignals();
  const absl::Status started = shell.Start();
  if (!started.ok()) {
    std::cerr << "infobip-simulator: " << std::string(started.message()) << "\n";
    return EXIT_FAILURE;
  }
  std::cout << "listening on " << shell.address() << "\nseed " << options->settings.seed
            << std::endl;
  shell.Run();
  return EXIT_SUCCESS;
}
