#include "server/base/json_text.h"

#include <absl/strings/str_format.h>

#include <cstddef>
#include <cstdint>

#include "server/base/utf8.h"

namespace callbridge::base {
namespace {

void AppendAscii(char c, std::string& json) {
  switch (c) {
    case '"':
      json += "\\\"";
      break;
    case '\\':
      json += "\\\\";
      break;
    case '\n':
      json += "\\n";
      break;
    case '\r':
      json += "\\r";
      break;
    case '\t':
      json += "\\t";
      break;
    default:
      if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F) {
        absl::StrAppendFormat(&json, "\\u%04x", static_cast<unsigned>(c));
      } else {
        json += c;
      }
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& json) {
  json += '"';
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 1) {
      AppendAscii(text.front(), json);
    } else if (length > 1) {
      json += text.substr(0, length);
    } else {
      json += kReplacementCharacter;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  json += '"';
}

}  // namespace callbridge::base
