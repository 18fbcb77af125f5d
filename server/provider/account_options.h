// What the client must know of one provider account: its address, how requests are authorized
// (secrets already read) and how fast they may leave. Plain values; no function here reads a file.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/rule.h"

namespace callbridge::provider {

enum class StopPlayScope { kCall, kConference, kBoth };

// Requests per second. The defaults are those of the settings: what the provider published
// (docs/provider.md §8).
struct Rates {
  Rates() : Rates(base::Defaults<config::v1::Account::Rates>()) {}
  explicit Rates(const config::v1::Account::Rates& rates)
      : dial(rates.dial()), conference(rates.conference()), other(rates.other()) {}

  double dial;
  double conference;
  double other;
};

// Which calls and conferences of an account are the service's: those of a calls configuration, or
// of an application on an account of the older flavour (docs/provider.md §2).
struct CallsConfiguration {
  std::string id;
  // How requests, and the filters of lists, name it.
  std::string field = "callsConfigurationId";
};

struct AccountOptions {
  std::string base_url;
  // Hosts that events may name; IsAllowed (base_url.h) describes their forms. The settings hold the
  // default.
  std::vector<std::string> allowed_hosts;
  // The whole value of the Authorization header.
  std::string authorization_header;
  CallsConfiguration configuration;
  StopPlayScope stop_play_scope = StopPlayScope::kCall;
  Rates rates;
};

// These functions return values of the Authorization header (docs/provider.md §1.2). White space
// around a secret, which files often have, is removed.
std::string AppAuthorization(std::string_view api_key);
std::string BasicAuthorization(std::string_view username, std::string_view password);
std::string BearerAuthorization(std::string_view token);

// Returns the options of an account of the settings. secret: the content of its api_key_file,
// password_file or bearer_token_file. INVALID_ARGUMENT means that there is no authorization, that
// the secret is empty, or that it cannot stand in a header.
absl::StatusOr<AccountOptions> MakeAccountOptions(const config::v1::Account& account,
                                                  std::string_view secret);

}  // namespace callbridge::provider
