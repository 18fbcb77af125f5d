#include "server/provider/marks.h"

#include <gtest/gtest.h>

#include "server/provider/json_writer.h"
#include "tests/provider/commands.h"

namespace callbridge::provider {
namespace {

std::string Written(const Marks& marks) {
  JsonWriter body;
  WriteMarks(marks, body);
  return std::move(body).Take();
}

CustomData Entries(std::initializer_list<std::pair<const char*, const char*>> entries) {
  CustomData custom_data;
  for (const auto& [key, value] : entries) {
    internal::v1::KeyValue* entry = custom_data.Add();
    entry->set_key(key);
    entry->set_value(value);
  }
  return custom_data;
}

TEST(Marks, AreWrittenWhole) {
  EXPECT_EQ(
      Written({.service = "bridge", .session = "s_1", .leg = "caller", .dial = 7, .media = 9}),
      R"({"customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"7",)"
      R"("media":"9"}})");
  EXPECT_EQ(Written({.service = "bridge", .session = "s_1", .leg = "caller", .dial = 7}),
            R"({"customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"7"}})");
}

TEST(Marks, NameTheDialThatMadeTheCall) {
  internal::v1::Command dial = DialCommand();
  dial.set_number(5);
  dial.clear_dial();
  EXPECT_EQ(MarksFor(dial, "bridge", 0).dial, 5);
  internal::v1::Command answer = AnswerCommand();
  answer.set_number(6);
  answer.set_dial(5);
  EXPECT_EQ(MarksFor(answer, "bridge", 0).dial, 5);
}

TEST(Marks, ReadWhatWasWritten) {
  const Marks marks = ReadMarks(Entries({{"dial", "7"},
                                         {"leg", "callee-1"},
                                         {"media", "9"},
                                         {"service", "bridge"},
                                         {"session", "s_1"},
                                         {"somebody's", "own"}}));
  EXPECT_EQ(marks.service, "bridge");
  EXPECT_EQ(marks.session, "s_1");
  EXPECT_EQ(marks.leg, "callee-1");
  EXPECT_EQ(marks.dial, 7);
  EXPECT_EQ(marks.media, 9);
}

TEST(Marks, TakeWhatIsNoNumberForAbsent) {
  for (const char* text : {"", "seven", "7x", "99999999999999"}) {
    const Marks marks = ReadMarks(Entries({{"dial", text}, {"media", text}}));
    EXPECT_EQ(marks.dial, 0) << text;
    EXPECT_EQ(marks.media, 0) << text;
  }
}

TEST(SessionInName, IsThatOfAConferenceOfThisService) {
  EXPECT_EQ(SessionInName("bridge/s_1", "bridge"), "s_1");
  EXPECT_EQ(SessionInName("bridge/", "bridge"), "");
  for (const char* other : {"", "bridge", "bridge2/s_1", "other/s_1", "BRIDGE/s_1"}) {
    EXPECT_FALSE(SessionInName(other, "bridge").has_value()) << other;
  }
}

}  // namespace
}  // namespace callbridge::provider
