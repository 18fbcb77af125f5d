#include "server/provider/account_options.h"

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "server/base/trimmed.h"

namespace callbridge::provider {
namespace {

StopPlayScope ToScope(config::v1::Account::StopPlayScope scope) {
  if (scope == config::v1::Account::STOP_PLAY_SCOPE_CONFERENCE) return StopPlayScope::kConference;
  if (scope == config::v1::Account::STOP_PLAY_SCOPE_BOTH) return StopPlayScope::kBoth;
  return StopPlayScope::kCall;
}

// True if the text has no control characters. A line break in a secret would add headers.
bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= ' ' && byte != 0x7f;
  });
}

}  // namespace

std::string AppAuthorization(std::string_view api_key) {
  return "App " + std::string(base::Trimmed(api_key));
}

std::string BasicAuthorization(std::string_view username, std::string_view password) {
  return "Basic " + absl::Base64Escape(absl::StrCat(std::string(username), ":",
                                                    std::string(base::Trimmed(password))));
}

std::string BearerAuthorization(std::string_view token) {
  return "Bearer " + std::string(base::Trimmed(token));
}

absl::StatusOr<AccountOptions> MakeAccountOptions(const config::v1::Account& account,
                                                  std::string_view secret) {
  if (base::Trimmed(secret).empty()) {
    return absl::InvalidArgumentError("the account's secret file is empty; put the secret into it");
  }
  AccountOptions options;
  options.base_url = account.base_url();
  options.allowed_hosts.assign(account.allowed_hosts().begin(), account.allowed_hosts().end());
  options.configuration.id = account.calls_configuration_id();
  if (account.setup().flavour() == config::v1::Account::Setup::FLAVOUR_APPLICATIONS) {
    options.configuration.field = "applicationId";
  }
  options.stop_play_scope = ToScope(account.stop_play_scope());
  config::v1::Account::Rates rates = account.rates();
  base::FillDefaults(rates);
  options.rates = Rates(rates);
  switch (account.authorization_case()) {
    case config::v1::Account::kApiKeyFile:
      options.authorization_header = AppAuthorization(secret);
      break;
    case config::v1::Account::kBasic:
      options.authorization_header = BasicAuthorization(account.basic().username(), secret);
      break;
    case config::v1::Account::kBearerTokenFile:
      options.authorization_header = BearerAuthorization(secret);
      break;
    case config::v1::Account::AUTHORIZATION_NOT_SET:
      return absl::InvalidArgumentError(
          "the account has no authorization; set api_key_file, basic or bearer_token_file");
  }
  if (!IsPrintable(options.authorization_header)) {
    return absl::InvalidArgumentError(
        "the account's secret holds a line break or another control character; write it on one "
        "line");
  }
  return options;
}

}  // namespace callbridge::provider
