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
  for (const auto& route : settings.routes()) allow(route.number());
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

std::optional<DialingRules::Refusal> DialingRules::WhyNotCall(std::string_view number) const {
  const std::optional<std::string> normalized = NormalizeNumber(number);
  if (!normalized.has_value()) return Refusal{};
  const auto begins_number = [&](const std::string& prefix) {
    return normalized->starts_with(prefix);
  };
  const auto denied = std::find_if(denied_prefixes_.begin(), denied_prefixes_.end(), begins_number);
  if (denied != denied_prefixes_.end()) return Refusal{*denied};
  if (!allowed_prefixes_.empty() &&
      std::none_of(allowed_prefixes_.begin(), allowed_prefixes_.end(), begins_number)) {
    return Refusal{};
  }
  return std::nullopt;
}

std::optional<DialingRules::Refusal> DialingRules::WhyNotCall(
    const callbridge::v1::Endpoint& endpoint) const {
  if (!endpoint.has_phone()) return std::nullopt;
  return WhyNotCall(endpoint.phone().number());
}

}  // namespace callbridge::settings
