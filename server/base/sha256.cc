#include "server/base/sha256.h"

#include <openssl/evp.h>

#include "server/base/check.h"

namespace callbridge::base {

std::array<std::uint8_t, 32> Sha256(std::string_view bytes) {
  std::array<std::uint8_t, 32> digest;
  unsigned int length = 0;
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  Check(done == 1 && length == digest.size(), "OpenSSL computed no SHA-256");
  return digest;
}

}  // namespace callbridge::base
