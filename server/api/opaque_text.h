// Text that clients carry and hand back unread: tokens of streams and pages. It has a kind, a
// version and a checksum, so that a token of another kind or a damaged one is refused. It protects
// against mistakes, not against forgery.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::api {

// One letter for each kind of token.
std::string Seal(char kind, std::string_view content);
// The content. Absent: not a text that Seal made of this kind.
std::optional<std::string> Unseal(char kind, std::string_view text);

// The first bytes of SHA-256: enough to tell two things of one client apart.
inline constexpr std::size_t kShortDigestBytes = 8;
std::string ShortDigest(std::string_view bytes);

// All bytes of a message, maps in the order of their keys: equal messages give equal bytes within
// one release of protobuf.
std::string DeterministicBytes(const google::protobuf::MessageLite& message);

}  // namespace callbridge::api
