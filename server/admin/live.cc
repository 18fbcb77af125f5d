#include "server/admin/live.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "server/admin/outside_checks.h"
#include "server/admin/report.h"
#include "server/base/ids.h"
#include "server/base/mask.h"
#include "server/live/proposal.h"
#include "server/live/run.h"
#include "webhook/credentials.h"
#include "webhook/webhook_secrets.h"

namespace callbridge::admin {
namespace {

constexpr std::size_t kRunLength = 12;

std::string Shown(const LiveOrder& order, const std::string& number) {
  return order.show_numbers ? number : base::MaskNumber(number);
}

std::string Minutes(std::chrono::seconds duration) {
  return absl::StrFormat("%d min %02d s", duration.count() / 60, duration.count() % 60);
}

std::string Times(int count) { return count == 1 ? "once" : absl::StrCat(count, " times"); }

// What the operator agrees to.
std::string Price(const LiveOrder& order, const std::string& number) {
  const live::Cost cost = live::CostOf(order.scripts);
  std::string text;
  if (cost.calls == 0) {
    text = absl::StrFormat("doctor does not call %s for these scripts.\n", Shown(order, order.to));
  } else {
    text = absl::StrFormat(
        "doctor calls %s %s. Each call rings and lasts up to %s, all of them up to %s together; "
        "most end sooner. The account pays for them.\n",
        Shown(order, order.to), Times(cost.calls), Minutes(cost.longest_call),
        Minutes(cost.together));
  }
  if (cost.incoming > 0) {
    text += absl::StrFormat("It asks you to call %s %s from that telephone.\n",
                            Shown(order, number), Times(cost.incoming));
  }
  return text +
         "Meanwhile webhooks come here. A server that runs gets none, so run this while it bridges "
         "nobody; calls of other people are not answered.\n";
}

// Returns false if the operator does not agree, or cannot be asked.
bool Agrees(const LiveOrder& order, const std::string& number, const LiveSurroundings& around) {
  around.err << Price(order, number);
  if (order.yes) return true;
  if (!around.read_line) {
    around.err
        << "callbridge-admin: nobody can be asked, because this is no terminal. Add --yes to "
           "agree; nobody was called\n";
    return false;
  }
  around.err << "Go on? [y/N] " << std::flush;
  const std::optional<std::string> answer = around.read_line();
  if (answer == "y" || answer == "Y" || answer == "yes") return true;
  around.err << "Nobody was called.\n";
  return false;
}

// Letters that no other run has.
std::string MakeRun() {
  base::SystemRandomBits random;
  std::array<std::uint8_t, kRunLength> bytes{};
  random.Fill(bytes);
  std::string run;
  for (const std::uint8_t byte : bytes) run += static_cast<char>('a' + byte % 26);
  return run;
}

absl::StatusOr<std::vector<std::string>> SecretsOf(const LineParts& parts) {
  auto read = webhook::ReadWebhookSecrets(parts.webhook);
  if (!read.ok()) return read.status();
  const std::string& header = parts.account.authorization_header;
  std::vector<std::string> secrets = webhook::AllSecrets(*read);
  secrets.push_back(header);
  secrets.push_back(header.substr(header.find(' ') + 1));
  return secrets;
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("--record: the folder cannot be made: ", error.message(), "; name another one"));
}

ExitStatus Fail(const std::string& why, const LiveSurroundings& around) {
  around.err << "callbridge-admin: " << why << "\n";
  return ExitStatus::kFailed;
}

// Whether the public URL leads here. Otherwise calls would be in vain.
bool IsReached(const LineParts& parts, const LiveSurroundings& around) {
  Report report;
  CheckIngress(parts.webhook, parts.transport, report);
  if (report.findings.empty()) return true;
  WriteText(report, around.err);
  around.err << "Nobody was called.\n";
  return false;
}

// By path, as proposals name them.
std::map<std::string, base::Duration> DurationsOf(const config::v1::Settings& settings) {
  using google::protobuf::FieldDescriptor;
  std::map<std::string, base::Duration> durations;
  const internal::v1::Timing& timing = settings.timing();
  const google::protobuf::Descriptor& fields = *timing.GetDescriptor();
  for (int place = 0; place < fields.field_count(); ++place) {
    const FieldDescriptor& field = *fields.field(place);
    if (field.is_repeated()) continue;
    const auto& value = timing.GetReflection()->GetMessage(timing, &field);
    durations["timing." + field.name()] = base::FromProtoDuration(
        *google::protobuf::DynamicCastToGenerated<google::protobuf::Duration>(&value));
  }
  durations["sweep.minimum_age"] = base::FromProtoDuration(settings.sweep().minimum_age());
  return durations;
}

live::Asker AskerOf(const std::string& account_name, const config::v1::Settings& settings) {
  const config::v1::Account& account = settings.accounts().at(account_name);
  const std::string path = absl::StrCat("accounts.", account_name, ".");
  const bool applications =
      account.setup().flavour() == config::v1::Account::Setup::FLAVOUR_APPLICATIONS;
  live::Asker asker{account_name};
  asker.current[path + "setup.flavour"] = applications ? "applications" : "subscriptions";
  asker.current[path + "stop_play_scope"] =
      account.stop_play_scope() == config::v1::Account::STOP_PLAY_SCOPE_CONFERENCE ? "conference"
      : account.stop_play_scope() == config::v1::Account::STOP_PLAY_SCOPE_BOTH     ? "both"
                                                                                   : "call";
  asker.allowed_hosts.assign(account.allowed_hosts().begin(), account.allowed_hosts().end());
  asker.durations = DurationsOf(settings);
  return asker;
}

ExitStatus StatusOf(const live::Findings& findings, const live::Asker& asker, std::size_t scripts) {
  if (!findings.troubles.empty() || !findings.alive.empty() || findings.played.size() < scripts) {
    return ExitStatus::kFailed;
  }
  return live::ProposeSettings(findings, asker).empty() ? ExitStatus::kOk : ExitStatus::kFindings;
}

live::Listener ListenerFor(const LiveOrder& order, const std::string& number, std::ostream& err) {
  live::Listener listener;
  listener.begins = [&order, &err, shown = Shown(order, number),
                     place = std::size_t{0}](const live::Script& script) mutable {
    err << absl::StrFormat("\n%d of %d  %s: %s.\n        %s\n", ++place, order.scripts.size(),
                           script.name, script.purpose, live::InstructionFor(script.person, shown))
        << std::flush;
  };
  listener.stops = [&err] {
    err << "        doctor hangs up and deletes what it made; another Ctrl-C ends it without "
           "that.\n"
        << std::flush;
  };
  listener.ends = [&err](const live::Script& script, const live::Findings& findings) {
    for (const live::Trouble& trouble : findings.troubles) {
      if (trouble.script == script.name) err << "        " << trouble.what << "\n";
    }
  };
  return listener;
}

}  // namespace

ExitStatus RunLive(const LineParts& parts, const config::v1::Settings& settings,
                   const std::string& account_name, const LiveOrder& order,
                   const LiveSurroundings& around) {
  const auto number = NumberFor(order, settings);
  if (!number.ok()) return Fail(std::string(number.status().message()), around);
  auto secrets = SecretsOf(parts);
  if (!secrets.ok()) return Fail(std::string(secrets.status().message()), around);
  if (!Agrees(order, *number, around)) return ExitStatus::kFailed;
  if (const absl::Status made = MakeFolder(order.folder); !made.ok()) {
    return Fail(std::string(made.message()), around);
  }
  auto line = around.make_line(parts);
  if (!line.ok()) {
    return Fail(absl::StrCat(std::string(line.status().message()),
                             "; stop what listens there while this runs: systemctl stop "
                             "callbridge-webhook, or callbridge-server with webhook.in_server"),
                around);
  }
  if (!IsReached(parts, around)) return ExitStatus::kFindings;
  live::RunOptions options;
  options.stage = {account_name, parts.account.configuration, order.to, *number, MakeRun()};
  options.scripts = order.scripts;
  options.folder = order.folder;
  options.secrets = *std::move(secrets);
  const live::Findings findings =
      live::PlayScripts(**line, options, ListenerFor(order, *number, around.err));
  const live::Asker asker = AskerOf(account_name, settings);
  around.err << "\n";
  order.json ? live::WriteJson(findings, asker, around.out)
             : live::WriteText(findings, asker, around.out);
  return StatusOf(findings, asker, order.scripts.size());
}

}  // namespace callbridge::admin
