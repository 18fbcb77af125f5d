// What an account has to have, by the settings. It reads secret files and asks nobody.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admin/things.h"

namespace callbridge::admin {

// A number that a route names.
struct WantedNumber {
  // In digits, without "+".
  std::string number;
  // The path of its setting, like "routes[0].number".
  std::string path;
};

struct Wanted {
  // Whose things these are: "service_id/account". It stands in every name that setup gives.
  std::string owner;
  // The id of everything that setup makes begins with this.
  std::string id;
  // The account has applications instead of configurations and subscriptions.
  bool applications = false;
  Configuration configuration;
  // Absent means that webhooks are not authenticated.
  std::optional<Security> security;
  Profile profile;
  Subscription subscription;
  // The id of an application is calls_configuration_id, which exists only after the first setup.
  Application application;
  std::vector<WantedNumber> numbers;
  // What a person should know of how the settings were understood, a sentence each.
  std::vector<std::string> remarks;
  // A plan or a route of the settings records.
  bool records = false;
};

// Returns the account of this name. INVALID_ARGUMENT means that the settings have none.
absl::StatusOr<const config::v1::Account*> FindAccount(const config::v1::Settings& settings,
                                                       const std::string& name);

// account_name: a name among settings.accounts. settings: effective settings. INVALID_ARGUMENT
// names the setting that is missing or that the provider would refuse, and what to write there;
// other errors come from secret files.
absl::StatusOr<Wanted> MakeWanted(const config::v1::Settings& settings,
                                  const std::string& account_name);

}  // namespace callbridge::admin
