// Text that clients store and return without reading it: tokens of streams and pages. It has a
// kind, a version and a checksum, so that a damaged token or a token of another kind is refused. It
// protects against mistakes, not against forgery.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace callbridge::api {

// Makes a token. Each kind of token has one letter.
std::string Seal(char kind, std::string_view content);
// Returns the content. Absent means that Seal did not make the text, or made it of another kind.
std::optional<std::string> Unseal(char kind, std::string_view text);

// Bytes of a shortened SHA-256, which suffice to tell two things of one client apart.
inline constexpr std::size_t kShortDigestBytes = 8;
std::string ShortDigest(std::string_view bytes);

// Serializes the message with maps in the order of their keys. Equal messages give equal bytes
// within one release of protobuf.
std::string DeterministicBytes(const google::protobuf::MessageLite& message);

}  // namespace callbridge::api
