// Decides whether a webhook comes from the provider, by Basic or by a signature over the body's raw
// bytes. The settings choose the scheme, never the request, and one scheme does not fall back on
// another. It fails closed, compares in constant time, and accepts any header value as input. It
// never reveals a secret or the reason for a refusal.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "webhook/signature.h"

namespace callbridge::webhook {

// Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // The header that holds the credential. Empty means that no header is read.
  virtual std::string_view header() const = 0;
  // The value of WWW-Authenticate in a refusal. Empty means that the header is left out.
  virtual std::string_view challenge() const = 0;
  // Returns true if the request is authentic. values: every value of that header; a request without
  // any is refused. Several credentials are refused too. Of several signatures, in several lines or
  // separated by commas (RFC 9110 §5.3: both mean the same), one must fit. A sender may sign with
  // the old and the new secret while it rotates. body: the bytes as they arrived.
  virtual bool Accepts(const std::vector<std::string_view>& values,
                       std::string_view body) const = 0;
};

struct BasicCredential {
  std::string username;
  std::string password;
};

// The signature scheme. docs/provider.md §7.2 does not specify it, so every part can be set.
struct HmacScheme {
  using Hmac = webhook::Hmac;
  std::string header;
  // A prefix that is removed from the value if it is present, in any case. Empty means none.
  std::string prefix;
  // Unspecified accepts hexadecimal digits and base64.
  Hmac::Encoding encoding = Hmac::ENCODING_UNSPECIFIED;
  // Unspecified means SHA-256.
  Hmac::Algorithm algorithm = Hmac::ALGORITHM_UNSPECIFIED;
  // Each of them is accepted, so that secrets can be rotated.
  std::vector<std::string> secrets;
};

// INVALID_ARGUMENT means that there is no credential, or that a user name or password is empty.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeBasicAuthenticator(
    std::vector<BasicCredential> credentials);

// path: the field of the settings, for errors. INVALID_ARGUMENT means no header, no secret, an
// empty secret, or an unknown algorithm or encoding.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeHmacAuthenticator(
    HmacScheme scheme, const std::string& path = "webhook.hmac");

// Accepts every request, because the handshake has let in only clients with a certificate. The
// caller makes it only for a listener whose TLS requires one.
std::unique_ptr<Authenticator> MakeCertificateAuthenticator();

// Accepts every request. INVALID_ARGUMENT means that protected_by does not say what protects the
// port instead.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeOpenAuthenticator(std::string_view protected_by);

}  // namespace callbridge::webhook
