// Hosts, ports and URLs, parsed once for all who check them: the settings, and the client whose
// credentials go there. The client builds the address that it uses from these parts, so that no
// second parser of the text can lead elsewhere. No name is resolved here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// A place like "host", "host:port", "[::1]" or "[::1]:port".
struct HostAndPort {
  // The host in lower case, without brackets.
  std::string host;
  std::optional<std::uint16_t> port;
};

// Absent means that the text has none of the forms above.
std::optional<HostAndPort> ParseHostAndPort(std::string_view text);

struct Url {
  // Either "http" or "https".
  std::string scheme;
  // The host in lower case, without brackets.
  std::string host;
  // Absent means the scheme's default port, even if the text names it.
  std::optional<std::uint16_t> port;
  // The path with its leading "/" and the query; empty if there is none.
  std::string path;

  // Returns "host" or "host:port", which is the same text for every spelling of one place.
  std::string Authority() const;
};

// Parses an absolute http or https URL without user, password and fragment. Absent means anything
// else.
std::optional<Url> ParseUrl(std::string_view text);

// True for a host name or an IPv4 address without a port.
bool IsHost(std::string_view host);

// True for "localhost", 127.0.0.0/8 and ::1.
bool IsLoopback(std::string_view host);

}  // namespace callbridge::base
