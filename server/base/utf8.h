// A strict UTF-8 decoder: it accepts no overlong forms, no surrogates and nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// U+FFFD, which replaces bytes that are not text.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Returns the number of bytes of the well-formed code point at the beginning of a text that is not
// empty; 0 if there is none.
std::size_t Utf8SequenceLength(std::string_view text);

// Returns the code point of one well-formed sequence.
char32_t DecodeUtf8(std::string_view sequence);

// Absent means that the text is not UTF-8.
std::optional<std::size_t> CountCodePoints(std::string_view text);

// Returns the beginning of the text, up to `bytes_max` bytes, cut between two code points.
std::string_view FirstBytes(std::string_view text, std::size_t bytes_max);

// Returns the text. If it has more than `bytes_max` bytes, it is cut between two code points and
// ends with "...".
std::string Shortened(std::string_view text, std::size_t bytes_max);

}  // namespace callbridge::base
