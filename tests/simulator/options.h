// The command line of infobip-simulator. Every value has a default, so that the program runs
// without any.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "tests/simulator/webhook_sender.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

struct Options {
  Settings settings;
  WebhookTarget webhook;
  std::string listen_host = "127.0.0.1";
  unsigned short listen_port = 0;
  // Gets the port in digits once it listens. Empty: none.
  std::string port_file;
  // How far the provider's clock is ahead of the machine's; below zero: behind.
  base::Duration clock_ahead{};
  // Transcripts of callbridge-admin doctor --live, which are played instead of the model. Empty:
  // none.
  std::string replay_folder;
  // Other addresses than loopback may be listened on and posted to.
  bool allow_remote = false;
  bool help = false;
  bool version = false;
};

// Without --seed, each call draws another seed. InvalidArgument says which argument is wrong and
// what it takes.
absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments);
// All arguments, scripts, switches, faults and delays with meanings and defaults.
std::string DescribeOptions();

}  // namespace callbridge::simulator
