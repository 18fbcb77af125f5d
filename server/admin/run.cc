#include "server/admin/run.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

#include "server/admin/audio.h"
#include "server/admin/doctor.h"
#include "server/admin/recording.h"
#include "server/admin/setup.h"
#include "server/admin/usage.h"
#include "server/admin/wanted.h"
#include "server/base/arguments.h"
#include "server/base/completion.h"
#include "server/base/mask.h"
#include "server/base/nearest.h"
#include "server/base/version.h"
#include "server/provider/account_options.h"
#include "server/settings/files.h"
#include "server/settings/load.h"

namespace callbridge::admin {
namespace {

ExitStatus RefuseUsage(const std::string& why, std::ostream& err) {
  err << "callbridge-admin: " << why << "\n";
  return ExitStatus::kUsage;
}

ExitStatus RefuseUnknownCommand(const std::string& word, std::ostream& err) {
  std::vector<std::string> names;
  for (const CommandUsage& command : Commands()) names.push_back(command.name);
  return RefuseUsage(absl::StrFormat("\"%s\": no such command%s; see callbridge-admin --help",
                                     base::MaskText(word), base::DidYouMean(word, names)),
                     err);
}

absl::StatusOr<provider::AccountOptions> ReadAccount(const config::v1::Settings& settings,
                                                     const std::string& name) {
  const auto account = FindAccount(settings, name);
  if (!account.ok()) return account.status();
  const auto secret = settings::ReadAccountSecret(**account);
  if (!secret.ok()) return secret.status();
  return provider::MakeAccountOptions(**account, *secret);
}

ExitStatus Fail(const absl::Status& status, std::ostream& err) {
  err << std::string(status.message()) << "\n";
  return ExitStatus::kFailed;
}

// What the words of the command line mean, for the commands that have some.
struct Orders {
  absl::StatusOr<AudioOrder> audio;
  absl::StatusOr<RecordingOrder> recording;
  absl::StatusOr<LiveOrder> live;
};

ExitStatus RunCommand(const base::Arguments& arguments, const std::string& config,
                      const Orders& orders, const Surroundings& surroundings) {
  const auto loaded = settings::Load(config, settings::Process::kAdmin);
  if (!loaded.ok()) return Fail(loaded.status(), surroundings.err);
  for (const std::string& warning : loaded->warnings) {
    surroundings.err << warning << " (warning)\n";
  }
  const std::string account_name = arguments.ValueOr("account", "default");
  auto account = ReadAccount(loaded->settings, account_name);
  if (!account.ok()) return Fail(account.status(), surroundings.err);
  const std::unique_ptr<provider::Transport> transport = surroundings.make_transport();
  if (arguments.Has("live")) {
    return RunLive(
        {*transport, surroundings.clock, *account, loaded->settings.webhook()}, loaded->settings,
        account_name, *orders.live,
        {surroundings.out, surroundings.err, surroundings.make_line, surroundings.read_line});
  }
  auto link =
      AccountLink::Make(*std::move(account), {*transport, surroundings.clock, surroundings.wait});
  if (!link.ok()) return Fail(link.status(), surroundings.err);
  const absl::StatusOr<Wanted> wanted = MakeWanted(loaded->settings, account_name);
  PlanOptions plan;
  plan.overwrite = arguments.Has("overwrite");
  plan.show_numbers = arguments.Has("show-numbers");
  const std::string where =
      " --config " + config + (account_name == "default" ? "" : " --account " + account_name);
  const AudioSurroundings around{surroundings.out, surroundings.err, surroundings.terminal,
                                 surroundings.clock};
  if (arguments.command() == "audio") {
    return RunAudio(*link, loaded->settings, account_name, *orders.audio,
                    "callbridge-admin audio list" + where, around);
  }
  if (arguments.command() == "recording") {
    return RunRecording(*link, account_name, *orders.recording,
                        "callbridge-admin recording list" + where, around);
  }
  if (arguments.command() == "doctor") {
    const DoctorOptions options{plan, account_name, "callbridge-admin setup" + where,
                                "callbridge-admin audio upload FILE" + where};
    const Report report = Diagnose(*link, {*transport, surroundings.clock, surroundings.ask_server},
                                   loaded->settings, wanted, options);
    arguments.Has("json") ? WriteJson(report, surroundings.out)
                          : WriteText(report, surroundings.out);
    return ExitStatusOf(report);
  }
  if (!wanted.ok()) return Fail(wanted.status(), surroundings.err);
  return RunSetup(*link, *wanted, {plan, arguments.Has("dry-run"), arguments.Has("remove")},
                  surroundings.out, surroundings.err);
}

ExitStatus Complete(const std::vector<std::string>& words, const Surroundings& surroundings) {
  if (words.size() != 1 || (words.front() != "bash" && words.front() != "zsh")) {
    return RefuseUsage("completion: which shell? Write callbridge-admin completion bash, or zsh",
                       surroundings.err);
  }
  surroundings.out << (words.front() == "bash" ? base::BashCompletion(Completed())
                                               : base::ZshCompletion(Completed()));
  return ExitStatus::kOk;
}

}  // namespace

ExitStatus Run(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  std::vector<std::string> given = arguments;
  std::ranges::replace(given, std::string("-h"), std::string("--help"));
  std::vector<base::Command> commands;
  for (const CommandUsage& usage : Commands()) commands.push_back({usage.name, usage.flags});
  const auto parsed = base::Arguments::Parse(given, GlobalFlags(), commands);
  if (!parsed.ok()) return RefuseUsage(std::string(parsed.status().message()), surroundings.err);
  const CommandUsage* command = FindCommand(parsed->command());
  if (parsed->Has("help")) {
    surroundings.out << (command == nullptr ? UsageText() : UsageText(*command));
    return ExitStatus::kOk;
  }
  if (parsed->Has("version")) {
    surroundings.out << "callbridge-admin " << base::Version() << "\n";
    return ExitStatus::kOk;
  }
  if (!parsed->words().empty() && command == nullptr) {
    return RefuseUnknownCommand(parsed->words().front(), surroundings.err);
  }
  if (command == nullptr) {
    return RefuseUsage("which command? See callbridge-admin --help", surroundings.err);
  }
  if (command->name == "completion") return Complete(parsed->words(), surroundings);
  const bool has_words = command->name == "audio" || command->name == "recording";
  if (!parsed->words().empty() && !has_words) {
    return RefuseUsage(absl::StrFormat("%s: \"%s\" is one word too many", command->name,
                                       base::MaskText(parsed->words().front())),
                       surroundings.err);
  }
  const Orders orders{ReadAudioOrder(parsed->words(), parsed->Has("json")),
                      ReadRecordingOrder(parsed->words(), parsed->Has("json")),
                      ReadLiveOrder(*parsed)};
  if (command->name == "audio" && !orders.audio.ok()) {
    return RefuseUsage(std::string(orders.audio.status().message()), surroundings.err);
  }
  if (command->name == "recording" && !orders.recording.ok()) {
    return RefuseUsage(std::string(orders.recording.status().message()), surroundings.err);
  }
  if (command->name == "doctor" && !orders.live.ok()) {
    return RefuseUsage(std::string(orders.live.status().message()), surroundings.err);
  }
  const auto config = parsed->Value("config");
  if (!config) return RefuseUsage("--config: required; name the settings file", surroundings.err);
  return RunCommand(*parsed, *config, orders, surroundings);
}

}  // namespace callbridge::admin
