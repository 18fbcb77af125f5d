#include "server/base/json_repair.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "server/base/utf8.h"

namespace callbridge::base {
namespace {

// The text that a repaired string literal holds; fails the test if it is not readable.
std::string Read(const std::string& literal) {
  simdjson::dom::parser parser;
  const std::string json = RepairJson("[\"" + literal + "\"]");
  std::string_view text;
  EXPECT_EQ(parser.parse(json).at(0).get_string().get(text), simdjson::SUCCESS) << json;
  return std::string(text);
}

std::string Escape(std::uint32_t unit) {
  char text[8];
  std::snprintf(text, sizeof(text), "\\u%04x", unit);
  return text;
}

constexpr char kReplaced[] = "\xEF\xBF\xBD";

TEST(RepairJson, LeavesSoundJsonAlone) {
  for (const char* json :
       {"", "{}", R"({"a":[1,-2.5e-10,true,null],"b":"\u00e9 \ud83d\ude00 \" \\ \/ \b\f\n\r\t"})",
        "{\"caf\xC3\xA9\":\"\xF0\x9F\x98\x80\x7F\"}", "[123456789012345678,1e99]"}) {
    EXPECT_EQ(RepairJson(json), json);
  }
}

TEST(RepairJson, LeavesABrokenStructureBroken) {
  for (const char* json : {"{", "[1,", "{\"a\":\"open", "tru", "{\"a\" \"b\"}", "\xFF",
                           "[\xED\xA0\x80]", "[1.2.3]", "\"\\"}) {
    EXPECT_EQ(RepairJson(json), json);
  }
}

// Every code unit alone, before a letter, and as each half of a pair.
TEST(RepairJson, ReplacesEveryHalfOfASurrogatePair) {
  for (std::uint32_t unit = 0; unit <= 0xFFFF; ++unit) {
    const bool high = unit >= 0xD800 && unit <= 0xDBFF;
    const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    const std::string escape = Escape(unit);
    // Most are like their neighbours; the borders are all taken.
    const bool border = (unit & 0xFF) <= 1 || (unit & 0xFF) >= 0xFE;
    if (!border) continue;
    EXPECT_EQ(RepairJson("\"" + escape + "x\"") == "\"" + escape + "x\"", !high && !low) << escape;
    if (high || low) {
      EXPECT_EQ(Read(escape + "x"), std::string(kReplaced) + "x") << escape;
    }
    EXPECT_EQ(RepairJson("\"\\ud83d" + escape + "\"") == "\"\\ud83d" + escape + "\"", low)
        << escape;
    EXPECT_EQ(RepairJson("\"" + escape + "\\ude00\"") == "\"" + escape + "\\ude00\"", high)
        << escape;
  }
  EXPECT_EQ(Read("\\ud83d\\ud83d\\ude00"), std::string(kReplaced) + "\xF0\x9F\x98\x80");
}

// Every byte alone, behind a backslash, and in the place of a hexadecimal digit: it is read
// whatever it is, but where it ends the string.
TEST(RepairJson, MakesEveryByteReadable) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string c(1, static_cast<char>(byte));
    if (c == "\"") continue;
    if (c != "\\") {
      const std::string alone = Read("a" + c + "b");
      EXPECT_EQ(alone,
                byte < 0x20 || byte >= 0x80 ? std::string("a") + kReplaced + "b" : "a" + c + "b");
      EXPECT_TRUE(CountCodePoints(Read("\\u00" + c + "0")).has_value()) << byte;
    }
    EXPECT_TRUE(CountCodePoints(Read("a\\" + c + " b")).has_value()) << byte;
  }
}

TEST(RepairJson, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Read("a\xED\xB0\x80z"), std::string("a") + kReplaced + kReplaced + kReplaced + "z");
  EXPECT_EQ(Read("\xC3"), kReplaced);
  EXPECT_EQ(Read("\xC3\xA9\xC3"), std::string("\xC3\xA9") + kReplaced);
}

TEST(RepairJson, WritesNullForNumbersThatMayNotFit) {
  EXPECT_EQ(RepairJson("[1234567890123456789]"), "[null]");
  EXPECT_EQ(RepairJson("[-1234567890123456789]"), "[null]");
  EXPECT_EQ(RepairJson("{\"a\":1e400,\"b\":2}"), "{\"a\":null,\"b\":2}");
  EXPECT_EQ(RepairJson("[" + std::string(400, '9') + ".5]"), "[null]");
  EXPECT_EQ(RepairJson("[\"1234567890123456789\"]"), "[\"1234567890123456789\"]");
}

}  // namespace
}  // namespace callbridge::base
