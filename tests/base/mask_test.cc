#include "server/base/mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "server/base/limits.h"

namespace callbridge::base {
namespace {

TEST(MaskNumber, KeepsTheFirstThreeAndTheLastTwoCharacters) {
  EXPECT_EQ(MaskNumber("+447700900456"), "+44********56");
  EXPECT_EQ(MaskNumber("447700900456"), "447*******56");
}

TEST(MaskNumber, KeepsNothingOfAShortOne) {
  EXPECT_EQ(MaskNumber("123456"), "******");
  EXPECT_EQ(MaskNumber(""), "");
}

TEST(MaskText, MasksNumbersWhereverTheyStand) {
  EXPECT_EQ(MaskText("from 447700900456 to tel:+442079460001;x=1"),
            "from 447*******56 to tel:+44********01;x=1");
  EXPECT_EQ(MaskText("sip:447700900456@trunk"), "sip:447*******56@trunk");
  EXPECT_EQ(MaskText("number447700900456called"), "number447*******56called");
}

TEST(MaskText, MasksAnInternationalNumberWithSeparators) {
  EXPECT_EQ(MaskText("call +44 (0)20 7946-0001 now"), "call +44**************01 now");
}

TEST(MaskText, LeavesShortRunsDatesAndDurationsAlone) {
  const std::string text = "error 10023 at 2026-01-15T12:00:00.123Z after 30 s, port 50051, +12";
  EXPECT_EQ(MaskText(text), text);
}

TEST(MaskText, LeavesTheFractionsOfTimesAloneAndNothingElseAfterADot) {
  const std::string text =
      R"(created_time:"2026-01-15T12:00:00.123456789+00:00", at 23:59:59.1234567Z)";
  EXPECT_EQ(MaskText(text), text);
  EXPECT_EQ(MaskText("12:00:00.447700900456"), "12:00:00.447*******56");
  EXPECT_EQ(MaskText("12:00:0x.123456789"), "12:00:0x.123****89");
  EXPECT_EQ(MaskText(":00:00.123456789"), ":00:00.123****89");
  EXPECT_EQ(MaskText("1.123456789"), "1.123****89");
}

TEST(MaskText, LeavesIdsAlone) {
  const std::string text =
      "s_01KF0123456789012345678901 call 12345678-1234-1234-1234-123456789012 "
      "trace 4bf92f3577b34da6a3ce929d0e0e4736";
  EXPECT_EQ(MaskText(text), text);
}

TEST(MaskText, MasksARunOf32DigitsWithoutALetter) {
  EXPECT_EQ(MaskText("12345678901234567890123456789012"), "123" + std::string(27, '*') + "12");
}

TEST(MaskProviderText, MasksWhatMayBeAPartOfANumber) {
  EXPECT_EQ(MaskProviderText("for 447700900456, try 48613 or 404"),
            "for 447*******56, try ***** or 404");
  EXPECT_EQ(MaskProviderText("12345"), "*****");
  EXPECT_EQ(MaskProviderText("1234"), "1234");
  EXPECT_EQ(MaskProviderText(""), "");
}

TEST(MaskProviderText, MasksRunsOfDigitsInIdsToo) {
  EXPECT_EQ(MaskProviderText("call 12345678-1234-1234-1234-447700900456"),
            "call ********-1234-1234-1234-************");
}

TEST(MaskProviderText, CutsALongTextBetweenTwoCodePoints) {
  EXPECT_EQ(MaskProviderText(std::string(300, 'x')), std::string(kProviderErrorBytesMax, 'x'));
  std::string text = "x";
  for (int i = 0; i < 200; ++i) text += "\xC3\xA9";
  const std::string cut = MaskProviderText(text);
  EXPECT_EQ(cut, text.substr(0, kProviderErrorBytesMax - 1));
}

TEST(MaskProviderText, MasksFromFiveDigitsOnAndCutsBetweenCharactersOfEachLength) {
  for (std::size_t digits = 1; digits <= 12; ++digits) {
    const std::string run(digits, '7');
    const std::string shown = MaskProviderText("to " + run + "!");
    EXPECT_EQ(shown.find(run) != std::string::npos, digits < 5) << digits;
  }
  EXPECT_EQ(MaskProviderText("to 77777!"), "to *****!");
  for (const std::string character : {"x", "é", "€", "😀"}) {
    for (std::size_t before = 0; before <= kProviderErrorBytesMax + 1; ++before) {
      const std::string whole = std::string(before, 'a') + character;
      const std::string shown = MaskProviderText(whole);
      EXPECT_EQ(shown, whole.size() <= kProviderErrorBytesMax
                           ? whole
                           : whole.substr(0, std::min(before, kProviderErrorBytesMax)))
          << before;
    }
  }
}

}  // namespace
}  // namespace callbridge::base
