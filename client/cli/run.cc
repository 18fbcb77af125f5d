#include "client/cli/run.h"

#include <absl/strings/str_format.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "callbridge/connection.h"
#include "client/cli/commands.h"
#include "client/cli/completion.h"
#include "client/cli/report.h"
#include "client/cli/usage.h"
#include "server/base/version.h"

namespace callbridge::cli {
namespace {

absl::Status ReadFile(const std::string& path, std::string& text) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: cannot be read; check --ca, --cert and --key", path));
  }
  text.assign(std::istreambuf_iterator<char>(file), {});
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const GlobalOptions& global) {
  client::ConnectionOptions options;
  options.address = global.server;
  if (!global.authority_file.empty() || !global.certificate_file.empty()) {
    client::Tls tls;
    absl::Status status = ReadFile(global.authority_file, tls.authority);
    status.Update(ReadFile(global.certificate_file, tls.certificate));
    status.Update(ReadFile(global.key_file, tls.key));
    if (!status.ok()) return status;
    options.tls = std::move(tls);
  }
  return client::Connect(options);
}

ExitStatus Dispatch(const Call& call) {
  const std::string& command = call.line.command;
  if (command == "start") return RunStart(call);
  if (command == "get") return RunGet(call);
  if (command == "list") return RunList(call);
  if (command == "watch") return RunWatch(call);
  if (command == "end") return RunEnd(call);
  if (command == "update") return RunUpdate(call);
  if (command == "say") return RunSay(call);
  if (command == "play") return RunPlay(call);
  if (command == "stop-sounds") return RunStopSounds(call);
  if (command == "digits") return RunDigits(call);
  if (command == "capture") return RunCapture(call);
  if (command == "record") return RunRecord(call);
  if (command == "recordings") return RunRecordings(call);
  if (command == "status") return RunStatus(call);
  return RunQuarantine(call);
}

ExitStatus Complete(const std::string& shell, const Terminal& terminal) {
  if (shell != "bash" && shell != "zsh") {
    return RefuseUsage(
        terminal, "completion",
        absl::InvalidArgumentError(absl::StrFormat("\"%s\" is neither bash nor zsh", shell)));
  }
  terminal.out << (shell == "bash" ? BashCompletion() : ZshCompletion());
  return ExitStatus::kOk;
}

}  // namespace

bool UseColour(bool is_terminal, const Environment& environment) {
  return is_terminal && environment.no_color.empty();
}

ExitStatus Run(const std::vector<std::string>& arguments, const Environment& environment,
               const Terminal& terminal, const std::stop_token& stop) {
  const auto line = ParseCommandLine(arguments, environment);
  if (!line.ok()) return RefuseUsage(terminal, "", line.status());
  if (line->command == "help") {
    const std::string subject =
        line->arguments.words().empty() ? "" : line->arguments.words().front();
    const CommandUsage* command = FindCommand(subject);
    terminal.out << (command == nullptr ? UsageText() : UsageText(*command));
    return ExitStatus::kOk;
  }
  if (line->command == "version") {
    terminal.out << "callbridge " << base::Version() << "\n";
    return ExitStatus::kOk;
  }
  if (line->command == "completion") return Complete(line->arguments.words().front(), terminal);
  auto channel = OpenChannel(line->global);
  if (!channel.ok()) return RefuseUsage(terminal, line->command, channel.status());
  return Dispatch({*line, terminal, *std::move(channel), stop});
}

client::Client MakeClient(const Call& call) {
  client::CallOptions options;
  options.timeout = call.line.global.timeout;
  options.stop = call.stop;
  return client::Client(call.channel, options);
}

ExitStatus Fail(const Call& call, const absl::Status& status) {
  if (absl::IsCancelled(status) && call.stop.stop_requested()) return ExitStatus::kInterrupted;
  call.terminal.err << ErrorText(status, call.line.global);
  return ExitStatusOf(status);
}

ExitStatus FailToFind(const Call& call, const absl::Status& status) {
  if (absl::IsInvalidArgument(status)) return RefuseUsage(call.terminal, call.line.command, status);
  return Fail(call, status);
}

ExitStatus RefuseUsage(const Terminal& terminal, const std::string& command,
                       const absl::Status& status) {
  terminal.err << "callbridge: " << std::string(status.message()) << "\n";
  if (!command.empty()) terminal.err << "See callbridge " << command << " --help\n";
  return ExitStatus::kUsage;
}

}  // namespace callbridge::cli
