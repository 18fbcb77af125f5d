// What an account has, as far as setup and doctor ask (docs/provider.md §3.1 to §3.3). It only
// reads. Each part is known by itself, because a key may open one part of the provider's API and
// not another.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "server/admin/account_link.h"
#include "server/admin/pages.h"
#include "server/admin/things.h"
#include "server/admin/wanted.h"

namespace callbridge::admin {

struct ObservedNumber {
  WantedNumber wanted;
  // Number.key is empty if the account does not own the number.
  absl::StatusOr<Number> number;
};

// Of the numbers that the account owns and the settings do not name.
struct OtherNumbers {
  // Those that setup led to this service before. Their callers reach a service without a route.
  std::vector<Number> forgotten;
  // How many were not looked at, because each costs a request.
  std::size_t not_looked_at = 0;
};

struct Observed {
  Seen<Configuration> configuration = std::nullopt;
  // The security settings whose ids are setup's own.
  absl::StatusOr<std::vector<Security>> securities = std::vector<Security>();
  Seen<Profile> profile = std::nullopt;
  Seen<Subscription> subscription = std::nullopt;
  // Only with applications: the one of calls_configuration_id, or the one of setup's name.
  Seen<Application> application = std::nullopt;
  std::vector<ObservedNumber> numbers;
  absl::StatusOr<OtherNumbers> other_numbers = OtherNumbers();
};

// Asks for what is wanted.
Observed Observe(AccountLink& link, const Wanted& wanted);

// All subscriptions of the channel VOICE_VIDEO.
absl::StatusOr<std::vector<Subscription>> ListSubscriptions(AccountLink& link);
// A profile by its id.
Seen<Profile> FindProfile(AccountLink& link, const std::string& id);

// True if setup gives such an id to security settings of the deployment: wanted.id, "-" and a
// fingerprint (fingerprint.h).
bool IsSecurityOf(const Wanted& wanted, const std::string& security_id);

// Returns the first error of a part, with the name of the part. OK means that everything is known.
absl::Status WhatIsUnknown(const Observed& observed);

}  // namespace callbridge::admin
