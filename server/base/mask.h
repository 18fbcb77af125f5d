// Telephone numbers made unrecognisable for logs, metrics, traces and error messages. Everything
// printed for operators goes through here; the public API shows numbers whole and does not.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::base {

// Keeps the first three and the last two characters: "+447700900456" becomes "+44********56". Of a
// number shorter than seven characters nothing is kept.
std::string MaskNumber(std::string_view number);

// Masks every run of seven or more digits, and every "+" number written with single spaces, dots,
// hyphens or parentheses between its digits. Session ids, UUIDs and trace ids (32 hexadecimal
// digits with a letter) stay as they are.
std::string MaskText(std::string_view text);

// For the provider's free texts, which may hold a part of somebody's number: as MaskText, and every
// other run of five or more digits is made unrecognisable as a whole, in ids too. The text is cut
// to kProviderErrorBytesMax.
std::string MaskProviderText(std::string_view text);

}  // namespace callbridge::base
