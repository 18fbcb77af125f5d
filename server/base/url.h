// Hosts, ports and URLs, taken apart once for all who judge them: settings, and the client whose
// credentials go there. What is sent is put together again from these parts, so that no second
// reading of the text can lead elsewhere. No name is looked up here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// "host", "host:port", "[::1]" or "[::1]:port".
struct HostAndPort {
  // Lower case, without brackets.
  std::string host;
  std::optional<std::uint16_t> port;
};

// Absent: none of the forms above.
std::optional<HostAndPort> ParseHostAndPort(std::string_view text);

struct Url {
  // "http" or "https".
  std::string scheme;
  // Lower case, without brackets.
  std::string host;
  // Absent: the scheme's own, also where the text names it.
  std::optional<std::uint16_t> port;
  // With "/" and query; empty if there is none.
  std::string path;

  // "host" or "host:port": the same text for all ways to write one place.
  std::string Authority() const;
};

// Absolute http and https URLs without user, password and fragment. Absent: anything else.
std::optional<Url> ParseUrl(std::string_view text);

// True for a host as DNS or an IPv4 address writes it, without port.
bool IsHost(std::string_view host);

// "localhost", 127.0.0.0/8 or ::1.
bool IsLoopback(std::string_view host);

}  // namespace callbridge::base
