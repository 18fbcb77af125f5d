// Whether a voice can speak a text at all: what the provider could only fail at is refused where it
// is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callbridge::settings {

// What is wrong with the text, and the remedy; absent: nothing. Refused are texts that are no
// UTF-8, blank (also by spaces and marks that nobody sees), of punctuation alone, longer than
// kPromptCodePointsMax, or with characters that XML 1.0 does not know, because speech markup is
// XML. What is left may still sound odd: "&", "<" and emoji are the voice's business.
std::optional<std::string> WhyNotSpeakable(std::string_view text);

}  // namespace callbridge::settings
