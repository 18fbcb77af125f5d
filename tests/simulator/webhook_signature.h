// How a webhook is authenticated: docs/provider.md §7.1 and §7.2, of which only Basic is specified,
// so that everything about the signature can be set. It computes one header; it never sees a
// socket.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <utility>

namespace callbridge::simulator {

struct WebhookAuthentication {
  // "user:password". Empty: no Basic.
  std::string basic;
  // Empty: no signature.
  std::string hmac_secret;
  std::string hmac_header = "X-Ib-Hmac-Signature";
  std::string hmac_prefix = "SHA256=";
  // HMAC_SHA_1, HMAC_SHA_224, HMAC_SHA_256, HMAC_SHA_384 or HMAC_SHA_512.
  std::string hmac_algorithm = "HMAC_SHA_256";
  // hex or base64.
  std::string hmac_encoding = "hex";
};

// Name and value of the header for these bytes. Empty name: none. InvalidArgument names a bad
// setting.
absl::StatusOr<std::pair<std::string, std::string>> SignWebhook(
    const WebhookAuthentication& authentication, std::string_view body);

}  // namespace callbridge::simulator
