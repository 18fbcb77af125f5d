// Checks whether a voice can speak a text. A text with which the provider could only fail is
// refused where it is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callbridge::settings {

// Returns what is wrong with the text, and the remedy; absent if the text is accepted. It refuses
// text that is not UTF-8, that is blank (also by spaces and marks that are invisible), or that
// holds only punctuation. It also refuses text longer than kPromptCodePointsMax, and characters
// that XML 1.0 does not allow, because speech markup is XML. Text with "&", "<" or emoji is
// accepted, although a voice may read it oddly.
std::optional<std::string> WhyNotSpeakable(std::string_view text);

}  // namespace callbridge::settings
