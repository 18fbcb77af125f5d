// How a signature over a body is written: the algorithms, the encodings and the prefix. The check
// of requests and the explanation of captured ones (verify.h) read it in the same way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::webhook {

using Hmac = config::v1::Webhook::WebhookHmac;

// Returns the bytes of the algorithm's digest. Unspecified means SHA-256. 0 means that the
// algorithm is unknown.
std::size_t DigestSize(Hmac::Algorithm algorithm);

// Returns the signature of the body, DigestSize bytes. The algorithm must be known.
std::string Sign(Hmac::Algorithm algorithm, std::string_view secret, std::string_view body);

// Compares two texts of the same length in a time that does not depend on their bytes. Texts of
// different lengths are not equal.
bool AreEqualInConstantTime(std::string_view one, std::string_view other);

// Removes the prefix, whatever the case of its letters. Returns false if the text does not begin
// with it.
bool TakePrefix(std::string_view prefix, std::string_view& text);

// Decodes a signature of this many bytes. Unspecified accepts hexadecimal digits and base64. Absent
// means that the text is none.
std::optional<std::string> DecodeSignature(std::string_view text, Hmac::Encoding encoding,
                                           std::size_t size);

// Decodes base64, with or without padding.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace callbridge::webhook
