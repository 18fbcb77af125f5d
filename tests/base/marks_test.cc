#include "server/base/marks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace callbridge::base {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<std::pair<std::string, std::string>> Written(const Marks& marks) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const internal::v1::KeyValue& entry : EntriesOf(marks)) {
    entries.emplace_back(entry.key(), entry.value());
  }
  return entries;
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
  EXPECT_THAT(
      Written({.service = "bridge", .session = "s_1", .leg = "caller", .dial = 7, .media = 9}),
      ElementsAre(Pair("service", "bridge"), Pair("session", "s_1"), Pair("leg", "caller"),
                  Pair("dial", "7"), Pair("media", "9")));
  EXPECT_THAT(Written({.service = "bridge", .session = "s_1", .leg = "caller", .dial = 7}),
              ElementsAre(Pair("service", "bridge"), Pair("session", "s_1"), Pair("leg", "caller"),
                          Pair("dial", "7")));
}

TEST(Marks, NameTheKeyThatRefuses) {
  internal::v1::Command capture;
  capture.mutable_capture_digits()->set_refusing_key("9");
  const Marks marks = MarksFor(capture, "bridge", 0);
  EXPECT_EQ(ReadMarks(EntriesOf(marks)).refusing_key, "9");
  EXPECT_FALSE(ReadMarks(EntriesOf(marks)).keep);
  capture.mutable_capture_digits()->clear_refusing_key();
  EXPECT_EQ(ReadMarks(EntriesOf(MarksFor(capture, "bridge", 0))).refusing_key, "");
}

TEST(Marks, NameTheDialThatMadeTheCall) {
  internal::v1::Command dial;
  dial.set_number(5);
  dial.mutable_dial_leg();
  EXPECT_EQ(MarksFor(dial, "bridge", 0).dial, 5);
  internal::v1::Command answer;
  answer.set_number(6);
  answer.set_dial(5);
  answer.mutable_answer_call();
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

TEST(Marks, SayWhetherKeysAreKept) {
  EXPECT_THAT(
      Written({.service = "bridge", .session = "s_1", .leg = "caller", .media = 9, .keep = true}),
      ElementsAre(Pair("service", "bridge"), Pair("session", "s_1"), Pair("leg", "caller"),
                  Pair("dial", "0"), Pair("media", "9"), Pair("keep", "1")));
  EXPECT_TRUE(ReadMarks(Entries({{"keep", "1"}})).keep);
  EXPECT_FALSE(ReadMarks(Entries({{"keep", "yes"}})).keep);
  EXPECT_FALSE(ReadMarks(Entries({{"media", "9"}})).keep);
  internal::v1::Command capture;
  capture.mutable_capture_digits()->set_keep(true);
  EXPECT_TRUE(MarksFor(capture, "bridge", 9).keep);
}

TEST(Marks, NameTheRecording) {
  internal::v1::Command start;
  start.mutable_start_recording()->set_recording_id("recording-1");
  const Marks marks = MarksFor(start, "bridge", 0);
  EXPECT_EQ(marks.recording, "recording-1");
  EXPECT_THAT(Written(marks), testing::Contains(Pair("recording", "recording-1")));
  EXPECT_EQ(ReadMarks(Entries({{"recording", "recording-1"}})).recording, "recording-1");
}

TEST(Marks, AreForeignIfTheyNameAnotherService) {
  EXPECT_FALSE(AreForeign(ReadMarks(Entries({{"service", "bridge"}})), "bridge"));
  EXPECT_FALSE(AreForeign(ReadMarks(Entries({{"session", "s_1"}})), "bridge"));
  EXPECT_TRUE(AreForeign(ReadMarks(Entries({{"service", "bridge2"}})), "bridge"));
  EXPECT_TRUE(AreForeign(ReadMarks(Entries({{"service", ""}})), "bridge"));
}

TEST(Marks, TakeWhatIsNoNumberForAbsent) {
  for (const char* text : {"", "seven", "7x", "99999999999999"}) {
    const Marks marks = ReadMarks(Entries({{"dial", text}, {"media", text}}));
    EXPECT_EQ(marks.dial, 0) << text;
    EXPECT_EQ(marks.media, 0) << text;
  }
}

TEST(ConferenceName, IsReadAsItIsWritten) {
  EXPECT_EQ(ConferenceName("bridge", "s_1"), "bridge/s_1");
  EXPECT_EQ(SessionInName(ConferenceName("bridge", "s_1"), "bridge"), "s_1");
}

TEST(SessionInName, IsThatOfAConferenceOfThisService) {
  EXPECT_EQ(SessionInName("bridge/s_1", "bridge"), "s_1");
  EXPECT_EQ(SessionInName("bridge/", "bridge"), "");
  for (const char* other : {"", "bridge", "bridge2/s_1", "other/s_1", "BRIDGE/s_1"}) {
    EXPECT_FALSE(SessionInName(other, "bridge").has_value()) << other;
  }
}

}  // namespace
}  // namespace callbridge::base
