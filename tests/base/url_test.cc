// Hosts and URLs: what is read one way by all who judge them.
#include "server/base/url.h"

#include <gtest/gtest.h>

#include <string>

namespace callbridge::base {
namespace {

TEST(ParseUrl, TakesUrlsApart) {
  const auto url = ParseUrl("HTTPS://Api.Example.com:8443/a?b=c");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->Authority(), "api.example.com:8443");
  EXPECT_EQ(url->path, "/a?b=c");
}

// One place has one name, so that lists of allowed hosts can be compared as text.
TEST(ParseUrl, LeavesOutThePortThatTheSchemeMeansAnyway) {
  EXPECT_EQ(ParseUrl("https://a.example:443")->Authority(), "a.example");
  EXPECT_EQ(ParseUrl("https://a.example:0443")->Authority(), "a.example");
  EXPECT_EQ(ParseUrl("http://[::1]:80")->Authority(), "[::1]");
  EXPECT_EQ(ParseUrl("https://a.example:80")->Authority(), "a.example:80");
  EXPECT_EQ(ParseUrl("http://a.example:443")->Authority(), "a.example:443");
  EXPECT_EQ(ParseUrl("http://[::1]:8080")->Authority(), "[::1]:8080");
}

TEST(ParseUrl, RefusesTheRest) {
  for (const char* text : {"",
                           "https://",
                           "ftp://a",
                           "https://user@a",
                           "https://user:word@a",
                           "https://a b",
                           "https://a#b",
                           "example.com",
                           "https://a:x",
                           "https://a:",
                           "https://a:0",
                           "https://a:65536",
                           "https://a..b",
                           "https://.a",
                           "https:///path",
                           "https:/a",
                           "https://[::1",
                           "https://[zz]",
                           "https://a\\b",
                           "https://a%2eb",
                           "//a"}) {
    EXPECT_FALSE(ParseUrl(text).has_value()) << text;
  }
}

// Every byte that is not a letter, a digit, "-", "_" or "." ends a host or spoils it.
TEST(IsHost, TakesTheBytesOfNamesOnly) {
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    const bool fits = (character >= 'a' && character <= 'z') ||
                      (character >= 'A' && character <= 'Z') ||
                      (character >= '0' && character <= '9') || character == '-' ||
                      character == '_' || character == '.';
    EXPECT_EQ(IsHost(std::string("a") + character + "b"), fits) << byte;
  }
  EXPECT_TRUE(IsHost(std::string(253, 'a')));
  EXPECT_FALSE(IsHost(std::string(254, 'a')));
}

TEST(IsLoopback, KnowsTheAddressesOfThisMachine) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.255.254", "::1"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (const char* host : {"128.0.0.1", "126.255.255.255", "127.1", "127.0.0.1.example.com",
                           "::", "::2", "localhost.example.com", "0x7f000001"}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

}  // namespace
}  // namespace callbridge::base
