#include "server/settings/load.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "server/base/check.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/base/mask.h"
#include "server/base/rule.h"
#include "server/base/url.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/files.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/text_forms.h"
#include "server/settings/validation.h"
#include "server/settings/yaml_reader.h"

namespace callbridge::settings {
namespace {

using config::v1::Account;
using config::v1::Settings;
using config::v1::Webhook;

std::string Normalized(const std::string& number) {
  const std::optional<std::string> normalized = NormalizeNumber(number);
  base::Check(normalized.has_value(), "numbers are normalised after they were validated");
  return *normalized;
}

void FillAccount(Account& account) {
  if (account.base_url().ends_with('/')) account.mutable_base_url()->pop_back();
  if (account.allowed_hosts_size() == 0) {
    const std::optional<base::Url> url = base::ParseUrl(account.base_url());
    base::Check(url.has_value(), "settings are filled in after they were validated");
    account.add_allowed_hosts(url->Authority());
    account.add_allowed_hosts(std::string(kProviderHosts));
  }
}

// Returns the prefix of a signature. The provider was seen to write "SHA256=", so the other
// prefixes are assumed to have the same form.
std::string PrefixOf(Webhook::WebhookHmac::Algorithm algorithm) {
  switch (algorithm) {
    case Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_1:
      return "SHA1=";
    case Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_224:
      return "SHA224=";
    case Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_384:
      return "SHA384=";
    case Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_512:
      return "SHA512=";
    default:
      return "SHA256=";
  }
}

void FillSignature(Webhook::WebhookHmac& hmac) {
  if (hmac.prefix().empty()) hmac.set_prefix(PrefixOf(hmac.algorithm()));
}

void FillWebhook(Webhook& webhook) {
  if (webhook.has_hmac()) FillSignature(*webhook.mutable_hmac());
  if (webhook.has_report_only()) FillSignature(*webhook.mutable_report_only());
  if (webhook.receive_path().empty()) webhook.set_receive_path(webhook.path());
  // The path that follows begins with a slash.
  while (webhook.public_url().ends_with('/')) webhook.mutable_public_url()->pop_back();
}

void FillDialing(config::v1::Dialing& dialing) {
  if (!dialing.default_number().empty()) {
    dialing.set_default_number(Normalized(dialing.default_number()));
  }
  for (std::string& number : *dialing.mutable_allowed_numbers()) number = Normalized(number);
  for (auto* prefixes : {dialing.mutable_allowed_prefixes(), dialing.mutable_denied_prefixes()}) {
    for (std::string& prefix : *prefixes) prefix = NormalizePrefix(prefix).value_or(prefix);
  }
}

void FillPlans(const Settings& written, Settings& settings) {
  (*settings.mutable_plans())[kDefaultName];
  for (auto& [name, plan] : *settings.mutable_plans()) {
    const auto filled = NamedPlan(written, name);
    base::Check(filled.ok(), "every plan of the settings is found in them");
    plan = *filled;
  }
}

void FillRoute(config::v1::Route& route) {
  route.set_number(Normalized(route.number()));
  if (!route.offer() && route.plan_name().empty()) route.set_plan_name(kDefaultName);
  for (auto& callee : *route.mutable_callees()) {
    *callee.mutable_endpoint() = ResolveEndpoint(callee.endpoint());
    if (!callee.caller_id_number().empty()) {
      callee.set_caller_id_number(Normalized(callee.caller_id_number()));
    }
  }
}

// Replaces control characters. An unknown key may hold line breaks, and characters that move a
// terminal's cursor.
std::string WithoutControls(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }, '?');
  return text;
}

std::string Line(const Problem& problem, const std::string& file_name) {
  // The key may be a person's number, written in the wrong place.
  const std::string path = problem.path.empty() ? "" : base::MaskText(problem.path) + ": ";
  return absl::StrFormat("%s:%d:%d: %s", file_name, problem.position.line, problem.position.column,
                         WithoutControls(path + problem.description));
}

std::vector<std::string> Lines(std::vector<Problem> problems, const std::string& file_name) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& one, const Problem& other) {
    return std::pair(one.position, one.path) < std::pair(other.position, other.path);
  });
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(Line(problem, file_name));
  return lines;
}

bool IsWithin(std::string_view inner, std::string_view outer) {
  return inner.starts_with(outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

// True if the finding only follows from one of the problems. A value that could not be read leaves
// its field unset, so a second report would say that the field is missing.
bool IsConsequence(const Finding& finding, const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
    return IsWithin(finding.path, problem.path) || IsWithin(problem.path, finding.path);
  });
}

std::vector<Problem> Locate(const std::vector<Finding>& findings, const YamlReading& reading) {
  std::vector<Problem> problems;
  for (const Finding& finding : findings) {
    problems.push_back({reading.PositionOf(finding.path), finding.path, finding.description});
  }
  return problems;
}

absl::Status Refusal(std::vector<Problem> problems, const std::string& file_name) {
  return absl::InvalidArgumentError(absl::StrJoin(Lines(std::move(problems), file_name), "\n"));
}

// If `process` is absent, no file is checked.
absl::StatusOr<Loaded> Parse(std::string_view yaml, const std::string& file_name,
                             std::optional<Process> process) {
  Settings written;
  const YamlReading reading = ReadYaml(yaml, written);
  std::vector<Problem> problems = reading.problems;
  if (!reading.is_map) return Refusal(std::move(problems), file_name);
  Findings findings = ValidateSettings(written);
  if (process.has_value()) {
    const Findings of_files = CheckFiles(written, *process);
    findings.violations.insert(findings.violations.end(), of_files.violations.begin(),
                               of_files.violations.end());
    findings.warnings.insert(findings.warnings.end(), of_files.warnings.begin(),
                             of_files.warnings.end());
  }
  std::erase_if(findings.violations,
                [&](const Finding& finding) { return IsConsequence(finding, reading.problems); });
  for (Problem& problem : Locate(findings.violations, reading)) {
    problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return Refusal(std::move(problems), file_name);
  return Loaded{EffectiveSettings(written), Lines(Locate(findings.warnings, reading), file_name)};
}

}  // namespace

Settings EffectiveSettings(const Settings& written) {
  Settings settings = written;
  base::FillDefaults(settings);
  for (auto& [name, account] : *settings.mutable_accounts()) FillAccount(account);
  FillWebhook(*settings.mutable_webhook());
  FillDialing(*settings.mutable_dialing());
  FillPlans(written, settings);
  for (auto& route : *settings.mutable_routes()) FillRoute(route);
  return settings;
}

absl::StatusOr<Loaded> Load(const std::string& path, Process process) {
  const absl::StatusOr<std::string> yaml = ReadTextFile(path, base::kSettingsBytesMax);
  if (!yaml.ok()) {
    return absl::Status(yaml.status().code(),
                        absl::StrFormat("%s: %s", path, std::string(yaml.status().message())));
  }
  return Parse(*yaml, path, process);
}

absl::StatusOr<Settings> LoadSettings(const std::string& path, Process process) {
  absl::StatusOr<Loaded> loaded = Load(path, process);
  if (!loaded.ok()) return loaded.status();
  for (const std::string& warning : loaded->warnings) {
    base::Log(base::LogLevel::kWarning, "settings_warning", {{"warning", warning}});
  }
  return std::move(loaded->settings);
}

absl::StatusOr<Loaded> ParseWithWarnings(std::string_view yaml, const std::string& file_name) {
  return Parse(yaml, file_name, std::nullopt);
}

absl::StatusOr<Settings> ParseSettings(std::string_view yaml, const std::string& file_name) {
  absl::StatusOr<Loaded> loaded = ParseWithWarnings(yaml, file_name);
  if (!loaded.ok()) return loaded.status();
  return std::move(loaded->settings);
}

}  // namespace callbridge::settings
