#include "server/admin/fingerprint.h"

#include <absl/strings/escaping.h>
#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "server/base/check.h"
#include "server/base/sha256.h"

namespace callbridge::admin {
namespace {

constexpr std::size_t kBytes = kDigits / 2;
// A few hundredths of a second.
constexpr int kIterations = 100'000;

std::string Hex(const std::uint8_t* bytes) {
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(bytes), kBytes));
}

}  // namespace

std::string Digest(std::string_view text) { return Hex(base::Sha256(text).data()); }

std::string Fingerprint(std::string_view secret, std::string_view salt) {
  std::array<std::uint8_t, kBytes> bytes{};
  const int done = PKCS5_PBKDF2_HMAC(secret.data(), static_cast<int>(secret.size()),
                                     reinterpret_cast<const unsigned char*>(salt.data()),
                                     static_cast<int>(salt.size()), kIterations, EVP_sha256(),
                                     static_cast<int>(bytes.size()), bytes.data());
  base::Check(done == 1, "OpenSSL derived no key");
  return Hex(bytes.data());
}

}  // namespace callbridge::admin
