#include "server/base/url.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace callbridge::base {
namespace {

constexpr std::size_t kHostBytesMax = 253;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint32_t port = 0;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &port) ||
      port > std::numeric_limits<std::uint16_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(port);
}

bool IsIpv6(std::string_view host) {
  std::array<unsigned char, 16> bytes;
  return inet_pton(AF_INET6, std::string(host).c_str(), bytes.data()) == 1;
}

}  // namespace

std::optional<HostAndPort> ParseHostAndPort(std::string_view text) {
  HostAndPort authority;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !IsIpv6(text.substr(1, end - 1))) return std::nullopt;
    authority.host = std::string(text.substr(1, end - 1));
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    authority.host = std::string(text.substr(0, colon));
    rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
    if (!IsHost(authority.host)) return std::nullopt;
  }
  absl::AsciiStrToLower(&authority.host);
  if (rest.empty()) return authority;
  if (!rest.starts_with(':')) return std::nullopt;
  authority.port = ParsePort(rest.substr(1));
  if (!authority.port.has_value()) return std::nullopt;
  return authority;
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text(host);
  in_addr ipv4;
  if (inet_pton(AF_INET, text.c_str(), &ipv4) == 1) return (ntohl(ipv4.s_addr) >> 24) == 127;
  in6_addr ipv6;
  return inet_pton(AF_INET6, text.c_str(), &ipv6) == 1 && IN6_IS_ADDR_LOOPBACK(&ipv6);
}

std::string Url::Authority() const {
  std::string authority = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port.has_value()) authority += ":" + std::to_string(*port);
  return authority;
}

std::optional<Url> ParseUrl(std::string_view text) {
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  const std::size_t scheme_end = text.find("://");
  if (!printable || scheme_end == std::string_view::npos ||
      text.find('#') != std::string_view::npos) {
    return std::nullopt;
  }
  Url url;
  url.scheme = std::string(text.substr(0, scheme_end));
  absl::AsciiStrToLower(&url.scheme);
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(scheme_end + 3);
  const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
  const auto authority = ParseHostAndPort(text.substr(0, authority_end));
  if (!authority.has_value() || authority->port == 0) return std::nullopt;
  url.host = authority->host;
  if (authority->port != (url.scheme == "https" ? kHttpsPort : kHttpPort)) {
    url.port = authority->port;
  }
  url.path = std::string(text.substr(authority_end));
  return url;
}

bool IsHost(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax || host.starts_with('.') ||
      host.find("..") != std::string_view::npos) {
    return false;
  }
  return std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
  });
}

}  // namespace callbridge::base
