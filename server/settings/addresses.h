// Addresses that we listen on and URLs that we call, taken apart. No name is looked up here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::settings {

// "127.0.0.1:50051", "[::1]:50051", "localhost:50051" or "unix:/run/callbridge/api.sock".
struct ListenAddress {
  // Without brackets; empty for a Unix socket.
  std::string host;
  std::uint16_t port = 0;
  // Empty unless it is a Unix socket.
  std::string unix_path;

  // Nobody outside this machine reaches it.
  bool IsLocal() const;
};

// Absent: none of the forms above.
std::optional<ListenAddress> ParseListenAddress(std::string_view text);

// True if both cannot be listened on at the same time. Port 0 meets nothing.
bool Overlap(const ListenAddress& one, const ListenAddress& other);

// "localhost", 127.0.0.0/8 or ::1.
bool IsLoopback(std::string_view host);

struct Url {
  // Lower case.
  std::string scheme;
  // Lower case, without brackets.
  std::string host;
  std::optional<std::uint16_t> port;
  // With "/" and query; empty if there is none.
  std::string path;

  // "host" or "host:port", as hosts are written in allowed_hosts.
  std::string Authority() const;
};

// Absolute http and https URLs without user, password and fragment. Absent: anything else.
std::optional<Url> ParseUrl(std::string_view text);

// True for a host as DNS or an address writes it, without port.
bool IsHost(std::string_view host);

}  // namespace callbridge::settings
