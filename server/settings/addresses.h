// Addresses that we listen on, taken apart. No name is looked up here.
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

// True if both cannot be listened on at the same time. Port 0 never conflicts.
bool Overlap(const ListenAddress& one, const ListenAddress& other);

}  // namespace callbridge::settings
