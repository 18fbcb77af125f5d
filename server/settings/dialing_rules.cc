#include "server/settings/dialing_rules.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>

#include <algorithm>
#include <cstddef>

namespace callbridge::settings {
namespace {

constexpr std::size_t kDigitsMin = 8;
constexpr std::size_t kDigitsMax = 15;

std::optional<std::string> Normalize(std::string_view digits, std::size_t digits_min) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  // No country code begins with 0. Such a number is a national number, or it begins with "00"
  // instead of "+".
  const bool fits =
      digits.size() >= digits_min && digits.size() <= kDigitsMax && digits.front() != '0' &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!fits) return std::nullopt;
  return "+" + std::string(digits);
}

constexpr std::string_view kSipUserSigns = "-_.!~*'()&=+$,;?/";

bool AreDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Returns the byte of "%XX" at the beginning of the text.
std::optional<unsigned char> Escaped(std::string_view text) {
  if (text.size() < 3 || !absl::ascii_isxdigit(static_cast<unsigned char>(text[1])) ||
      !absl::ascii_isxdigit(static_cast<unsigned char>(text[2]))) {
    return std::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(std::string(text.substr(1, 2)));
  return static_cast<unsigned char>(bytes.front());
}

// Returns the text with its escapes replaced. It is empty if an escape is broken.
std::string Unescaped(std::string_view user) {
  std::string plain;
  while (!user.empty()) {
    const bool escape = user.front() == '%';
    const auto byte = escape ? Escaped(user) : static_cast<unsigned char>(user.front());
    if (!byte.has_value()) return "";
    plain += static_cast<char>(*byte);
    user.remove_prefix(escape ? 3 : 1);
  }
  return plain;
}

// Removes a service code. "*67" and "#31#" before a number hide it, and "#" after it ends it. The
// number begins after the last such sign, or at a plus behind that sign. Returns false if only the
// trunk knows where the code ends, as in "*679005551234567".
bool TakeOffServiceCode(std::string& number) {
  constexpr std::string_view kSigns = "*#";
  number.erase(number.find_last_not_of(kSigns) + 1);
  const std::size_t last = number.find_last_of(kSigns);
  if (last == std::string::npos) return true;
  const std::size_t plus = number.find('+', last);
  number.erase(0, plus == std::string::npos ? last + 1 : plus);
  return plus != std::string::npos || last > 0;
}

}  // namespace

bool IsSipUser(std::string_view user) {
  while (!user.empty()) {
    const auto first = static_cast<unsigned char>(user.front());
    if (first != '%') {
      if (!absl::ascii_isalnum(first) &&
          kSipUserSigns.find(user.front()) == std::string_view::npos) {
        return false;
      }
      user.remove_prefix(1);
      continue;
    }
    const std::optional<unsigned char> byte = Escaped(user);
    if (!byte.has_value() || *byte < 0x20 || *byte == 0x7F || *byte == '@' || *byte == ':') {
      return false;
    }
    user.remove_prefix(3);
  }
  return true;
}

std::optional<std::string> NumberInSipUser(std::string_view user) {
  std::string number = Unescaped(user);
  number.resize(std::min(number.find_first_of(";?"), number.size()));
  std::erase_if(number,
                [](char c) { return c == '-' || c == '.' || c == '(' || c == ')' || c == ' '; });
  const bool code_is_clear = TakeOffServiceCode(number);
  if (number.starts_with('+')) {
    return AreDigits(std::string_view(number).substr(1)) ? std::optional(number) : std::nullopt;
  }
  if (!AreDigits(number) || number.size() < kDigitsMin) return std::nullopt;
  if (!code_is_clear) return number;
  if (number.starts_with("00")) return "+" + number.substr(2);
  return number.starts_with('0') ? number : "+" + number;
}

std::optional<std::string> NormalizeNumber(std::string_view number) {
  return Normalize(number, kDigitsMin);
}

std::optional<std::string> NormalizePrefix(std::string_view prefix) { return Normalize(prefix, 1); }

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
