#include "server/settings/dialing_rules.h"

#include <algorithm>

#include "server/settings/numbers.h"

namespace callbridge::settings {

DialingRules::DialingRules(const config::v1::Settings& settings)
    : default_number_(NormalizeNumber(settings.dialing().default_number()).value_or("")) {
  const auto allow = [this](const std::string& number) {
    if (const auto normalized = NormalizeNumber(number)) allowed_numbers_.insert(*normalized);
  };
  allow(settings.dialing().default_number());
  for (const std::string& number : settings.dialing().allowed_numbers()) allow(number);
  for (const auto& route : settings.routes()) {
    allow(route.number());
    if (const auto number = NormalizeNumber(route.number())) routed_numbers_.insert(*number);
  }
  for (const std::string& prefix : settings.dialing().allowed_prefixes()) {
    if (const auto normalized = NormalizePrefix(prefix)) allowed_prefixes_.push_back(*normalized);
  }
  for (const std::string& prefix : settings.dialing().denied_prefixes()) {
    if (const auto normalized = NormalizePrefix(prefix)) denied_prefixes_.push_back(*normalized);
  }
}

bool DialingRules::MayShow(std::string_view number) const {
  const std::optional<std::string> normalized = NormalizeNumber(number);
  return normalized.has_value() && allowed_numbers_.contains(*normalized);
}

std::optional<DialingRules::Refusal> DialingRules::JudgePrefix(std::string_view number) const {
  const auto begins_number = [&](const std::string& prefix) { return number.starts_with(prefix); };
  const auto denied = std::find_if(denied_prefixes_.begin(), denied_prefixes_.end(), begins_number);
  if (denied != denied_prefixes_.end()) return Refusal{*denied};
  if (!allowed_prefixes_.empty() &&
      std::none_of(allowed_prefixes_.begin(), allowed_prefixes_.end(), begins_number)) {
    return Refusal{};
  }
  return std::nullopt;
}

std::optional<DialingRules::Refusal> DialingRules::WhyNotCall(std::string_view number) const {
  const std::optional<std::string> normalized = NormalizeNumber(number);
  if (!normalized.has_value()) return Refusal{};
  return JudgePrefix(*normalized);
}

std::optional<DialingRules::Refusal> DialingRules::WhyNotCall(
    const callbridge::v1::Endpoint& endpoint) const {
  if (endpoint.has_phone()) return WhyNotCall(endpoint.phone().number());
  const std::optional<std::string> number = NumberOf(endpoint);
  if (!number.has_value()) return std::nullopt;
  if (number->starts_with('+')) return JudgePrefix(*number);
  // Only the trunk knows the country of a national number, so no list can allow it.
  const bool fenced = !allowed_prefixes_.empty() || !denied_prefixes_.empty();
  return fenced ? std::optional(Refusal{}) : std::nullopt;
}

bool DialingRules::IsRouted(const callbridge::v1::Endpoint& endpoint) const {
  const std::optional<std::string> number = NumberOf(endpoint);
  return number.has_value() && routed_numbers_.contains(*number);
}

std::optional<std::string> NumberOf(const callbridge::v1::Endpoint& endpoint) {
  if (endpoint.has_phone()) return NormalizeNumber(endpoint.phone().number());
  if (endpoint.has_sip()) return NumberInSipUser(endpoint.sip().username());
  return std::nullopt;
}

std::string DestinationField(const callbridge::v1::Endpoint& endpoint) {
  if (endpoint.has_sip()) return "sip.username";
  return endpoint.has_webrtc() ? "webrtc.identity" : "phone.number";
}

bool SameDestination(const callbridge::v1::Endpoint& one, const callbridge::v1::Endpoint& other) {
  const std::optional<std::string> number = NumberOf(one);
  if (number.has_value()) return number == NumberOf(other);
  if (one.has_sip() && other.has_sip()) {
    return one.sip().username() == other.sip().username() &&
           one.sip().trunk_id() == other.sip().trunk_id();
  }
  return one.has_webrtc() && other.has_webrtc() &&
         one.webrtc().identity() == other.webrtc().identity();
}

}  // namespace callbridge::settings
