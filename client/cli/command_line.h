// The command line of the program `callbridge`: the command, global options, and the command's own
// flags. Pure; the caller passes the environment. An error says what is wrong, and the parser never
// guesses.
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
  // The variable CALLBRIDGE_SERVER.
  std::string server;
  // The variable CALLBRIDGE_INBOX.
  std::string inbox;
  // The variable NO_COLOR. Any text in it turns colours off.
  std::string no_color;
};

struct GlobalOptions {
  std::string server = "127.0.0.1:50051";
  // The address of the server's inbox, for the commands of operators. Empty means that --server
  // names a server and the inbox of that deployment was not given.
  std::string inbox = "127.0.0.1:50052";
  // PEM files for mutual TLS. If all three are empty, the connection is plain text.
  std::string authority_file;
  std::string certificate_file;
  std::string key_file;
  bool json = false;
  bool show_numbers = false;
  std::chrono::milliseconds timeout = client::kCallTimeout;
};

struct CommandLine {
  // The name of a command (usage.h); also "version", or "help" with the command to explain, if any,
  // as its first word.
  std::string command;
  GlobalOptions global;
  base::Arguments arguments;
};

// INVALID_ARGUMENT says which argument is wrong and what to write instead.
absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments,
                                             const Environment& environment);

// Parses "30s", "1m30s", "500ms" or "2h"; zero is refused. The error names the flag.
absl::StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view flag,
                                                        const std::string& text);

// Splits "team=support" into key and value. The error names the flag.
absl::StatusOr<std::pair<std::string, std::string>> ParseLabel(const std::string& text);

}  // namespace callbridge::cli
