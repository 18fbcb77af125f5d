// Telephone numbers in E.164. Everything inside the service is "+" and digits; people may leave out
// the "+".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callbridge::settings {

// What to say of a number that is refused; never with the number itself.
inline constexpr char kNumberDescription[] =
    "must be an E.164 number: 8 to 15 digits, country code first, with or without \"+\"";

// "+447700900456" from "447700900456" or "+447700900456". Absent: not E.164.
std::optional<std::string> NormalizeNumber(std::string_view number);

// As NormalizeNumber for the beginning of a number: 1 to 15 digits.
std::optional<std::string> NormalizePrefix(std::string_view prefix);

// True for what RFC 3261 (25.1, user) allows before the "@" of an address: also escapes ("%23"),
// unless they hide a control character or what ends a user name ("@", ":").
bool IsSipUser(std::string_view user);

// The telephone number that a SIP user name is to its trunk: "+" and digits, "00" read as "+"; a
// national one, with a single 0, as it stands, and so one behind a code whose end is not clear
// ("*67"). Visual separators, parameters and service codes do not count. Absent: a name, or an
// extension of up to seven digits.
std::optional<std::string> NumberInSipUser(std::string_view user);

}  // namespace callbridge::settings
