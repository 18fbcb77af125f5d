// Is a webhook the provider's? Basic or a signature over the body's raw bytes, decided by the
// settings and never by the request: a scheme does not fall back on another one. It fails closed,
// compares in constant time, and no header value, however odd, makes it fail. It never shows a
// secret, nor says why a request was refused.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::webhook {

// Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // The header to look at. Empty: none.
  virtual std::string_view header() const = 0;
  // What a refusal carries as WWW-Authenticate. Empty: nothing.
  virtual std::string_view challenge() const = 0;
  // values: every value of that header in the request. None is refused. Of credentials more than
  // one is refused too; of signatures, in several lines or parted by commas (RFC 9110 §5.3: both
  // mean the same), one must fit: a sender may sign with the old and the new secret while it
  // rotates. body: the bytes as they came.
  virtual bool Accepts(const std::vector<std::string_view>& values,
                       std::string_view body) const = 0;
};

struct BasicCredential {
  std::string username;
  std::string password;
};

// docs/provider.md §7.2: nothing of this is specified, so everything can be set.
struct HmacScheme {
  using Hmac = config::v1::Webhook::WebhookHmac;
  std::string header;
  // Removed from the value if present, whatever its case. Empty: none.
  std::string prefix;
  // Unspecified: hexadecimal digits or base64, whichever fits.
  Hmac::Encoding encoding = Hmac::ENCODING_UNSPECIFIED;
  // Unspecified: SHA-256.
  Hmac::Algorithm algorithm = Hmac::ALGORITHM_UNSPECIFIED;
  // Any of them is accepted, for rotation.
  std::vector<std::string> secrets;
};

// INVALID_ARGUMENT: no credential, or an empty user name or password.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeBasicAuthenticator(
    std::vector<BasicCredential> credentials);

// INVALID_ARGUMENT: no header, no secret, an empty one, or an unknown algorithm or encoding.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeHmacAuthenticator(HmacScheme scheme);

// Accepts everything. INVALID_ARGUMENT: protected_by does not say what protects the port instead.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeOpenAuthenticator(std::string_view protected_by);

}  // namespace callbridge::webhook
