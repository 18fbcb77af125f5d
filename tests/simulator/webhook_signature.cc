#include "tests/simulator/webhook_signature.h"

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/string_view.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace callbridge::simulator {
namespace {

const EVP_MD* FindDigest(std::string_view algorithm) {
  if (algorithm == "HMAC_SHA_1") return EVP_sha1();
  if (algorithm == "HMAC_SHA_224") return EVP_sha224();
  if (algorithm == "HMAC_SHA_256") return EVP_sha256();
  if (algorithm == "HMAC_SHA_384") return EVP_sha384();
  if (algorithm == "HMAC_SHA_512") return EVP_sha512();
  return nullptr;
}

}  // namespace

absl::StatusOr<std::pair<std::string, std::string>> SignWebhook(
    const WebhookAuthentication& authentication, std::string_view body) {
  if (!authentication.basic.empty()) {
    return std::pair<std::string, std::string>("Authorization",
                                               "Basic " + absl::Base64Escape(authentication.basic));
  }
  if (authentication.hmac_secret.empty()) return std::pair<std::string, std::string>();
  const EVP_MD* digest = FindDigest(authentication.hmac_algorithm);
  if (digest == nullptr) {
    return absl::InvalidArgumentError(
        "webhook-hmac-algorithm must be HMAC_SHA_1, _224, _256, "
        "_384 or _512");
  }
  const bool hex = authentication.hmac_encoding == "hex";
  if (!hex && authentication.hmac_encoding != "base64") {
    return absl::InvalidArgumentError("webhook-hmac-encoding must be hex or base64");
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  const std::string& secret = authentication.hmac_secret;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), bytes.data(), &size);
  const absl::string_view raw(reinterpret_cast<const char*>(bytes.data()), size);
  const std::string value = hex ? absl::BytesToHexString(raw) : absl::Base64Escape(raw);
  return std::pair<std::string, std::string>(authentication.hmac_header,
                                             authentication.hmac_prefix + value);
}

}  // namespace callbridge::simulator
