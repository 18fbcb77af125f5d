#include "server/settings/spoken_text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "server/base/limits.h"
#include "server/base/utf8.h"

namespace callbridge::settings {
namespace {

using Range = std::pair<char32_t, char32_t>;

// Spaces, and marks without a width: joiners, directions, selectors, soft hyphen, byte order mark.
constexpr std::array<Range, 13> kInvisible = {{{0x09, 0x0D},
                                               {0x20, 0x20},
                                               {0xA0, 0xA0},
                                               {0xAD, 0xAD},
                                               {0x034F, 0x034F},
                                               {0x061C, 0x061C},
                                               {0x1680, 0x1680},
                                               {0x180B, 0x180E},
                                               {0x2000, 0x200F},
                                               {0x2028, 0x202F},
                                               {0x205F, 0x206F},
                                               {0x3000, 0x3000},
                                               {0xFE00, 0xFE0F}}};
constexpr char32_t kByteOrderMark = 0xFEFF;
// The signs that voices read out. All other ASCII punctuation is heard as a pause, or not at all.
constexpr std::string_view kSpokenSigns = "#$%&*+<=>@";

bool IsInvisible(char32_t code_point) {
  return code_point == kByteOrderMark ||
         std::ranges::any_of(kInvisible, [code_point](const Range& range) {
           return code_point >= range.first && code_point <= range.second;
         });
}

// True for control characters except tab and line ends, and for code points that are not
// characters.
bool IsForbidden(char32_t code_point) {
  const bool line = code_point == '\t' || code_point == '\n' || code_point == '\r';
  return (code_point < 0x20 && !line) || (code_point >= 0x7F && code_point < 0xA0) ||
         (code_point & 0xFFFEU) == 0xFFFEU;
}

bool IsSpoken(char32_t code_point) {
  if (code_point >= 0x80) return true;
  const char character = static_cast<char>(code_point);
  return absl::ascii_isalnum(static_cast<unsigned char>(character)) ||
         kSpokenSigns.find(character) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> WhyNotSpeakable(std::string_view text) {
  std::size_t count = 0;
  bool visible = false;
  bool spoken = false;
  while (!text.empty()) {
    const std::size_t length = base::Utf8SequenceLength(text);
    if (length == 0) return "must be UTF-8";
    const char32_t code_point = base::DecodeUtf8(text.substr(0, length));
    text.remove_prefix(length);
    ++count;
    if (IsForbidden(code_point)) {
      return absl::StrFormat(
          "holds the control character U+%04X, which no voice can speak; leave it out",
          static_cast<unsigned>(code_point));
    }
    if (IsInvisible(code_point)) continue;
    visible = true;
    spoken = spoken || IsSpoken(code_point);
  }
  if (!visible) return "must not be empty; for silence give a prompt without content";
  if (!spoken) return "holds punctuation only, which no voice can speak; write words";
  if (count > static_cast<std::size_t>(base::kPromptCodePointsMax)) {
    return absl::StrFormat("has %d characters; at most %d are allowed", count,
                           base::kPromptCodePointsMax);
  }
  return std::nullopt;
}

}  // namespace callbridge::settings
