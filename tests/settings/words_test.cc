// Numbers, durations and addresses: small texts with rules of their own.
#include <gtest/gtest.h>

#include "server/base/duration_text.h"
#include "server/settings/addresses.h"
#include "server/settings/dialing_rules.h"

namespace callbridge::settings {
namespace {

using base::FormatDuration;
using base::ParseDuration;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(ParseDuration, ReadsWhatPeopleWrite) {
  EXPECT_EQ(ParseDuration("8s"), seconds(8));
  EXPECT_EQ(ParseDuration("1.5s"), milliseconds(1500));
  EXPECT_EQ(ParseDuration("500ms"), milliseconds(500));
  EXPECT_EQ(ParseDuration("2m"), minutes(2));
  EXPECT_EQ(ParseDuration("1h30m"), minutes(90));
  EXPECT_EQ(ParseDuration("0.5h"), minutes(30));
  EXPECT_EQ(ParseDuration("0s"), seconds(0));
  EXPECT_EQ(ParseDuration("0.000000001s"), nanoseconds(1));
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* text : {"", "8", "s", "-1s", "8 s", "1.s", ".5s", "1.5.5s", "8d", "8S", "1e3s",
                           "99999999999999999999s", "100000h", "0.0000000001s", "0.1234567ms"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(FormatDuration, IsReadBackAsTheSame) {
  EXPECT_EQ(FormatDuration(seconds(8)), "8s");
  EXPECT_EQ(FormatDuration(seconds(60)), "60s");
  EXPECT_EQ(FormatDuration(minutes(90)), "90m");
  EXPECT_EQ(FormatDuration(hours(720)), "720h");
  EXPECT_EQ(FormatDuration(milliseconds(1500)), "1500ms");
  EXPECT_EQ(FormatDuration(nanoseconds(1'000'000'001)), "1.000000001s");
  EXPECT_EQ(FormatDuration(seconds(0)), "0s");
  for (const std::int64_t nanos :
       {1LL, 999LL, 1'500'000LL, 59'000'000'001LL, 7'200'000'000'000LL}) {
    EXPECT_EQ(ParseDuration(FormatDuration(nanoseconds(nanos))), nanoseconds(nanos));
  }
}

TEST(NormalizeNumber, AddsThePlus) {
  EXPECT_EQ(NormalizeNumber("447700900456"), "+447700900456");
  EXPECT_EQ(NormalizeNumber("+447700900456"), "+447700900456");
  EXPECT_EQ(NormalizeNumber("+12345678"), "+12345678");
}

TEST(NormalizeNumber, RefusesTheRest) {
  for (const char* text : {"", "+", "1234567", "1234567890123456", "00447700900456", "07700900456",
                           "+44 7700 900456", "++447700900456", "anonymous", "4477009004x6"}) {
    EXPECT_EQ(NormalizeNumber(text), std::nullopt) << text;
  }
  EXPECT_EQ(NormalizePrefix("44"), "+44");
  EXPECT_EQ(NormalizePrefix("+"), std::nullopt);
}

TEST(ParseListenAddress, KnowsItsForms) {
  EXPECT_EQ(ParseListenAddress("127.0.0.1:50051")->port, 50051);
  EXPECT_EQ(ParseListenAddress("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseListenAddress("unix:/run/a.sock")->unix_path, "/run/a.sock");
  EXPECT_EQ(ParseListenAddress("unix:///run/a.sock")->unix_path, "/run/a.sock");
  for (const char* text : {"", "127.0.0.1", ":50051", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
                           "[::1]", "[::1]x:80", "[zz]:80", "unix:", "a b:80", "host:8o"}) {
    EXPECT_FALSE(ParseListenAddress(text).has_value()) << text;
  }
}

TEST(ListenAddress, IsLocalOnLoopbackAndUnixSockets) {
  for (const char* text : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1", "unix:a"}) {
    EXPECT_TRUE(ParseListenAddress(text)->IsLocal()) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.0.0.1.example.com:1"}) {
    EXPECT_FALSE(ParseListenAddress(text)->IsLocal()) << text;
  }
}

TEST(Overlap, MeetsOnTheSamePortOfOneMachine) {
  const auto overlap = [](const char* one, const char* other) {
    return Overlap(*ParseListenAddress(one), *ParseListenAddress(other));
  };
  EXPECT_TRUE(overlap("127.0.0.1:1", "127.0.0.1:1"));
  EXPECT_TRUE(overlap("0.0.0.0:1", "127.0.0.1:1"));
  EXPECT_TRUE(overlap("localhost:1", "127.0.0.1:1"));
  EXPECT_TRUE(overlap("unix:a", "unix:a"));
  EXPECT_FALSE(overlap("127.0.0.1:1", "127.0.0.1:2"));
  EXPECT_FALSE(overlap("127.0.0.1:0", "127.0.0.1:0"));
  EXPECT_FALSE(overlap("unix:a", "127.0.0.1:1"));
  EXPECT_FALSE(overlap("10.0.0.1:1", "10.0.0.2:1"));
}

}  // namespace
}  // namespace callbridge::settings
