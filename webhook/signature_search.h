// Looks for a signature in a request of which it is not known how it is written: in any header, of
// any algorithm, encoding and prefix. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/http_rules.h"
#include "webhook/signature.h"

namespace callbridge::webhook {

// How a value is written that may be a signature.
struct SignatureForm {
  std::string header;
  // What stands before the signature, like "SHA256="; empty if nothing does. It is at most
  // kPrefixBytesMax bytes of letters, digits, "-", "_" and "=" or ":", and so no part of a secret.
  std::string prefix;
  Hmac::Encoding encoding = Hmac::ENCODING_UNSPECIFIED;
  // The decoded bytes.
  std::string signature;
};

inline constexpr std::size_t kPrefixBytesMax = 16;

// Returns every value that has the form of a signature of 16, 20, 28, 32, 48 or 64 bytes.
std::vector<SignatureForm> FormsOfSignatures(const RequestHead& head);

struct SignatureFit {
  SignatureForm form;
  Hmac::Algorithm algorithm = Hmac::ALGORITHM_UNSPECIFIED;
  // The place of the secret among those that were given.
  std::size_t secret = 0;
  // The signature covers the body without the line break at its end, which the capture has added.
  bool without_line_break = false;
};

// Returns the first way in which one of the secrets makes a signature that the request holds.
std::optional<SignatureFit> FindSignature(const RequestHead& head, std::string_view body,
                                          const std::vector<std::string>& secrets);

// Returns "hmac_sha_256", as the settings write it.
std::string NameOf(Hmac::Algorithm algorithm);
// Returns "hex" or "base64"; "hex or base64" for both.
std::string NameOf(Hmac::Encoding encoding);

}  // namespace callbridge::webhook
