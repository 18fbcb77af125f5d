#include "webhook/authenticate.h"

#include <absl/strings/str_format.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/base/sha256.h"
#include "server/base/trimmed.h"
#include "webhook/list_header.h"
#include "webhook/signature.h"

namespace callbridge::webhook {
namespace {

constexpr std::string_view kBasicScheme = "Basic ";

using Digest = std::array<std::uint8_t, 32>;

std::string_view BytesOf(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

class BasicAuthenticator final : public Authenticator {
 public:
  explicit BasicAuthenticator(const std::vector<BasicCredential>& credentials) {
    for (const BasicCredential& credential : credentials) {
      expected_.push_back(base::Sha256(credential.username + ":" + credential.password));
    }
  }

  std::string_view header() const override { return "Authorization"; }
  std::string_view challenge() const override { return "Basic realm=\"webhooks\""; }

  bool Accepts(const std::vector<std::string_view>& values, std::string_view) const override {
    if (values.size() != 1) return false;
    std::string_view value = base::Trimmed(values.front());
    if (!TakePrefix(kBasicScheme, value)) return false;
    const std::optional<std::string> shown = FromBase64(base::Trimmed(value));
    if (!shown.has_value()) return false;
    // Digests are compared, so that the time does not reveal the length of a password. Each is
    // compared, so that the time does not reveal which one matched.
    const Digest digest = base::Sha256(*shown);
    bool accepted = false;
    for (const Digest& expected : expected_) {
      accepted |= AreEqualInConstantTime(BytesOf(digest), BytesOf(expected));
    }
    return accepted;
  }

 private:
  std::vector<Digest> expected_;
};

class HmacAuthenticator final : public Authenticator {
 public:
  explicit HmacAuthenticator(HmacScheme scheme)
      : scheme_(std::move(scheme)), digest_size_(DigestSize(scheme_.algorithm)) {}

  std::string_view header() const override { return scheme_.header; }
  std::string_view challenge() const override { return {}; }

  bool Accepts(const std::vector<std::string_view>& values, std::string_view body) const override {
    const std::vector<std::string> shown = Shown(values);
    if (shown.empty()) return false;
    bool accepted = false;
    for (const std::string& secret : scheme_.secrets) {
      const std::string expected = Sign(scheme_.algorithm, secret, body);
      for (const std::string& signature : shown) {
        accepted |= AreEqualInConstantTime(signature, expected);
      }
    }
    return accepted;
  }

 private:
  // Returns every value that has the form of a signature.
  std::vector<std::string> Shown(const std::vector<std::string_view>& values) const {
    std::vector<std::string_view> elements;
    for (const std::string_view line : values) AddElements(line, elements);
    std::vector<std::string> shown;
    for (std::string_view value : elements) {
      // The prefix is optional, because both forms have been captured.
      if (TakePrefix(scheme_.prefix, value)) value = base::Trimmed(value);
      std::optional<std::string> signature = DecodeSignature(value, scheme_.encoding, digest_size_);
      if (signature.has_value()) shown.push_back(*std::move(signature));
    }
    return shown;
  }

  const HmacScheme scheme_;
  const std::size_t digest_size_;
};

class OpenAuthenticator final : public Authenticator {
 public:
  std::string_view header() const override { return {}; }
  std::string_view challenge() const override { return {}; }
  bool Accepts(const std::vector<std::string_view>&, std::string_view) const override {
    return true;
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> MakeBasicAuthenticator(
    std::vector<BasicCredential> credentials) {
  if (credentials.empty()) {
    return absl::InvalidArgumentError("webhook.basic.credentials: at least one is needed");
  }
  for (std::size_t i = 0; i < credentials.size(); ++i) {
    if (credentials[i].username.empty() || credentials[i].password.empty()) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "webhook.basic.credentials[%d]: the user name or the password is empty", i));
    }
  }
  return std::make_unique<BasicAuthenticator>(credentials);
}

absl::StatusOr<std::unique_ptr<Authenticator>> MakeHmacAuthenticator(HmacScheme scheme,
                                                                     const std::string& path) {
  const auto refuse = [&path](const std::string& what) {
    return absl::InvalidArgumentError(path + "." + what);
  };
  if (scheme.header.empty()) return refuse("header: the name of a header is needed");
  if (scheme.secrets.empty()) return refuse("secret_files: at least one is needed");
  for (std::size_t i = 0; i < scheme.secrets.size(); ++i) {
    if (scheme.secrets[i].empty()) {
      return refuse(absl::StrFormat("secret_files[%d]: the secret is empty", i));
    }
  }
  if (DigestSize(scheme.algorithm) == 0) {
    return refuse("algorithm: is unknown; use HMAC_SHA_256");
  }
  if (!Hmac::Encoding_IsValid(scheme.encoding)) {
    return refuse("encoding: is unknown; use HEX or BASE64");
  }
  return std::make_unique<HmacAuthenticator>(std::move(scheme));
}

std::unique_ptr<Authenticator> MakeCertificateAuthenticator() {
  return std::make_unique<OpenAuthenticator>();
}

absl::StatusOr<std::unique_ptr<Authenticator>> MakeOpenAuthenticator(
    std::string_view protected_by) {
  if (base::Trimmed(protected_by).empty()) {
    return absl::InvalidArgumentError(
        "webhook.protected_by: say in words what protects the port, or set basic or hmac");
  }
  return std::make_unique<OpenAuthenticator>();
}

}  // namespace callbridge::webhook
