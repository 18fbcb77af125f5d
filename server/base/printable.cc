#include "server/base/printable.h"

#include <absl/strings/ascii.h>

#include <cstddef>

#include "server/base/utf8.h"

namespace callbridge::base {

std::string Printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    const auto first = static_cast<unsigned char>(text.front());
    // U+0080 to U+009F are control characters too, written as C2 80 to C2 9F.
    const bool second_set =
        length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (length == 0 || second_set || absl::ascii_iscntrl(first)) {
      result += '?';
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

}  // namespace callbridge::base
