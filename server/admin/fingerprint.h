// Short names for contents, so that setup knows what it made (decision 0049).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace callbridge::admin {

// The length of all these names, in hexadecimal digits.
inline constexpr std::size_t kDigits = 8;

// Returns the digits for a text that is no secret.
std::string Digest(std::string_view text);

// Returns the digits for a secret. They are made so slowly (a few hundredths of a second) that a
// person who reads them cannot find the secret by trying. salt: what keeps the same secret of two
// deployments apart.
std::string Fingerprint(std::string_view secret, std::string_view salt);

}  // namespace callbridge::admin
