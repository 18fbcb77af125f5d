// The arguments of the program `callbridge` taken apart: which command, global options, the
// command's own flags. Pure; the environment is passed in. It says what is wrong with a line and
// never guesses.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/limits.h"
#include "server/base/arguments.h"

namespace callbridge::cli {

struct Environment {
  // CALLBRIDGE_SERVER.
  std::string server;
  // CALLBRIDGE_INBOX.
  std::string inbox;
  // NO_COLOR: anything in it turns colours off.
  std::string no_color;
};

struct GlobalOptions {
  std::string server = "127.0.0.1:50051";
  // The server's inbox, for the commands of operators. Empty: --server names a server and the inbox
  // of that deployment was not given.
  std::string inbox = "127.0.0.1:50052";
  // PEM files for mutual TLS. All empty: plain text.
  std::string authority_file;
  std::string certificate_file;
  std::string key_file;
  bool json = false;
  bool show_numbers = false;
  std::chrono::milliseconds timeout = client::kCallTimeout;
};

struct CommandLine {
  // "start", "get", "list", "watch", "end", "quarantine", "status", "completion"; "version"; "help"
  // with the command to explain, if any, as its first word.
  std::string command;
  GlobalOptions global;
  base::Arguments arguments;
};

// INVALID_ARGUMENT says which argument is wrong and what to write instead.
absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments,
                                             const Environment& environment);

// "30s", "1m30s", "500ms", "2h"; must be longer than nothing. The flag is named in the error.
absl::StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view flag,
                                                        const std::string& text);

// "team=support" in two. The flag is named in the error.
absl::StatusOr<std::pair<std::string, std::string>> ParseLabel(const std::string& text);

}  // namespace callbridge::cli
