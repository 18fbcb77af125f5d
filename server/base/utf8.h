// UTF-8 taken apart, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// U+FFFD, which stands where a text was not text.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Bytes of the well-formed code point at the beginning of a text that is not empty; 0 if there is
// none.
std::size_t Utf8SequenceLength(std::string_view text);

// Of a well-formed code point, as it stands.
char32_t DecodeUtf8(std::string_view sequence);

// Absent: not UTF-8.
std::optional<std::size_t> CountCodePoints(std::string_view text);

// The beginning of the text, up to so many bytes, cut between two code points.
std::string_view FirstBytes(std::string_view text, std::size_t bytes_max);

// The text; one of more bytes than this is cut between two code points and ends with "...".
std::string Shortened(std::string_view text, std::size_t bytes_max);

}  // namespace callbridge::base
