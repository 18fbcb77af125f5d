#include "webhook/signature.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "server/base/check.h"

namespace callbridge::webhook {
namespace {

const EVP_MD* DigestOf(Hmac::Algorithm algorithm) {
  switch (algorithm) {
    case Hmac::ALGORITHM_HMAC_SHA_1:
      return EVP_sha1();
    case Hmac::ALGORITHM_HMAC_SHA_224:
      return EVP_sha224();
    case Hmac::ALGORITHM_UNSPECIFIED:
    case Hmac::ALGORITHM_HMAC_SHA_256:
      return EVP_sha256();
    case Hmac::ALGORITHM_HMAC_SHA_384:
      return EVP_sha384();
    case Hmac::ALGORITHM_HMAC_SHA_512:
      return EVP_sha512();
    default:
      return nullptr;
  }
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

std::size_t DigestSize(Hmac::Algorithm algorithm) {
  const EVP_MD* digest = DigestOf(algorithm);
  return digest == nullptr ? 0 : static_cast<std::size_t>(EVP_MD_get_size(digest));
}

std::string Sign(Hmac::Algorithm algorithm, std::string_view secret, std::string_view body) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> signature;
  unsigned int size = 0;
  const unsigned char* done = HMAC(
      DigestOf(algorithm), secret.data(), static_cast<int>(secret.size()),
      reinterpret_cast<const unsigned char*>(body.data()), body.size(), signature.data(), &size);
  base::Check(done != nullptr && size == DigestSize(algorithm), "OpenSSL computed no HMAC");
  return std::string(signature.begin(), signature.begin() + size);
}

bool AreEqualInConstantTime(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

bool TakePrefix(std::string_view prefix, std::string_view& text) {
  if (text.size() < prefix.size()) return false;
  const std::string_view head = text.substr(0, prefix.size());
  if (!absl::EqualsIgnoreCase(absl::string_view(head.data(), head.size()),
                              absl::string_view(prefix.data(), prefix.size()))) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes)) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> DecodeSignature(std::string_view text, Hmac::Encoding encoding,
                                           std::size_t size) {
  if (encoding != Hmac::ENCODING_BASE64 && text.size() == 2 * size && IsHex(text)) {
    return absl::HexStringToBytes(absl::string_view(text.data(), text.size()));
  }
  if (encoding == Hmac::ENCODING_HEX) return std::nullopt;
  std::optional<std::string> bytes = FromBase64(text);
  if (bytes.has_value() && bytes->size() != size) return std::nullopt;
  return bytes;
}

}  // namespace callbridge::webhook
