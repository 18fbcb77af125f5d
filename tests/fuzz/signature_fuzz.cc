// Signature headers: no value, however odd, makes the check fail or pass without the secret. The
// right signature, written in every way that is documented, is accepted; damaged, doubled, or over
// another body it is not. What is right is worked out here a second time, by OpenSSL and a decoder
// of its own.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/check.h"
#include "tests/fuzz/byte_reader.h"
#include "webhook/authenticate.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using webhook::HmacScheme;
using Hmac = HmacScheme::Hmac;

constexpr char kSecret[] = "a secret of the fuzzer";
constexpr char kOlderSecret[] = "the secret before it";
constexpr char kPrefix[] = "SHA256=";
constexpr std::size_t kValueBytesMax = 160;

struct Kind {
  Hmac::Algorithm algorithm;
  const EVP_MD* (*digest)();
};
constexpr std::array kKinds = {
    Kind{Hmac::ALGORITHM_UNSPECIFIED, EVP_sha256}, Kind{Hmac::ALGORITHM_HMAC_SHA_1, EVP_sha1},
    Kind{Hmac::ALGORITHM_HMAC_SHA_224, EVP_sha224}, Kind{Hmac::ALGORITHM_HMAC_SHA_384, EVP_sha384},
    Kind{Hmac::ALGORITHM_HMAC_SHA_512, EVP_sha512}};
constexpr std::array kEncodings = {Hmac::ENCODING_UNSPECIFIED, Hmac::ENCODING_HEX,
                                   Hmac::ENCODING_BASE64};

std::string Sign(const Kind& kind, std::string_view secret, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  Check(HMAC(kind.digest(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(),
             &size) != nullptr,
        "OpenSSL computes an HMAC");
  return std::string(digest.begin(), digest.begin() + size);
}

std::string Hex(std::string_view bytes, std::string_view digits) {
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4U];
    text += digits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string Base64(std::string_view bytes) {
  std::string text;
  unsigned int bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) {
      text += kBase64[bits >> static_cast<unsigned>(count - 6) & 63U];
    }
  }
  if (count > 0) text += kBase64[bits << static_cast<unsigned>(6 - count) & 63U];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

// The bytes that a text in base64 stands for, whatever stands between its letters.
std::string FromBase64(std::string_view text) {
  std::string bytes;
  unsigned int bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kBase64.find(c);
    if (value == std::string_view::npos) continue;
    bits = bits << 6U | static_cast<unsigned int>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 255U);
    }
  }
  return bytes;
}

std::string FromHex(std::string_view text) {
  std::string bytes;
  std::optional<unsigned int> high;
  for (const char c : text) {
    const std::size_t value = std::string_view("0123456789abcdef0123456789ABCDEF").find(c);
    if (value == std::string_view::npos) continue;
    const auto digit = static_cast<unsigned int>(value % 16);
    if (high.has_value()) {
      bytes += static_cast<char>(*high << 4U | digit);
      high.reset();
    } else {
      high = digit;
    }
  }
  return bytes;
}

bool HoldsOneSignature(const std::string& value, const std::vector<std::string>& right) {
  // The prefix is made of letters of both alphabets, so a value is looked at with and without it.
  const std::size_t equals = value.find('=');
  const std::string tail = equals == std::string::npos ? "" : value.substr(equals + 1);
  for (const std::string& digest : right) {
    for (const std::string& text : {value, tail}) {
      if (FromHex(text) == digest || FromBase64(text) == digest) return true;
    }
  }
  return false;
}

bool HoldsSignature(std::string_view value, const std::vector<std::string>& right) {
  while (true) {
    const std::size_t comma = value.find(',');
    if (HoldsOneSignature(std::string(value.substr(0, comma)), right)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

// Every way to write a digest that the scheme takes.
std::vector<std::string> Written(Hmac::Encoding encoding, const std::string& digest) {
  std::vector<std::string> values;
  if (encoding != Hmac::ENCODING_BASE64) {
    values.push_back(Hex(digest, "0123456789abcdef"));
    values.push_back(Hex(digest, "0123456789ABCDEF"));
  }
  if (encoding != Hmac::ENCODING_HEX) values.push_back(Base64(digest));
  const std::size_t plain = values.size();
  for (std::size_t i = 0; i < plain; ++i) values.push_back(kPrefix + values[i]);
  for (std::size_t i = 0; i < plain; ++i) values.push_back(" sha256= " + values[i] + "\t");
  return values;
}

void RunHmac(ByteReader& bytes) {
  const Kind& kind = kKinds[bytes.Below(kKinds.size())];
  HmacScheme scheme;
  scheme.header = "X-Ib-Hmac-Signature";
  scheme.prefix = kPrefix;
  scheme.algorithm = kind.algorithm;
  scheme.encoding = kEncodings[bytes.Below(kEncodings.size())];
  scheme.secrets = {kSecret, kOlderSecret};
  const auto authenticator = webhook::MakeHmacAuthenticator(scheme);
  Check(authenticator.ok(), "a scheme with secrets is taken");
  const auto accepts = [&](const std::vector<std::string_view>& values, std::string_view body) {
    return (*authenticator)->Accepts(values, body);
  };
  const std::size_t damage = bytes.Byte();
  const std::string value = bytes.Text(bytes.Below(kValueBytesMax));
  const std::string body = bytes.Rest();
  const std::vector<std::string> right = {Sign(kind, kSecret, body),
                                          Sign(kind, kOlderSecret, body)};

  Check(!accepts({value}, body) || HoldsSignature(value, right),
        "nothing is accepted without the right signature");
  Check(!accepts({}, body), "no header is refused");
  for (const std::string& digest : right) {
    for (const std::string& written : Written(scheme.encoding, digest)) {
      Check(accepts({written}, body), "the right signature is accepted");
      Check(accepts({written, written}, body) && accepts({value, written}, body) &&
                accepts({written + "," + value}, body),
            "one right signature among several is enough");
      Check(!accepts({written, written}, body + "x"), "a signature of another body is refused");
    }
    std::string damaged = digest;
    damaged[damage % damaged.size()] ^= static_cast<char>(1U << damage % 8);
    for (const std::string& written : Written(scheme.encoding, damaged)) {
      Check(!accepts({written}, body), "a damaged signature is refused");
    }
  }
}

void RunBasic(ByteReader& bytes) {
  const auto authenticator =
      webhook::MakeBasicAuthenticator({{"infobip", "pass:word"}, {"spare", "key"}});
  Check(authenticator.ok(), "credentials are taken");
  const std::string value = bytes.Text(kValueBytesMax);
  const std::string body = bytes.Rest();
  const std::vector<std::string> right = {"infobip:pass:word", "spare:key"};
  if ((*authenticator)->Accepts({value}, body)) {
    const std::string shown = FromBase64(value.substr(value.find(' ')));
    Check(shown == right[0] || shown == right[1], "nobody is let in without the password");
  }
  for (const std::string& credential : right) {
    const std::string written = "Basic " + Base64(credential);
    Check((*authenticator)->Accepts({written}, body), "the right password is accepted");
    Check(!(*authenticator)->Accepts({written, value}, body), "two credentials are refused");
    Check(!(*authenticator)->Accepts({"Basic " + Base64(credential + value + "x")}, body),
          "more than the password is refused");
  }
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::ByteReader bytes(data, size);
  if (bytes.Below(4) == 3) {
    callbridge::fuzz::RunBasic(bytes);
  } else {
    callbridge::fuzz::RunHmac(bytes);
  }
  return 0;
}
