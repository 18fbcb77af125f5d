#include "server/admin/observed.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <utility>

#include "server/admin/fingerprint.h"
#include "server/admin/mark.h"
#include "server/admin/pages.h"
#include "server/admin/requests.h"
#include "server/base/mask.h"
#include "server/provider/json_reader.h"

namespace callbridge::admin {
namespace {

// Each number costs a request, and an account may own thousands.
constexpr std::size_t kOtherNumbersMax = 200;

using provider::JsonElement;
using provider::JsonObject;

std::vector<std::string> Texts(const JsonObject& object, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto array = provider::Array(object, name)) {
    for (const JsonElement element : *array) texts.push_back(provider::Text(element));
  }
  return texts;
}

std::set<std::string> Events(const JsonObject& object, std::string_view name) {
  const std::vector<std::string> texts = Texts(object, name);
  return {texts.begin(), texts.end()};
}

std::map<std::string, std::string> TextsByName(const JsonObject& object) {
  std::map<std::string, std::string> texts;
  for (const auto member : object) {
    std::string text = provider::Text(member.value);
    if (!text.empty()) texts[std::string(member.key)] = std::move(text);
  }
  return texts;
}

Configuration ReadConfiguration(const JsonObject& object) {
  return {provider::Text(object, "id"), provider::Text(object, "name")};
}

Security ReadSecurity(const JsonObject& object) {
  Security security;
  security.id = provider::Text(object, "authId");
  security.type = provider::Text(object, "type");
  if (const auto credentials = provider::Object(object, "credentials")) {
    security.username = provider::Text(*credentials, "username");
    security.algorithm = provider::Text(*credentials, "algorithm");
  }
  return security;
}

Profile ReadProfile(const JsonObject& object) {
  Profile profile;
  profile.id = provider::Text(object, "profileId");
  if (const auto webhook = provider::Object(object, "webhook")) {
    profile.url = provider::Text(*webhook, "notifyUrl");
  }
  if (const auto security = provider::Object(object, "security")) {
    profile.security_id = provider::Text(*security, "authId");
  }
  profile.client_certificate_id = provider::Text(object, "clientCertificateId");
  profile.bucket_max = provider::Integer(object, "maxBucketSize").value_or(0);
  for (const char* name : {"windowSize", "connectTimeout", "readTimeout", "rateLimit"}) {
    if (const auto value = provider::Integer(object, name)) profile.tuning[name] = *value;
  }
  profile.tls_versions = Texts(object, "enabledSSLProtocols");
  if (const auto headers = provider::Object(object, "headers")) {
    profile.headers = TextsByName(*headers);
  }
  return profile;
}

Subscription ReadSubscription(const JsonObject& object) {
  Subscription subscription;
  subscription.id = provider::Text(object, "subscriptionId");
  subscription.name = provider::Text(object, "name");
  if (const auto profile = provider::Object(object, "profile")) {
    subscription.profile_id = provider::Text(*profile, "profileId");
  }
  subscription.events = Events(object, "events");
  if (const auto criteria = provider::Array(object, "criteria")) {
    for (const JsonElement element : *criteria) {
      JsonObject criterion;
      if (element.get(criterion) == simdjson::SUCCESS) {
        subscription.criteria.push_back(TextsByName(criterion));
      }
    }
  }
  std::ranges::sort(subscription.criteria);
  for (const char* name : {"resources", "users"}) {
    std::vector<std::string> texts = Texts(object, name);
    if (!texts.empty()) subscription.other_filters[name] = std::move(texts);
  }
  return subscription;
}

Application ReadApplication(const JsonObject& object) {
  Application application;
  application.id = provider::Text(object, "id");
  application.name = provider::Text(object, "name");
  application.events = Events(object, "subscribedEvents");
  if (const auto webhook = provider::Object(object, "webhook")) {
    application.receive_url = provider::Text(*webhook, "receiveUrl");
    application.event_url = provider::Text(*webhook, "eventUrl");
  }
  return application;
}

absl::StatusOr<std::vector<Security>> FindSecurities(AccountLink& link, const Wanted& wanted) {
  std::vector<Security> securities;
  const absl::Status read = ReadPages(link, SecuritiesPage, "results", [&](const JsonObject& item) {
    Security security = ReadSecurity(item);
    if (IsSecurityOf(wanted, security.id)) securities.push_back(std::move(security));
    return true;
  });
  if (!read.ok()) return read;
  return securities;
}

// Reads the voice action of a number whose key is known. 404 means that it has none.
absl::Status ReadAction(AccountLink& link, Number& number) {
  const absl::StatusOr<std::string> body = link.Get(VoicePath(number.key));
  if (absl::IsNotFound(body.status())) return absl::OkStatus();
  if (!body.ok()) return body.status();
  return ReadObject(*body, [&number](const JsonObject& object) {
    if (const auto action = provider::Object(object, "action")) {
      number.action = {provider::Text(*action, "type"),
                       provider::Text(*action, "callsConfigurationId"),
                       provider::Text(*action, "description")};
    }
  });
}

absl::StatusOr<Number> FindNumber(AccountLink& link, const std::string& digits) {
  Number number{digits, "", std::nullopt};
  const auto page_path = [&](int page) { return OwnedNumbersPage(digits, page); };
  const absl::Status listed = ReadPages(link, page_path, "numbers", [&](const JsonObject& item) {
    // The list may hold numbers that only contain this one.
    if (provider::Text(item, "number") == digits) number.key = provider::Text(item, "numberKey");
    return number.key.empty();
  });
  if (!listed.ok() && !absl::IsNotFound(listed)) return listed;
  if (number.key.empty()) return number;
  const absl::Status read = ReadAction(link, number);
  if (!read.ok()) return read;
  return number;
}

// Looks at the numbers of the account that the settings do not name.
absl::StatusOr<OtherNumbers> FindOtherNumbers(AccountLink& link, const Wanted& wanted) {
  std::vector<Number> others;
  const auto page_path = [](int page) { return OwnedNumbersPage("", page); };
  const absl::Status listed = ReadPages(link, page_path, "numbers", [&](const JsonObject& item) {
    Number number{provider::Text(item, "number"), provider::Text(item, "numberKey"), std::nullopt};
    const bool named =
        std::any_of(wanted.numbers.begin(), wanted.numbers.end(),
                    [&number](const WantedNumber& own) { return own.number == number.number; });
    if (!named && !number.key.empty()) others.push_back(std::move(number));
    return true;
  });
  if (!listed.ok()) return listed;
  OtherNumbers found;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (i == kOtherNumbersMax) {
      found.not_looked_at = others.size() - i;
      break;
    }
    const absl::Status read = ReadAction(link, others[i]);
    if (!read.ok()) return read;
    const std::optional<VoiceAction>& action = others[i].action;
    if (action && action->description == NumberMark(wanted.owner)) {
      found.forgotten.push_back(std::move(others[i]));
    }
  }
  return found;
}

// Finds the application of the settings, or else the one of setup's name.
Seen<Application> FindApplication(AccountLink& link, const Wanted& wanted) {
  Seen<Application> application =
      Find<Application>(link, ApplicationPath(wanted.application.id), ReadApplication);
  if (!application.ok() || application->has_value()) return application;
  std::string id;
  const absl::Status listed =
      ReadPages(link, ApplicationsPage, "results", [&](const JsonObject& item) {
        const std::optional<Mark> mark = ParseMark(provider::Text(item, "name"));
        if (mark && mark->owner == wanted.owner) id = provider::Text(item, "id");
        return id.empty();
      });
  // An account that has no applications answers 404 to the list too.
  if (!listed.ok()) return listed;
  if (id.empty()) return std::nullopt;
  return Find<Application>(link, ApplicationPath(id), ReadApplication);
}

absl::Status Named(const std::string& part, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), part + ": " + std::string(status.message()));
}

}  // namespace

Observed Observe(AccountLink& link, const Wanted& wanted) {
  Observed observed;
  if (wanted.applications) {
    observed.application = FindApplication(link, wanted);
    return observed;
  }
  observed.configuration =
      Find<Configuration>(link, ConfigurationPath(wanted.configuration.id), ReadConfiguration);
  observed.securities = FindSecurities(link, wanted);
  observed.profile = FindProfile(link, wanted.profile.id);
  observed.subscription =
      Find<Subscription>(link, SubscriptionPath(wanted.subscription.id), ReadSubscription);
  for (const WantedNumber& number : wanted.numbers) {
    observed.numbers.push_back({number, FindNumber(link, number.number)});
  }
  observed.other_numbers = FindOtherNumbers(link, wanted);
  // A deployment without routes needs no scope for numbers.
  if (wanted.numbers.empty() && absl::IsPermissionDenied(observed.other_numbers.status())) {
    observed.other_numbers = OtherNumbers();
  }
  return observed;
}

absl::StatusOr<std::vector<Subscription>> ListSubscriptions(AccountLink& link) {
  std::vector<Subscription> subscriptions;
  const absl::Status read =
      ReadPages(link, SubscriptionsPage, "results", [&](const JsonObject& item) {
        subscriptions.push_back(ReadSubscription(item));
        return true;
      });
  if (!read.ok()) return read;
  return subscriptions;
}

Seen<Profile> FindProfile(AccountLink& link, const std::string& id) {
  return Find<Profile>(link, ProfilePath(id), ReadProfile);
}

bool IsSecurityOf(const Wanted& wanted, const std::string& security_id) {
  const std::string prefix = wanted.id + "-";
  return security_id.starts_with(prefix) && security_id.size() == prefix.size() + kDigits &&
         std::all_of(security_id.begin() + static_cast<std::ptrdiff_t>(prefix.size()),
                     security_id.end(),
                     [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
}

absl::Status WhatIsUnknown(const Observed& observed) {
  absl::Status status = Named("calls configuration", observed.configuration.status());
  status.Update(Named("security settings", observed.securities.status()));
  status.Update(Named("notification profile", observed.profile.status()));
  status.Update(Named("subscription", observed.subscription.status()));
  status.Update(Named("application", observed.application.status()));
  for (const ObservedNumber& number : observed.numbers) {
    status.Update(
        Named("number " + base::MaskNumber("+" + number.wanted.number), number.number.status()));
  }
  status.Update(Named("other numbers", observed.other_numbers.status()));
  return status;
}

}  // namespace callbridge::admin
