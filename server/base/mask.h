// Makes telephone numbers unrecognisable in logs, metrics, traces and error messages. Everything
// printed for operators is masked here; the public API shows whole numbers.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::base {

// Keeps the first three and the last two characters: "+447700900456" becomes "+44********56". A
// number shorter than seven characters is masked completely.
std::string MaskNumber(std::string_view number);

// Masks every run of seven or more digits, and every "+" number written with single spaces, dots,
// hyphens or parentheses between its digits. Session ids, UUIDs, trace ids (32 hexadecimal digits
// with a letter) and the fractions of times ("14:05:12.123456789") stay as they are.
std::string MaskText(std::string_view text);

// Masks the provider's free texts, which may hold a part of a telephone number. It masks what
// MaskText masks, and every other run of five or more digits completely, in ids too. The text is
// cut to kProviderErrorBytesMax.
std::string MaskProviderText(std::string_view text);

}  // namespace callbridge::base
