// The commands, one function each. They talk to the server through the client library only and
// write to the terminal only; what they print is made by pure functions beside them.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <stop_token>

#include "callbridge/client.h"
#include "client/cli/command_line.h"
#include "client/cli/exit_status.h"
#include "client/cli/run.h"

namespace callbridge::cli {

// What a command is given.
struct Call {
  const CommandLine& line;
  const Terminal& terminal;
  // To --server.
  std::shared_ptr<grpc::Channel> channel;
  const std::stop_token& stop;
};

ExitStatus RunStart(const Call& call);
ExitStatus RunGet(const Call& call);
ExitStatus RunList(const Call& call);
ExitStatus RunWatch(const Call& call);
ExitStatus RunEnd(const Call& call);
ExitStatus RunQuarantine(const Call& call);
ExitStatus RunStatus(const Call& call);

// A client to --server that Ctrl-C ends.
client::Client MakeClient(const Call& call);

// Prints the error and returns the status that goes with it.
ExitStatus Fail(const Call& call, const absl::Status& status);

// A line that is wrong in itself: the error, where to read more, and kUsage.
ExitStatus RefuseUsage(const Terminal& terminal, const std::string& command,
                       const absl::Status& status);

}  // namespace callbridge::cli
