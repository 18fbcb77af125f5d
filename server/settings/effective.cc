#include "server/settings/effective.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>
#include <string>

#include "server/base/check.h"
#include "server/base/url.h"
#include "server/settings/defaults.h"
#include "server/settings/numbers.h"
#include "server/settings/plan_resolution.h"

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

// A list of the settings replaces that of the defaults instead of being appended to it.
internal::v1::Timing FilledTiming(const internal::v1::Timing& written) {
  internal::v1::Timing timing = DefaultTiming();
  if (written.ending_looks_size() > 0) timing.clear_ending_looks();
  // A Duration is replaced whole: merging 1.5s into 2s would leave 1.5s, but 2s into 1.5s would
  // leave 2.5s.
  const auto& reflection = *timing.GetReflection();
  const auto& descriptor = *timing.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const auto* field = descriptor.field(i);
    if (!field->is_repeated() && reflection.HasField(written, field)) {
      reflection.ClearField(&timing, field);
    }
  }
  timing.MergeFrom(written);
  return timing;
}

void FillAccount(Account& account) {
  if (account.base_url().ends_with('/')) account.mutable_base_url()->pop_back();
  if (account.allowed_hosts_size() == 0) {
    const std::optional<base::Url> url = base::ParseUrl(account.base_url());
    base::Check(url.has_value(), "settings are filled in after they were validated");
    account.add_allowed_hosts(url->Authority());
    account.add_allowed_hosts(".api.infobip.com");
  }
  if (account.stop_play_scope() == Account::STOP_PLAY_SCOPE_UNSPECIFIED) {
    account.set_stop_play_scope(Account::STOP_PLAY_SCOPE_CALL);
  }
  Account::Rates rates = DefaultRates();
  rates.MergeFrom(account.rates());
  *account.mutable_rates() = rates;
}

// "SHA256=" is what the provider was seen to write; the others follow it.
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

void FillWebhook(Webhook& webhook) {
  if (!webhook.has_hmac()) return;
  Webhook::WebhookHmac& hmac = *webhook.mutable_hmac();
  if (hmac.header().empty()) hmac.set_header("X-Ib-Hmac-Signature");
  if (hmac.algorithm() == Webhook::WebhookHmac::ALGORITHM_UNSPECIFIED) {
    hmac.set_algorithm(Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_256);
  }
  if (hmac.prefix().empty()) hmac.set_prefix(PrefixOf(hmac.algorithm()));
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

}  // namespace

Settings EffectiveSettings(const Settings& written) {
  Settings settings = DefaultSettings();
  // Replaced as a whole below; merging would add up their parts.
  settings.clear_timing();
  if (written.has_retention()) settings.clear_retention();
  if (written.sweep().has_interval()) settings.mutable_sweep()->clear_interval();
  if (written.sweep().has_minimum_age()) settings.mutable_sweep()->clear_minimum_age();
  settings.MergeFrom(written);
  *settings.mutable_timing() = FilledTiming(written.timing());
  for (auto& [name, account] : *settings.mutable_accounts()) FillAccount(account);
  FillWebhook(*settings.mutable_webhook());
  FillDialing(*settings.mutable_dialing());
  FillPlans(written, settings);
  for (auto& route : *settings.mutable_routes()) FillRoute(route);
  return settings;
}

}  // namespace callbridge::settings
