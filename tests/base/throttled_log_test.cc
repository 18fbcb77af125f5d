#include "server/base/throttled_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace callbridge::base {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ThrottledLogTest : public testing::Test {
 protected:
  void Say(int at, std::string_view reason = "stranger", std::string_view detail = {}) {
    log_->Log(LogLevel::kWarning, "refused", reason, detail, start_ + milliseconds(at));
  }

  const ThrottledLog::Clock::time_point start_ = ThrottledLog::Clock::now();
  LogCapture lines_;
  std::optional<ThrottledLog> log_{std::in_place, milliseconds(1000)};
};

TEST_F(ThrottledLogTest, TellsTheFirstAtOnceAndTheRestOnceInAnInterval) {
  Say(0, "stranger", "no header");
  EXPECT_THAT(
      lines_.Lines(),
      ElementsAre(HasSubstr(
          R"("level":"warning","event":"refused","reason":"stranger","detail":"no header","count":1})")));
  for (int at = 1; at < 1000; ++at) Say(at);
  EXPECT_EQ(lines_.Lines().size(), 1u);
  Say(1000);
  ASSERT_EQ(lines_.Lines().size(), 2u);
  EXPECT_THAT(lines_.Lines()[1], HasSubstr(R"("count":1000})"));
}

TEST_F(ThrottledLogTest, TellsTheLastOfAFloodWhenItIsFlushed) {
  for (int at = 0; at < 10; ++at) Say(at);
  log_->Flush(start_ + milliseconds(999));
  EXPECT_EQ(lines_.Lines().size(), 1u);
  log_->Flush(start_ + milliseconds(1000));
  ASSERT_EQ(lines_.Lines().size(), 2u);
  EXPECT_THAT(lines_.Lines()[1], HasSubstr(R"("count":9})"));
  log_->Flush(start_ + milliseconds(5000));
  EXPECT_EQ(lines_.Lines().size(), 2u);
}

TEST_F(ThrottledLogTest, TellsWhatIsLeftWhenItEnds) {
  for (int at = 0; at < 3; ++at) Say(at);
  Say(4, "another");
  log_.reset();
  ASSERT_EQ(lines_.Lines().size(), 3u);
  EXPECT_THAT(lines_.Lines()[2], HasSubstr(R"("reason":"stranger","count":2})"));
}

TEST_F(ThrottledLogTest, CountsEachReasonByItself) {
  for (const char* reason : {"a", "b", "", "a", "b", ""}) Say(0, reason);
  ASSERT_EQ(lines_.Lines().size(), 3u);
  EXPECT_THAT(lines_.Lines()[2], Not(HasSubstr("reason")));
  Say(1000, "b");
  ASSERT_EQ(lines_.Lines().size(), 4u);
  EXPECT_THAT(lines_.Lines()[3], HasSubstr(R"("reason":"b","count":2})"));
}

}  // namespace
}  // namespace callbridge::base
