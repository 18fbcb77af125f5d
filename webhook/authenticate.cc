#include "webhook/authenticate.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/base/check.h"
#include "server/base/sha256.h"
#include "server/base/trimmed.h"
#include "webhook/list_header.h"

namespace callbridge::webhook {
namespace {

constexpr std::string_view kBasicScheme = "Basic ";

using Digest = std::array<std::uint8_t, 32>;

// Removes the prefix, whatever the case of its letters. Returns false if the text does not begin
// with it.
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

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
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
      accepted |= CRYPTO_memcmp(digest.data(), expected.data(), digest.size()) == 0;
    }
    return accepted;
  }

 private:
  std::vector<Digest> expected_;
};

const EVP_MD* DigestOf(HmacScheme::Hmac::Algorithm algorithm) {
  using Hmac = HmacScheme::Hmac;
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

class HmacAuthenticator final : public Authenticator {
 public:
  HmacAuthenticator(HmacScheme scheme, const EVP_MD* digest)
      : scheme_(std::move(scheme)),
        digest_(digest),
        digest_size_(static_cast<std::size_t>(EVP_MD_get_size(digest))) {}

  std::string_view header() const override { return scheme_.header; }
  std::string_view challenge() const override { return {}; }

  bool Accepts(const std::vector<std::string_view>& values, std::string_view body) const override {
    const std::vector<std::string> shown = Shown(values);
    if (shown.empty()) return false;
    bool accepted = false;
    for (const std::string& secret : scheme_.secrets) {
      std::array<std::uint8_t, EVP_MAX_MD_SIZE> expected;
      unsigned int size = 0;
      const unsigned char* done = HMAC(digest_, secret.data(), static_cast<int>(secret.size()),
                                       reinterpret_cast<const unsigned char*>(body.data()),
                                       body.size(), expected.data(), &size);
      base::Check(done != nullptr && size == digest_size_, "OpenSSL computed no HMAC");
      for (const std::string& signature : shown) {
        accepted |= CRYPTO_memcmp(signature.data(), expected.data(), digest_size_) == 0;
      }
    }
    return accepted;
  }

 private:
  using Hmac = HmacScheme::Hmac;

  // Returns every value that has the form of a signature.
  std::vector<std::string> Shown(const std::vector<std::string_view>& values) const {
    std::vector<std::string_view> elements;
    for (const std::string_view line : values) AddElements(line, elements);
    std::vector<std::string> shown;
    for (std::string_view value : elements) {
      // The prefix is optional, because both forms have been captured.
      if (TakePrefix(scheme_.prefix, value)) value = base::Trimmed(value);
      std::optional<std::string> signature = Decode(value);
      if (signature.has_value() && signature->size() == digest_size_) {
        shown.push_back(*std::move(signature));
      }
    }
    return shown;
  }

  std::optional<std::string> Decode(std::string_view value) const {
    const bool hex_fits = value.size() == 2 * digest_size_ && IsHex(value);
    if (scheme_.encoding != Hmac::ENCODING_BASE64 && hex_fits) {
      return absl::HexStringToBytes(absl::string_view(value.data(), value.size()));
    }
    if (scheme_.encoding == Hmac::ENCODING_HEX) return std::nullopt;
    return FromBase64(value);
  }

  const HmacScheme scheme_;
  const EVP_MD* const digest_;
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

absl::StatusOr<std::unique_ptr<Authenticator>> MakeHmacAuthenticator(HmacScheme scheme) {
  if (scheme.header.empty()) {
    return absl::InvalidArgumentError("webhook.hmac.header: the name of a header is needed");
  }
  if (scheme.secrets.empty()) {
    return absl::InvalidArgumentError("webhook.hmac.secret_files: at least one is needed");
  }
  for (std::size_t i = 0; i < scheme.secrets.size(); ++i) {
    if (scheme.secrets[i].empty()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("webhook.hmac.secret_files[%d]: the secret is empty", i));
    }
  }
  const EVP_MD* digest = DigestOf(scheme.algorithm);
  if (digest == nullptr) {
    return absl::InvalidArgumentError("webhook.hmac.algorithm: is unknown; use HMAC_SHA_256");
  }
  if (!HmacScheme::Hmac::Encoding_IsValid(scheme.encoding)) {
    return absl::InvalidArgumentError("webhook.hmac.encoding: is unknown; use HEX or BASE64");
  }
  return std::make_unique<HmacAuthenticator>(std::move(scheme), digest);
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
