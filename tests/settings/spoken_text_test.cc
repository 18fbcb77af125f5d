#include "server/settings/spoken_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace callbridge::settings {
namespace {

using testing::HasSubstr;

std::string Encode(unsigned code_point) {
  std::string bytes;
  if (code_point < 0x80) {
    bytes += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    bytes += static_cast<char>(0xC0U | (code_point >> 6U));
    bytes += static_cast<char>(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    bytes += static_cast<char>(0xE0U | (code_point >> 12U));
    bytes += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
    bytes += static_cast<char>(0x80U | (code_point & 0x3FU));
  } else {
    bytes += static_cast<char>(0xF0U | (code_point >> 18U));
    bytes += static_cast<char>(0x80U | ((code_point >> 12U) & 0x3FU));
    bytes += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
    bytes += static_cast<char>(0x80U | (code_point & 0x3FU));
  }
  return bytes;
}

// XML 1.0, 2.2: #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]; and no C1
// controls.
TEST(WhyNotSpeakable, RefusesEveryCharacterThatXmlDoesNotKnow) {
  for (unsigned code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    const bool line = code_point == 0x9 || code_point == 0xA || code_point == 0xD;
    const bool control = (code_point < 0x20 && !line) || (code_point >= 0x7F && code_point <= 0x9F);
    // Of the other planes XML takes these; they are no characters all the same.
    const bool no_character = (code_point & 0xFFFFU) >= 0xFFFE;
    ASSERT_EQ(WhyNotSpeakable("word " + Encode(code_point)).has_value(), control || no_character)
        << std::hex << code_point;
  }
}

TEST(WhyNotSpeakable, TakesSpacesAndMarksWithoutWidthForNothing) {
  for (const unsigned code_point :
       {0x9U,    0xAU,    0xDU,    0x20U,   0xA0U,   0xADU,   0x034FU, 0x061CU, 0x1680U,
        0x180EU, 0x2000U, 0x200AU, 0x200BU, 0x200DU, 0x200FU, 0x2028U, 0x202EU, 0x202FU,
        0x205FU, 0x2060U, 0x2069U, 0x206FU, 0x3000U, 0xFE0FU, 0xFEFFU}) {
    const std::string mark = Encode(code_point);
    EXPECT_THAT(WhyNotSpeakable(mark + mark).value_or(""), HasSubstr("must not be empty"))
        << std::hex << code_point;
    EXPECT_FALSE(WhyNotSpeakable(mark + "word").has_value()) << std::hex << code_point;
  }
  EXPECT_TRUE(WhyNotSpeakable("").has_value());
}

TEST(WhyNotSpeakable, WantsOneSignThatIsSpoken) {
  const std::string spoken = "#$%&*+<=>@";
  for (char sign = '!'; sign <= '~'; ++sign) {
    const bool word = (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') ||
                      (sign >= 'a' && sign <= 'z');
    EXPECT_EQ(WhyNotSpeakable(std::string(" .") + sign).has_value(),
              !word && spoken.find(sign) == std::string::npos)
        << sign;
  }
  for (const char* text : {"Smith & Sons, press <3", "\u4f60\u597d", "Tom &amp; Co", "1", "\u00e9",
                           "\U0001f600", "<speak></speak>", "\u202eright to left"}) {
    EXPECT_FALSE(WhyNotSpeakable(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace callbridge::settings
