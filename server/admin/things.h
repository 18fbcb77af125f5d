// What callbridge-admin makes and looks at in an account of the provider (docs/provider.md §3.1 to
// §3.3). Plain values. The same types say what the settings want and what the account has.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace callbridge::admin {

// A calls configuration.
struct Configuration {
  std::string id;
  std::string name;
};

// How the provider authenticates its webhooks.
struct Security {
  std::string id;
  // "BASIC" or "HMAC".
  std::string type;
  // Of BASIC.
  std::string username;
  // Of HMAC, like "HMAC_SHA_256".
  std::string algorithm;
  // The password or key. The account's answer is not read for it, so what the account has is empty
  // here. It is never printed.
  std::string secret;
};

// A notification profile: where webhooks go.
struct Profile {
  std::string id;
  std::string url;
  // Empty means that webhooks are not authenticated.
  std::string security_id;
  std::string client_certificate_id;
  // Secrets of the operator, which are never printed.
  std::map<std::string, std::string> headers;
  // Events in one request.
  std::int64_t bucket_max = 1;
  // Connections and time-outs by the provider's names. An operator may tune them in the portal, and
  // setup keeps what it finds.
  std::map<std::string, std::int64_t> tuning;
  std::vector<std::string> tls_versions;
};

// One condition of a subscription's filter, by the provider's names; all of it must fit.
using Criterion = std::map<std::string, std::string>;

struct Subscription {
  std::string id;
  std::string name;
  std::string profile_id;
  std::set<std::string> events;
  // Events that fit any of these are sent. Empty means all events of the account.
  std::vector<Criterion> criteria;
  // Filters that setup does not use, by the provider's names.
  std::map<std::string, std::vector<std::string>> other_filters;
};

// What becomes of a call to a number.
struct VoiceAction {
  std::string type;
  std::string configuration_id;
  std::string description;

  bool operator==(const VoiceAction&) const = default;
};

struct Number {
  // In digits, without "+".
  std::string number;
  // The provider's name of the number. Empty means that the account does not own it.
  std::string key;
  std::optional<VoiceAction> action;
};

// What an older account has instead of a configuration and a subscription.
struct Application {
  std::string id;
  std::string name;
  std::set<std::string> events;
  std::string receive_url;
  std::string event_url;
};

}  // namespace callbridge::admin
