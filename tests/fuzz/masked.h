// The rule that no text for people shows a whole telephone number, key or secret. All numbers here
// are made up, so a text that breaks it may be printed.
#pragma once

#include <string>

#include "server/base/check.h"
#include "server/base/mask.h"

namespace callbridge::fuzz {

inline void CheckMasked(const std::string& text) {
  base::Check(base::MaskText(text) == text, ("a text shows a whole number: " + text).c_str());
}

}  // namespace callbridge::fuzz
