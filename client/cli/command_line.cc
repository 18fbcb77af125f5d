#include "client/cli/command_line.h"

#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "client/cli/usage.h"
#include "server/base/mask.h"
#include "server/base/nearest.h"
#include "server/base/url.h"

namespace callbridge::cli {
namespace {

constexpr char kHelp[] = "help";

std::vector<base::Command> KnownCommands() {
  std::vector<base::Command> commands = {{kHelp, {}}};
  for (const CommandUsage& usage : Commands()) commands.push_back({usage.name, usage.flags});
  return commands;
}

absl::Status CheckWords(const CommandUsage& usage, const base::Arguments& arguments) {
  const std::size_t words = arguments.words().size();
  if (usage.words.starts_with("ID") && words == 0) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: which session? Write callbridge %s %s; callbridge list shows the ids",
                        usage.name, usage.name, usage.words));
  }
  if (usage.words == "ID TEXT" && words == 1) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: what is said? Write callbridge %s ID \"TEXT\"", usage.name, usage.name));
  }
  if (usage.words == "ID KEYS" && words == 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: which keys? Write callbridge %s ID KEYS", usage.name, usage.name));
  }
  if (usage.words == "bash|zsh" && words == 0) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: which shell? Write callbridge %s bash, or zsh", usage.name, usage.name));
  }
  if (usage.words.ends_with("...]")) return absl::OkStatus();
  const auto spaces = std::count(usage.words.begin(), usage.words.end(), ' ');
  const std::size_t words_max = usage.words.empty() ? 0 : static_cast<std::size_t>(spaces) + 1;
  if (words > words_max) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: \"%s\" is one word too many; quote texts with spaces", usage.name,
                        base::MaskText(arguments.words()[words_max])));
  }
  return absl::OkStatus();
}

// True for gRPC's forms of addresses that have no port, or have it in another form.
bool NamesItsScheme(std::string_view address) {
  for (const std::string_view scheme : {"unix:", "unix-abstract:", "dns:", "ipv4:", "ipv6:"}) {
    if (address.starts_with(scheme)) return true;
  }
  return false;
}

// Refuses an address that gRPC would misunderstand. gRPC takes an address without a port for one
// with port 443, and a web address for the name of a host. Both lead to errors that do not tell the
// cause.
absl::Status CheckAddress(std::string_view flag, std::string_view address) {
  if (address.empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--%s: empty; write host:port or unix:PATH", flag));
  }
  if (const std::size_t scheme = address.find("://");
      scheme != std::string_view::npos && !NamesItsScheme(address)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--%s: \"%s\" is a web address; write host:port without \"%s\", and --ca FILE for TLS",
        flag, address, address.substr(0, scheme + 3)));
  }
  const std::optional<base::HostAndPort> place = base::ParseHostAndPort(address);
  if (!NamesItsScheme(address) && (!place || place->port.value_or(0) == 0)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--%s: \"%s\" is not a host with a port from 1 to 65535; write host:port, "
                        "like 127.0.0.1:50051",
                        flag, address));
  }
  return absl::OkStatus();
}

absl::StatusOr<GlobalOptions> ReadGlobalOptions(const base::Arguments& arguments,
                                                const Environment& environment) {
  GlobalOptions global;
  const std::string local = global.server;
  if (!environment.server.empty()) global.server = environment.server;
  global.server = arguments.ValueOr("server", global.server);
  // The default inbox belongs only to the default server, because another deployment has an inbox
  // of its own.
  if (global.server != local) global.inbox.clear();
  if (!environment.inbox.empty()) global.inbox = environment.inbox;
  global.inbox = arguments.ValueOr("inbox", global.inbox);
  absl::Status addresses = CheckAddress("server", global.server);
  if (!global.inbox.empty()) addresses.Update(CheckAddress("inbox", global.inbox));
  if (!addresses.ok()) return addresses;
  global.authority_file = arguments.ValueOr("ca", "");
  global.certificate_file = arguments.ValueOr("cert", "");
  global.key_file = arguments.ValueOr("key", "");
  if (global.certificate_file.empty() != global.key_file.empty()) {
    return absl::InvalidArgumentError("--cert and --key: give both or neither");
  }
  global.json = arguments.Has("json");
  global.show_numbers = arguments.Has("show-numbers");
  if (const auto text = arguments.Value("timeout"); text.has_value()) {
    const auto timeout = ParseDuration("timeout", *text);
    if (!timeout.ok()) return timeout.status();
    global.timeout = *timeout;
  }
  return global;
}

absl::Status UnknownCommand(const std::string& name) {
  std::vector<std::string> names;
  for (const CommandUsage& command : Commands()) names.push_back(command.name);
  return absl::InvalidArgumentError(absl::StrFormat(
      "\"%s\": no such command%s; see callbridge --help", name, base::DidYouMean(name, names)));
}

absl::StatusOr<CommandLine> Help(const std::string& subject) {
  if (!subject.empty() && FindCommand(subject) == nullptr) return UnknownCommand(subject);
  auto words = base::Arguments::Parse({"--", subject}, {});
  if (!words.ok()) return words.status();
  return CommandLine{kHelp, {}, *std::move(words)};
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments,
                                             const Environment& environment) {
  std::vector<std::string> given = arguments;
  std::ranges::replace(given, std::string("-h"), std::string("--help"));
  auto parsed = base::Arguments::Parse(given, GlobalFlags(), KnownCommands());
  if (!parsed.ok()) return parsed.status();
  const std::string first_word = parsed->words().empty() ? "" : parsed->words().front();
  if (parsed->command() == kHelp) return Help(first_word);
  if (parsed->Has(kHelp)) return Help(parsed->command().empty() ? first_word : parsed->command());
  if (parsed->Has("version")) return CommandLine{"version", {}, {}};
  if (parsed->command().empty()) {
    return first_word.empty() ? absl::InvalidArgumentError("which command? See callbridge --help")
                              : UnknownCommand(first_word);
  }
  CommandLine line{parsed->command(), {}, *std::move(parsed)};
  absl::Status words = CheckWords(*FindCommand(line.command), line.arguments);
  if (!words.ok()) return words;
  auto global = ReadGlobalOptions(line.arguments, environment);
  if (!global.ok()) return global.status();
  line.global = *std::move(global);
  return line;
}

absl::StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view flag,
                                                        const std::string& text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < absl::Milliseconds(1) ||
      duration == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--%s: \"%s\" is not a duration; write a number with its unit, like 500ms, "
                        "30s, 1m30s or 2h",
                        flag, text));
  }
  return absl::ToChronoMilliseconds(duration);
}

absl::StatusOr<std::pair<std::string, std::string>> ParseLabel(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--label: \"%s\" is not a label; write key=value", text));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace callbridge::cli
