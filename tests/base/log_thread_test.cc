// The log of a service whose reader stalls, leaves, or comes back.
#include "server/base/log_thread.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/base/counters.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::base {
namespace {

using testing::HasSubstr;

std::int64_t LinesDropped() {
  for (const CounterValue& value : CountersNow()) {
    if (value.name == "log_lines_dropped") return value.value;
  }
  return 0;
}

// A pipe of one page, so that some thirty lines fill it.
class LogThreadTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(signal(SIGPIPE, SIG_IGN), SIG_ERR);
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    reader_ = ends[0];
    writer_ = ends[1];
    ASSERT_GT(fcntl(writer_, F_SETPIPE_SZ, 4096), 0);
  }
  void TearDown() override {
    if (reader_ >= 0) close(reader_);
    close(writer_);
  }

  void LeaveTheLog() {
    close(reader_);
    reader_ = -1;
  }
  // Lines until one contains this text.
  std::vector<std::string> ReadUntil(const std::string& last) const {
    std::vector<std::string> lines(1);
    char character = 0;
    while (read(reader_, &character, 1) == 1) {
      if (character != '\n') {
        lines.back() += character;
      } else if (lines.back().find(last) != std::string::npos) {
        break;
      } else {
        lines.emplace_back();
      }
    }
    return lines;
  }

  int reader_ = -1;
  int writer_ = -1;
};

TEST_F(LogThreadTest, WritesEveryLineInOrderBeforeItEnds) {
  {
    const LogThread thread(writer_);
    for (int i = 0; i < 10; ++i) Log(LogLevel::kInfo, "line", {{"number", i}});
  }
  const auto lines = ReadUntil("\"number\":9}");
  ASSERT_EQ(lines.size(), 10U);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_THAT(lines[i], HasSubstr("\"number\":" + std::to_string(i) + "}"));
  }
}

TEST_F(LogThreadTest, DelaysNobodyWhoLogsAndTellsHowManyLinesWereDropped) {
  constexpr int kLines = 3 * static_cast<int>(kLogLinesMax);
  const std::int64_t dropped_before = LinesDropped();
  const LogThread thread(writer_);
  for (int i = 0; i < kLines; ++i) Log(LogLevel::kInfo, "line", {{"number", i}});
  EXPECT_FALSE(FlushLog(std::chrono::milliseconds(1))) << "the pipe is full";
  const std::int64_t dropped = LinesDropped() - dropped_before;
  EXPECT_GT(dropped, static_cast<std::int64_t>(kLogLinesMax));

  // The reader comes back.
  const auto lines = ReadUntil("\"number\":" + std::to_string(kLines - 1) + "}");
  EXPECT_TRUE(FlushLog(kLogFlush));
  EXPECT_EQ(static_cast<std::int64_t>(lines.size()), kLines - dropped + 1);
  EXPECT_THAT(lines, testing::Contains(HasSubstr("\"event\":\"log_lines_dropped\",\"count\":" +
                                                 std::to_string(dropped) + ",")));
  EXPECT_EQ(LinesDropped() - dropped_before, dropped);
}

TEST_F(LogThreadTest, CountsWhatNoReaderTakes) {
  const std::int64_t dropped_before = LinesDropped();
  const LogThread thread(writer_);
  LeaveTheLog();
  for (int i = 0; i < 5; ++i) Log(LogLevel::kInfo, "line", {{"number", i}});
  EXPECT_TRUE(FlushLog(kLogFlush));
  EXPECT_EQ(LinesDropped() - dropped_before, 5);
}

TEST_F(LogThreadTest, EndsThoughTheReaderStalls) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const LogThread thread(writer_);
    for (int i = 0; i < 1'000; ++i) Log(LogLevel::kInfo, "line", {{"number", i}});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10 * kLogFlush);
  // Another one may begin beside the thread that still waits.
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  {
    const LogThread thread(ends[1]);
    Log(LogLevel::kInfo, "again");
    EXPECT_TRUE(FlushLog(kLogFlush));
  }
  close(ends[0]);
  close(ends[1]);
  // What waited is written as soon as it is read.
  ReadUntil("\"number\":999}");
}

TEST_F(LogThreadTest, WaitsForAReaderOfANonBlockingFile) {
  ASSERT_EQ(fcntl(writer_, F_SETFL, O_NONBLOCK), 0);
  const LogThread thread(writer_);
  for (int i = 0; i < 200; ++i) Log(LogLevel::kInfo, "line", {{"number", i}});
  EXPECT_EQ(ReadUntil("\"number\":199}").size(), 200U);
}

TEST_F(LogThreadTest, CrashesWithItsLinesWritten) {
  // The thread of another test may still wait.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        const LogThread thread;
        Log(LogLevel::kInfo, "the_last_line");
        LogThread second;
      },
      "the_last_line(.|\n)*broken invariant: two threads for one log");
}

}  // namespace
}  // namespace callbridge::base
