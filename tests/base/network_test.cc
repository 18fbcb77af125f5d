// Addresses and networks: which spellings are taken, and who is inside.
#include "server/base/network.h"

#include <gtest/gtest.h>

#include <string>

namespace callbridge::base {
namespace {

bool Contains(const std::string& network, const std::string& address) {
  const auto parsed = ParseNetwork(network);
  const auto inner = ParseIpAddress(address);
  EXPECT_TRUE(parsed.has_value()) << network;
  EXPECT_TRUE(inner.has_value()) << address;
  return parsed.has_value() && inner.has_value() && parsed->Contains(*inner);
}

TEST(Network, HoldsTheAddressesOfItsBits) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(Contains("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(Contains("10.64.0.0/10", "10.127.255.255"));
  EXPECT_FALSE(Contains("10.64.0.0/10", "10.128.0.0"));
  EXPECT_TRUE(Contains("10.0.0.7", "10.0.0.7"));
  EXPECT_FALSE(Contains("10.0.0.7", "10.0.0.6"));
  EXPECT_TRUE(Contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(Contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(Contains("0.0.0.0/0", "203.0.113.7"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(Contains("::/0", "203.0.113.7"));
}

TEST(Network, KnowsAnIpv4AddressInBothSpellings) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_EQ(ToText(*ParseIpAddress("::ffff:10.1.2.3")), "10.1.2.3");
  EXPECT_EQ(ToText(*ParseIpAddress("2001:DB8:0:0::1")), "2001:db8::1");
}

TEST(Network, RefusesWhatIsNone) {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8",
                           "10.0.0.7/8", "10.0/8", "proxy.example.com", "2001:db8::/129",
                           "2001:db8::1/32", "[::1]", "10.0.0.1:80", "10.0.0.0/99999999999"}) {
    EXPECT_FALSE(ParseNetwork(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseIpAddress(std::string("10.0.0.1\0x", 10)).has_value());
}

}  // namespace
}  // namespace callbridge::base
