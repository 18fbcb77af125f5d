#include "server/provider/json_reader.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "server/base/time.h"

namespace callbridge::provider {
namespace {

TEST(ParseTime, AcceptsEveryWritingOfTheReference) {
  struct Case {
    const char* text;
    std::int64_t seconds;
    int nanos;
  };
  for (const Case& c :
       {Case{"2026-01-15T12:00:00.000+0000", 1'768'478'400, 0},
        Case{"2026-01-15T12:00:00+00:00", 1'768'478'400, 0},
        Case{"2026-01-15T12:00:00Z", 1'768'478'400, 0},
        Case{"2026-01-15t12:00:00z", 1'768'478'400, 0},
        Case{"2026-01-15T12:00:00.5Z", 1'768'478'400, 500'000'000},
        Case{"2026-01-15T12:00:00.123456789Z", 1'768'478'400, 123'456'789},
        Case{"2026-01-15T13:30:00+0130", 1'768'478'400, 0},
        Case{"2026-01-15T06:00:00-06:00", 1'768'478'400, 0},
        Case{"2024-02-29T23:59:60Z", 1'709'251'200, 0}, Case{"1970-01-01T00:00:00Z", 0, 0}}) {
    const auto time = ParseTime(c.text);
    ASSERT_TRUE(time.has_value()) << c.text;
    const auto timestamp = base::ToTimestamp(*time);
    EXPECT_EQ(timestamp.seconds(), c.seconds) << c.text;
    EXPECT_EQ(timestamp.nanos(), c.nanos) << c.text;
  }
}

TEST(ParseTime, RefusesEverythingElse) {
  for (const char* text :
       {"", "2026", "2026-01-15", "2026-01-15T12:00:00", "2026-02-30T12:00:00Z",
        "2026-01-15T24:00:00Z", "2026-01-15T12:60:00Z", "2026-01-15T12:00:61Z",
        "2026-01-15T12:00:00.Z", "2026-01-15T12:00:00+24:00", "2026-01-15T12:00:00Zx",
        "1969-12-31T23:59:59Z", "infinite-future", "infinite-past", "9999-01-01T00:00:00Z",
        "1768478400", "2026-01-15 12:00:00Z"}) {
    EXPECT_FALSE(ParseTime(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace callbridge::provider
