#include "server/api/opaque_text.h"

#include <absl/strings/escaping.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "server/base/check.h"
#include "server/base/sha256.h"

namespace callbridge::api {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kHeadBytes = 2;

}  // namespace

std::string ShortDigest(std::string_view bytes) {
  const std::array<std::uint8_t, 32> digest = base::Sha256(bytes);
  std::string result(kShortDigestBytes, '\0');
  std::transform(digest.begin(), digest.begin() + kShortDigestBytes, result.begin(),
                 [](std::uint8_t byte) { return static_cast<char>(byte); });
  return result;
}

std::string Seal(char kind, std::string_view content) {
  std::string bytes{kind, kVersion};
  bytes += content;
  bytes += ShortDigest(bytes);
  return absl::WebSafeBase64Escape(bytes);
}

std::optional<std::string> Unseal(char kind, std::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(absl::string_view(text.data(), text.size()), &bytes) ||
      bytes.size() < kHeadBytes + kShortDigestBytes || bytes[0] != kind || bytes[1] != kVersion) {
    return std::nullopt;
  }
  // The decoder of base64 also accepts spaces, other padding and unused bits, which the encoder
  // never writes.
  if (absl::WebSafeBase64Escape(bytes) != text) {
    return std::nullopt;
  }
  const std::size_t end = bytes.size() - kShortDigestBytes;
  if (ShortDigest(std::string_view(bytes).substr(0, end)) != bytes.substr(end)) {
    return std::nullopt;
  }
  return bytes.substr(kHeadBytes, end - kHeadBytes);
}

std::string DeterministicBytes(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    base::Check(message.SerializePartialToCodedStream(&coded), "a message cannot be serialised");
  }
  return bytes;
}

}  // namespace callbridge::api
