#include "server/base/network.h"

#include <absl/strings/numbers.h>
#include <absl/strings/string_view.h>
#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>

namespace callbridge::base {
namespace {

constexpr int kBits = 128;
// Where an IPv4 address begins within the bytes.
constexpr std::size_t kIpv4Begin = 12;
constexpr int kIpv4BitsBefore = 96;
constexpr std::array<std::uint8_t, kIpv4Begin> kIpv4Prefix = {0, 0, 0, 0, 0,    0,
                                                              0, 0, 0, 0, 0xFF, 0xFF};

bool IsIpv4(const IpAddress& address) {
  return std::equal(kIpv4Prefix.begin(), kIpv4Prefix.end(), address.begin());
}

// Returns the byte of a mask in which this many bits of all bytes are set.
std::uint8_t MaskByte(std::size_t index, int bits) {
  const int here = std::clamp(bits - static_cast<int>(8 * index), 0, 8);
  return static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(here));
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  const std::string terminated(text);
  // A zero byte would end the text for inet_pton.
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  std::copy(kIpv4Prefix.begin(), kIpv4Prefix.end(), address.begin());
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + kIpv4Begin) == 1) return address;
  return std::nullopt;
}

std::string ToText(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool ipv4 = IsIpv4(address);
  inet_ntop(ipv4 ? AF_INET : AF_INET6, address.data() + (ipv4 ? kIpv4Begin : 0), text.data(),
            static_cast<socklen_t>(text.size()));
  return text.data();
}

bool Network::Contains(const IpAddress& other) const {
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (((address[i] ^ other[i]) & MaskByte(i, bits)) != 0) return false;
  }
  return true;
}

std::optional<Network> ParseNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> address = ParseIpAddress(text.substr(0, slash));
  if (!address.has_value()) return std::nullopt;
  Network network{*address, kBits};
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const bool plain = !digits.empty() && std::all_of(digits.begin(), digits.end(),
                                                    [](char c) { return c >= '0' && c <= '9'; });
  // An address in dots counts its own 32 bits.
  const int before = text.find(':') == std::string_view::npos ? kIpv4BitsBefore : 0;
  if (!plain || !absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()), &network.bits) ||
      network.bits > kBits - before) {
    return std::nullopt;
  }
  network.bits += before;
  for (std::size_t i = 0; i < address->size(); ++i) {
    if (((*address)[i] & ~MaskByte(i, network.bits) & 0xFF) != 0) return std::nullopt;
  }
  return network;
}

}  // namespace callbridge::base
