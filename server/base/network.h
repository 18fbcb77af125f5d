// IP addresses and networks, to judge from where a connection comes. No name is resolved here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// The bytes of an IPv6 address. An IPv4 address is written as ::ffff:a.b.c.d, so that both
// spellings of one place are equal.
using IpAddress = std::array<std::uint8_t, 16>;

// Absent means that the text is no IP address, for example because it has a port or brackets.
std::optional<IpAddress> ParseIpAddress(std::string_view text);

// Returns the usual spelling: "203.0.113.7" or "2001:db8::1".
std::string ToText(const IpAddress& address);

struct Network {
  IpAddress address{};
  // How many bits of the address count.
  int bits = 0;

  bool Contains(const IpAddress& other) const;
};

// Parses "10.0.0.7", "10.0.0.0/8", "2001:db8::/32" or the like. Absent means anything else, and
// also an address with bits behind those that count: "10.0.0.7/8" may mean either.
std::optional<Network> ParseNetwork(std::string_view text);

}  // namespace callbridge::base
