// Parses addresses on which the service listens. No name is resolved here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::settings {

// An address like "127.0.0.1:50051", "[::1]:50051", "localhost:50051" or
// "unix:/run/callbridge/api.sock".
struct ListenAddress {
  // The host without brackets; empty for a Unix socket.
  std::string host;
  std::uint16_t port = 0;
  // The path of a Unix socket; otherwise empty.
  std::string unix_path;

  // True if only this machine can reach the address.
  bool IsLocal() const;
};

// Absent means that the text has none of the forms above.
std::optional<ListenAddress> ParseListenAddress(std::string_view text);

// True if the two cannot be used at the same time. Port 0 never conflicts.
bool Overlap(const ListenAddress& one, const ListenAddress& other);

}  // namespace callbridge::settings
