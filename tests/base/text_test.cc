#include <gtest/gtest.h>

#include <chrono>

#include "server/base/check.h"
#include "server/base/nearest.h"
#include "server/base/time.h"
#include "server/base/utf8.h"

namespace callbridge::base {
namespace {

TEST(Nearest, FindsTheWordThatWasMeant) {
  const std::vector<std::string> words = {"routes", "callees", "plan_name"};
  EXPECT_EQ(Nearest("calees", words), "callees");
  EXPECT_EQ(Nearest("Routes", words), "routes");
  EXPECT_EQ(Nearest("planname", words), "plan_name");
  EXPECT_EQ(Nearest("ruotes", words), "routes");
  EXPECT_EQ(Nearest("webhook", words), "");
  EXPECT_EQ(Nearest("foo", {"log", "grpc"}), "");
  EXPECT_EQ(DidYouMean("calees", words), "; did you mean \"callees\"?");
  EXPECT_EQ(DidYouMean("zzz", words), "");
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(CountCodePoints(""), 0U);
  EXPECT_EQ(CountCodePoints("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 4U);
}

TEST(Utf8, ShortensBetweenTwoCodePoints) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
  EXPECT_EQ(Shortened(text, text.size()), text);
  for (std::size_t bytes_max = 3; bytes_max < text.size(); ++bytes_max) {
    const std::string cut = Shortened(text, bytes_max);
    EXPECT_LE(cut.size(), bytes_max);
    EXPECT_TRUE(CountCodePoints(cut).has_value()) << bytes_max;
    EXPECT_TRUE(cut.ends_with("...")) << bytes_max;
    EXPECT_TRUE(text.starts_with(cut.substr(0, cut.size() - 3))) << bytes_max;
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndCutSequences) {
  EXPECT_EQ(CountCodePoints("\xC0\xAF"), std::nullopt);
  EXPECT_EQ(CountCodePoints("\xE0\x80\xAF"), std::nullopt);
  EXPECT_EQ(CountCodePoints("\xED\xA0\x80"), std::nullopt);
  EXPECT_EQ(CountCodePoints("\xF4\x90\x80\x80"), std::nullopt);
  EXPECT_EQ(CountCodePoints("\xE2\x82"), std::nullopt);
  EXPECT_EQ(CountCodePoints("\xFF"), std::nullopt);
}

TEST(Time, SurvivesTheWayThroughProtobuf) {
  const Time time = Time(std::chrono::milliseconds(1768478400123));
  EXPECT_EQ(FromTimestamp(ToTimestamp(time)), time);
  EXPECT_EQ(FormatTime(time), "2026-01-15T12:00:00.123Z");
  const Time before_epoch = Time(std::chrono::milliseconds(-1));
  EXPECT_EQ(FromTimestamp(ToTimestamp(before_epoch)), before_epoch);
  const Duration duration = std::chrono::milliseconds(1500);
  EXPECT_EQ(FromProtoDuration(ToProtoDuration(duration)), duration);
}

TEST(CheckDeathTest, SaysWhereAndWhat) {
  EXPECT_DEATH(Check(false, "numbers rise"), "text_test.cc:[0-9]+: broken invariant: numbers rise");
  Check(true, "nothing happens");
}

}  // namespace
}  // namespace callbridge::base
