#include "server/base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <limits>
#include <thread>
#include <vector>

#include "server/base/json_text.h"

namespace callbridge::base {
namespace {

const Time kNoon =
    Time(std::chrono::sys_days(std::chrono::January / 15 / 2026)) + std::chrono::hours(12);

TEST(FormatLogLine, IsOneJsonObjectWithTheFieldsInOrder) {
  EXPECT_EQ(FormatLogLine(kNoon, LogLevel::kWarning, "dial_refused",
                          {{"session", "s_1"}, {"attempt", 2}, {"rate", 0.5}, {"last", true}}),
            R"({"time":"2026-01-15T12:00:00.000Z","level":"warning","event":"dial_refused",)"
            R"("session":"s_1","attempt":2,"rate":0.5,"last":true})");
}

TEST(FormatLogLine, MasksNumbersInStrings) {
  const std::string line =
      FormatLogLine(kNoon, LogLevel::kInfo, "x", {{"why", "no route to 447700900456"}});
  EXPECT_THAT(line, testing::HasSubstr("no route to 447*******56"));
  EXPECT_THAT(line, testing::Not(testing::HasSubstr("447700900456")));
}

TEST(FormatLogLine, IsValidJsonWhateverTheBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const std::string line =
      FormatLogLine(kNoon, LogLevel::kInfo, "x",
                    {{"bytes", bytes}, {"cost", std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  ASSERT_EQ(parser.parse(line).get(object), simdjson::SUCCESS);
  EXPECT_TRUE(object["cost"].is_null());
}

TEST(Log, WritesNothingBelowItsLevel) {
  LogCapture capture;
  SetLogLevel(LogLevel::kWarning);
  Log(LogLevel::kInfo, "quiet");
  Log(LogLevel::kError, "loud");
  SetLogLevel(LogLevel::kInfo);
  const std::vector<std::string> lines = capture.Lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], testing::HasSubstr("\"event\":\"loud\""));
}

TEST(Log, TakesLinesOfManyThreads) {
  LogCapture capture;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (int j = 0; j < 100; ++j) Log(LogLevel::kInfo, "line", {{"number", j}});
      });
    }
  }
  EXPECT_EQ(capture.Lines().size(), 400U);
}

TEST(Log, WritesALineOnStandardErrorWhenNothingCaptures) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "started", {{"text", "{} 100%"}});
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, testing::EndsWith("\"event\":\"started\",\"text\":\"{} 100%\"}\n"));
}

TEST(ParseLogLevel, KnowsFourNames) {
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_EQ(ParseLogLevel("Info"), std::nullopt);
}

TEST(AppendJsonString, EscapesQuotesControlsAndBrokenUtf8) {
  std::string json;
  AppendJsonString("a\"\\\n\x01\xC3\xA9\xFF", json);
  EXPECT_EQ(json, "\"a\\\"\\\\\\n\\u0001\xC3\xA9\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace callbridge::base
