#include "server/settings/addresses.h"

#include <cstddef>

#include "server/base/url.h"

namespace callbridge::settings {
namespace {

// sockaddr_un has room for 108 bytes, and the last is the zero that ends the path.
constexpr std::size_t kUnixPathBytesMax = 107;

bool IsEverywhere(std::string_view host) { return host == "0.0.0.0" || host == "::"; }

}  // namespace

bool ListenAddress::IsLocal() const { return !unix_path.empty() || base::IsLoopback(host); }

std::optional<ListenAddress> ParseListenAddress(std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  ListenAddress address;
  if (text.starts_with(kUnix)) {
    address.unix_path = std::string(text.substr(kUnix.size()));
    // "unix:///run/x" is the same place as "unix:/run/x".
    if (address.unix_path.starts_with("///")) address.unix_path.erase(0, 2);
    if (address.unix_path.empty() || address.unix_path.starts_with("//") ||
        address.unix_path.size() > kUnixPathBytesMax) {
      return std::nullopt;
    }
    return address;
  }
  const std::optional<base::HostAndPort> authority = base::ParseHostAndPort(text);
  if (!authority.has_value() || !authority->port.has_value()) return std::nullopt;
  address.host = authority->host;
  address.port = *authority->port;
  return address;
}

bool Overlap(const ListenAddress& one, const ListenAddress& other) {
  if (!one.unix_path.empty() || !other.unix_path.empty()) return one.unix_path == other.unix_path;
  if (one.port == 0 || one.port != other.port) return false;
  return one.host == other.host || IsEverywhere(one.host) || IsEverywhere(other.host) ||
         (base::IsLoopback(one.host) && base::IsLoopback(other.host));
}

}  // namespace callbridge::settings
