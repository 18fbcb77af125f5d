#include "server/admin/wanted.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "server/admin/fingerprint.h"
#include "server/provider/event_decoding.h"
#include "server/settings/files.h"

namespace callbridge::admin {
namespace {

using config::v1::Account;
using config::v1::Settings;
using config::v1::Webhook;

// Bounds of docs/provider.md §3.1 and §3.2.
constexpr std::size_t kConfigurationIdMax = 128;
constexpr std::size_t kUrlMax = 512;
constexpr std::size_t kCredentialMax = 255;
// What the profile gets when it is made, docs/provider.md §3.2.
constexpr std::int64_t kWindow = 20;
constexpr std::int64_t kTimeoutMillis = 10'000;

absl::Status Missing(const std::string& path, const std::string& what) {
  return absl::InvalidArgumentError(path + ": " + what);
}

bool IsId(const std::string& text) {
  return !text.empty() && text.size() <= kConfigurationIdMax &&
         std::ranges::all_of(text, [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
         });
}

absl::StatusOr<std::string> ReadSecret(const std::string& path, const std::string& file) {
  absl::StatusOr<std::string> secret = settings::ReadSecretFile(file);
  if (!secret.ok()) {
    return absl::Status(secret.status().code(),
                        path + ": " + std::string(secret.status().message()));
  }
  if (secret->size() > kCredentialMax) {
    return Missing(path, absl::StrFormat("holds %d characters; the provider takes up to %d",
                                         secret->size(), kCredentialMax));
  }
  return secret;
}

// Returns the provider's name of the algorithm (docs/provider.md §5.3).
std::string NameOf(Webhook::WebhookHmac::Algorithm algorithm) {
  return Webhook::WebhookHmac::Algorithm_Name(algorithm).substr(sizeof("ALGORITHM_") - 1);
}

// The signature with which the provider is to sign, and its path in the settings. A profile has one
// security setting (docs/provider.md §3.2), which belongs to what decides. If that needs none, it
// is free for a signature on trial.
std::optional<std::pair<Webhook::WebhookHmac, std::string>> SignatureOf(const Webhook& webhook) {
  if (webhook.has_hmac()) return std::pair(webhook.hmac(), "webhook.hmac");
  if (!webhook.has_basic() && webhook.has_report_only()) {
    return std::pair(webhook.report_only(), "webhook.report_only");
  }
  return std::nullopt;
}

// The first secret is the one that the provider uses; the others are accepted while secrets rotate.
absl::StatusOr<std::optional<Security>> MakeSecurity(const Webhook& webhook,
                                                     const std::string& id) {
  Security security;
  absl::StatusOr<std::string> secret = std::string();
  if (const auto signature = SignatureOf(webhook)) {
    const auto& [hmac, path] = *signature;
    security.type = "HMAC";
    security.algorithm = NameOf(hmac.algorithm());
    secret = ReadSecret(path + ".secret_files[0]", hmac.secret_files(0));
  } else if (webhook.has_basic()) {
    security.type = "BASIC";
    security.username = webhook.basic().credentials(0).username();
    secret = ReadSecret("webhook.basic.credentials[0].password_file",
                        webhook.basic().credentials(0).password_file());
  } else {
    return std::nullopt;
  }
  if (!secret.ok()) return secret.status();
  security.secret = *std::move(secret);
  // The id changes with its content, so setup sees whether the account has today's secret without
  // being shown a secret (decision 0049).
  const std::string content = absl::StrFormat("%s\n%s\n%s\n%s", security.type, security.username,
                                              security.algorithm, security.secret);
  security.id = id + "-" + Fingerprint(content, id);
  return security;
}

// What becomes of a signature on trial. security: what the provider gets.
std::string RemarkOnTrial(const Webhook& webhook, const Security& security) {
  if (webhook.has_basic()) {
    return "webhook.report_only cannot be tried beside webhook.basic: the provider does one of "
           "both, "
           "so it signs nothing, and the ingress counts every webhook as one to refuse. Let "
           "webhook.client_certificate decide during the trial";
  }
  if (!webhook.has_hmac()) {
    return "the provider signs for webhook.report_only: the ingress counts which signatures fit, "
           "and "
           "refuses none for its signature";
  }
  const absl::StatusOr<std::string> tried =
      settings::ReadSecretFile(webhook.report_only().secret_files(0));
  if (tried.ok() && *tried == security.secret &&
      NameOf(webhook.report_only().algorithm()) == security.algorithm) {
    return "webhook.report_only is tried on the signatures of webhook.hmac: secret and algorithm "
           "are "
           "the same";
  }
  return "webhook.report_only has another secret or algorithm than webhook.hmac, with which the "
         "provider signs, so the ingress counts every webhook as one to refuse. To change a "
         "secret, "
         "add it to webhook.hmac.secret_files";
}

absl::StatusOr<Profile> MakeProfile(const Settings& settings, const Account::Setup& setup,
                                    const std::string& account_path, const std::string& id) {
  Profile profile;
  profile.id = id;
  profile.url = settings.webhook().public_url() + settings.webhook().path();
  profile.client_certificate_id = setup.client_certificate_id();
  profile.tuning = {
      {"windowSize", kWindow}, {"connectTimeout", kTimeoutMillis}, {"readTimeout", kTimeoutMillis}};
  if (profile.url.size() > kUrlMax) {
    return Missing("webhook.public_url",
                   absl::StrFormat("makes a URL of %d characters; the provider takes up to %d",
                                   profile.url.size(), kUrlMax));
  }
  if (settings.webhook().has_client_certificate() && profile.client_certificate_id.empty()) {
    return Missing(account_path + ".setup.client_certificate_id",
                   "is required, because webhook.client_certificate lets only clients in that "
                   "present a certificate; upload one at the provider and write its id");
  }
  if (setup.has_header()) {
    auto value = ReadSecret(account_path + ".setup.header.value_file", setup.header().value_file());
    if (!value.ok()) return value.status();
    profile.headers[setup.header().name()] = *std::move(value);
  }
  return profile;
}

std::vector<WantedNumber> NumbersOf(const Settings& settings) {
  std::vector<WantedNumber> numbers;
  for (int i = 0; i < settings.routes_size(); ++i) {
    std::string number = settings.routes(i).number();
    if (number.starts_with('+')) number.erase(0, 1);
    numbers.push_back({std::move(number), absl::StrFormat("routes[%d].number", i)});
  }
  return numbers;
}

bool Records(const callbridge::v1::Plan& plan) {
  return plan.recording().mode() != callbridge::v1::RECORDING_MODE_UNSPECIFIED;
}

bool Records(const Settings& settings) {
  return std::ranges::any_of(settings.plans(),
                             [](const auto& named) { return Records(named.second); }) ||
         std::ranges::any_of(settings.routes(),
                             [](const auto& route) { return Records(route.plan()); });
}

}  // namespace

absl::StatusOr<const Account*> FindAccount(const Settings& settings, const std::string& name) {
  const auto account = settings.accounts().find(name);
  if (account != settings.accounts().end()) return &account->second;
  return Missing("--account", absl::StrFormat("the settings have no account \"%s\"; name one of "
                                              "those below \"accounts\"",
                                              name));
}

absl::StatusOr<Wanted> MakeWanted(const Settings& settings, const std::string& account_name) {
  const absl::StatusOr<const Account*> account = FindAccount(settings, account_name);
  if (!account.ok()) return account.status();
  const std::string path = "accounts." + account_name;
  const Account::Setup& setup = (*account)->setup();
  Wanted wanted;
  wanted.records = Records(settings);
  wanted.owner = settings.service_id() + "/" + account_name;
  wanted.id = "callbridge-" + settings.service_id() + "-" + account_name;
  if (!IsId(wanted.id)) {
    return Missing(path,
                   "has a name that cannot stand in an id of the provider; use A-Z, a-z, "
                   "0-9, \"_\" and \"-\"");
  }
  wanted.applications = setup.flavour() == Account::Setup::FLAVOUR_APPLICATIONS;
  wanted.configuration = {(*account)->calls_configuration_id(), "Callbridge " + wanted.owner};
  if (!IsId(wanted.configuration.id)) {
    return Missing(path + ".calls_configuration_id",
                   "is no id of the provider; write 1 to 128 of A-Z, a-z, 0-9, \"_\" and \"-\"");
  }
  if (settings.webhook().public_url().empty()) {
    return Missing("webhook.public_url",
                   "required here: the URL under which the provider reaches the ingress, like "
                   "\"https://hooks.example.com\"");
  }
  auto security = MakeSecurity(settings.webhook(), wanted.id);
  if (!security.ok()) return security.status();
  wanted.security = *std::move(security);
  if (settings.webhook().has_report_only() && wanted.security && !wanted.applications) {
    wanted.remarks.push_back(RemarkOnTrial(settings.webhook(), *wanted.security));
  }
  auto profile = MakeProfile(settings, setup, path, wanted.id);
  if (!profile.ok()) return profile.status();
  wanted.profile = *std::move(profile);
  if (wanted.security) wanted.profile.security_id = wanted.security->id;
  wanted.subscription.id = wanted.id;
  wanted.subscription.profile_id = wanted.id;
  for (const std::string_view name : provider::UsedEventTypes()) {
    wanted.subscription.events.emplace(name);
  }
  wanted.subscription.criteria = {{{"callsConfigurationId", wanted.configuration.id}}};
  wanted.application.id = wanted.configuration.id;
  wanted.application.events = wanted.subscription.events;
  wanted.application.event_url = wanted.profile.url;
  wanted.application.receive_url =
      settings.webhook().public_url() + settings.webhook().receive_path();
  wanted.numbers = NumbersOf(settings);
  return wanted;
}

}  // namespace callbridge::admin
