#include "server/base/json_repair.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "server/base/utf8.h"

namespace callbridge::base {
namespace {

constexpr std::string_view kReplacementEscape = R"(\ufffd)";
constexpr std::string_view kNumberLetters = "+-.0123456789eE";
// Integers of up to this many digits fit into 64 bits. A number of up to this many digits with an
// exponent of two digits is a finite double.
constexpr std::size_t kIntegerDigitsMax = 18;
constexpr std::size_t kExponentDigitsMax = 2;

bool IsDecimal(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

std::size_t CountDigits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDecimal);
  return static_cast<std::size_t>(end - text.begin());
}

bool MayNotFit(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  if (CountDigits(number) > kIntegerDigitsMax) return true;
  const std::size_t exponent = number.find_first_of("eE");
  if (exponent == std::string_view::npos) return false;
  number.remove_prefix(exponent + 1);
  if (number.starts_with('-') || number.starts_with('+')) number.remove_prefix(1);
  return CountDigits(number) > kExponentDigitsMax;
}

// Returns the code unit of the escape \uXXXX at the beginning of a text. Absent means that there is
// none.
std::optional<std::uint32_t> CodeUnit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  const std::string_view digits = text.substr(2, 4);
  std::uint32_t unit = 0;
  // SimpleHexAtoi would also accept a sign or "0x".
  if (!std::all_of(digits.begin(), digits.end(),
                   [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }) ||
      !absl::SimpleHexAtoi(absl::string_view(digits.data(), digits.size()), &unit)) {
    return std::nullopt;
  }
  return unit;
}

bool IsHighSurrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Copies or replaces the escape at the beginning of rest, and returns how many bytes of it are
// handled.
std::size_t RepairEscape(std::string_view rest, std::string& out) {
  constexpr std::string_view kShort = "\"\\/bfnrt";
  const auto copy = [&](std::size_t size) {
    out += rest.substr(0, size);
    return size;
  };
  const auto replace = [&](std::size_t size) {
    out += kReplacementEscape;
    return size;
  };
  if (rest.size() < 2) return copy(rest.size());
  if (kShort.find(rest[1]) != std::string_view::npos) return copy(2);
  const std::optional<std::uint32_t> unit = CodeUnit(rest);
  // The escape is broken. Only its backslash, and a "u" behind it, is replaced. The rest is kept as
  // ordinary text.
  if (!unit.has_value()) return replace(rest[1] == 'u' ? 2 : 1);
  if (IsLowSurrogate(*unit)) return replace(6);
  if (!IsHighSurrogate(*unit)) return copy(6);
  const std::optional<std::uint32_t> second = CodeUnit(rest.substr(6));
  return second.has_value() && IsLowSurrogate(*second) ? copy(12) : replace(6);
}

// Copies a string from after its opening quotation mark to its closing one, inclusive, and returns
// the number of those bytes.
std::size_t RepairString(std::string_view rest, std::string& out) {
  std::size_t i = 0;
  while (i < rest.size()) {
    const char c = rest[i];
    if (c == '"') {
      out += c;
      return i + 1;
    }
    if (c == '\\') {
      i += RepairEscape(rest.substr(i), out);
      continue;
    }
    const std::size_t length = Utf8SequenceLength(rest.substr(i));
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (length == 0 || control) {
      out += kReplacementEscape;
    } else {
      out += rest.substr(i, length);
    }
    i += std::max<std::size_t>(length, 1);
  }
  return i;
}

}  // namespace

std::string RepairJson(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    if (json[i] == '"') {
      out += '"';
      i += 1 + RepairString(json.substr(i + 1), out);
    } else if (json[i] == '-' || IsDecimal(json[i])) {
      const std::size_t end = std::min(json.find_first_not_of(kNumberLetters, i), json.size());
      const std::string_view number = json.substr(i, end - i);
      out += MayNotFit(number) ? "null" : number;
      i = end;
    } else {
      out += json[i++];
    }
  }
  return out;
}

}  // namespace callbridge::base
