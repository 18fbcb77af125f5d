#include "server/settings/account_validation.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/url.h"
#include "server/settings/defaults.h"

namespace callbridge::settings {
namespace {

using config::v1::Account;

// One request in ten seconds: a slower one could never leave in its time.
constexpr double kRateMin = 0.1;
constexpr double kRateMax = 10'000;
// ".com" would allow half of the world, and ".co.uk" half of a country.
constexpr int kSuffixLabelsMin = 3;

void ValidateBaseUrl(const std::string& base_url, const std::string& path, Findings& findings) {
  if (base_url.empty()) {
    findings.Refuse(path, "required: the account's own, like \"https://xxxxx.api.infobip.com\"");
    return;
  }
  const std::optional<base::Url> url = base::ParseUrl(base_url);
  if (!url.has_value() || !(url->path.empty() || url->path == "/")) {
    findings.Refuse(path,
                    "must be a URL of scheme and host only, like "
                    "\"https://xxxxx.api.infobip.com\"");
  } else if (url->scheme != "https" && !base::IsLoopback(url->host)) {
    findings.Refuse(path, "must be https; http is for loopback addresses only");
  }
}

// "api.example.com", "127.0.0.1:8080" or ".api.infobip.com".
bool IsAllowedHost(std::string_view host) {
  if (host.starts_with('.')) {
    const std::string_view suffix = host.substr(1);
    const std::string_view last = suffix.substr(suffix.rfind('.') + 1);
    // The end of an IPv4 address names no family of hosts.
    const bool address = last.find_first_not_of("0123456789") == std::string_view::npos;
    return base::IsHost(suffix) && !address &&
           std::count(suffix.begin(), suffix.end(), '.') >= kSuffixLabelsMin - 1;
  }
  const std::optional<base::Url> url = base::ParseUrl("https://" + std::string(host));
  return url.has_value() && url->path.empty();
}

void ValidateAuthorization(const Account& account, const std::string& path, Findings& findings) {
  switch (account.authorization_case()) {
    case Account::kApiKeyFile:
      if (account.api_key_file().empty()) {
        findings.Refuse(FieldPath(path, "api_key_file"), "must name a file");
      }
      return;
    case Account::kBearerTokenFile:
      if (account.bearer_token_file().empty()) {
        findings.Refuse(FieldPath(path, "bearer_token_file"), "must name a file");
      }
      return;
    case Account::kBasic:
      if (account.basic().username().empty()) {
        findings.Refuse(FieldPath(path, "basic.username"), "required");
      } else if (account.basic().username().find(':') != std::string::npos) {
        findings.Refuse(FieldPath(path, "basic.username"), "must not contain \":\"");
      }
      if (account.basic().password_file().empty()) {
        findings.Refuse(FieldPath(path, "basic.password_file"),
                        "required: a file that holds the password");
      }
      return;
    case Account::AUTHORIZATION_NOT_SET:
      findings.Refuse(path, "needs api_key_file, basic or bearer_token_file");
      return;
  }
}

void ValidateRate(double rate, const std::string& path, Findings& findings) {
  // 0: not set. Written so that a rate that is no number is refused too.
  if (rate == 0 || (rate >= kRateMin && rate <= kRateMax)) return;
  findings.Refuse(path,
                  absl::StrFormat("must be %g to %g requests per second", kRateMin, kRateMax));
}

void ValidateAccount(const Account& account, const std::string& path, Findings& findings) {
  ValidateBaseUrl(account.base_url(), FieldPath(path, "base_url"), findings);
  for (int i = 0; i < account.allowed_hosts_size(); ++i) {
    if (IsAllowedHost(account.allowed_hosts(i))) continue;
    findings.Refuse(
        ItemPath(FieldPath(path, "allowed_hosts"), static_cast<std::size_t>(i)),
        "must be a host like \"api.example.com\", or a suffix of three names or more like "
        "\".api.infobip.com\"");
  }
  ValidateAuthorization(account, path, findings);
  if (account.calls_configuration_id().empty()) {
    findings.Refuse(FieldPath(path, "calls_configuration_id"),
                    "required: the calls configuration of this service at the provider");
  }
  const std::string rates_path = FieldPath(path, "rates");
  ValidateRate(account.rates().dial(), FieldPath(rates_path, "dial"), findings);
  ValidateRate(account.rates().conference(), FieldPath(rates_path, "conference"), findings);
  ValidateRate(account.rates().other(), FieldPath(rates_path, "other"), findings);
}

}  // namespace

void ValidateAccounts(const config::v1::Settings& settings, Findings& findings) {
  if (!settings.accounts().contains(kDefaultName)) {
    findings.Refuse("accounts.default", "required: the account at the provider");
  }
  for (const auto& [name, account] : settings.accounts()) {
    const std::string path = FieldPath("accounts", name);
    ValidateAccount(account, path, findings);
    if (name != kDefaultName) {
      findings.Warn(path, "is not used: this release knows the account \"default\" only");
    }
  }
}

}  // namespace callbridge::settings
