// The commands, one function each. They reach the server only through the client library, and write
// only to the terminal. Pure functions beside them make the text that they print.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <stop_token>

#include "callbridge/client.h"
#include "client/cli/command_line.h"
#include "client/cli/exit_status.h"
#include "client/cli/run.h"

namespace callbridge::cli {

// The context of a command.
struct Call {
  const CommandLine& line;
  const Terminal& terminal;
  // The channel to --server.
  std::shared_ptr<grpc::Channel> channel;
  const std::stop_token& stop;
};

ExitStatus RunStart(const Call& call);
ExitStatus RunGet(const Call& call);
ExitStatus RunList(const Call& call);
ExitStatus RunWatch(const Call& call);
ExitStatus RunEnd(const Call& call);
ExitStatus RunUpdate(const Call& call);
ExitStatus RunSay(const Call& call);
ExitStatus RunPlay(const Call& call);
ExitStatus RunStopSounds(const Call& call);
ExitStatus RunDigits(const Call& call);
ExitStatus RunCapture(const Call& call);
ExitStatus RunRecord(const Call& call);
ExitStatus RunRecordings(const Call& call);
ExitStatus RunQuarantine(const Call& call);
ExitStatus RunStatus(const Call& call);

// Makes a client of --server whose calls end on Ctrl-C.
client::Client MakeClient(const Call& call);

// Prints the session, or the error.
ExitStatus Show(const Call& call, const absl::StatusOr<v1::Session>& session);

// Prints the error and returns its exit status.
ExitStatus Fail(const Call& call, const absl::Status& status);

// As Fail, for an error of FindSessionId. An id that no session can have is a wrong command line.
ExitStatus FailToFind(const Call& call, const absl::Status& status);

// Refuses a command line that is wrong: prints the error and where to read more, and returns
// kUsage.
ExitStatus RefuseUsage(const Terminal& terminal, const std::string& command,
                       const absl::Status& status);

}  // namespace callbridge::cli
