#include "webhook/authenticate.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callbridge::webhook {
namespace {

using Hmac = HmacScheme::Hmac;

// As the settings give them, if they name none of their own.
constexpr std::string_view kHeader = "X-Ib-Hmac-Signature";
constexpr std::string_view kPrefix = "SHA256=";
// RFC 4231, test case 2.
constexpr std::string_view kKey = "Jefe";
constexpr std::string_view kData = "what do ya want for nothing?";
constexpr std::string_view kSha256 =
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

std::unique_ptr<Authenticator> Basic(std::vector<BasicCredential> credentials) {
  auto made = MakeBasicAuthenticator(std::move(credentials));
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

std::unique_ptr<Authenticator> Signed(HmacScheme scheme = {}) {
  if (scheme.header.empty()) scheme.header = kHeader;
  if (scheme.prefix.empty()) scheme.prefix = kPrefix;
  if (scheme.secrets.empty()) scheme.secrets = {std::string(kKey)};
  auto made = MakeHmacAuthenticator(std::move(scheme));
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

std::string Base64Of(std::string_view hex) {
  return absl::Base64Escape(absl::HexStringToBytes(std::string(hex)));
}

// Of the body, with the test's key, in hex; made by the library that any sender may use.
std::string SignatureOf(const std::string& body, const EVP_MD* function = EVP_sha256()) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(function, kKey.data(), static_cast<int>(kKey.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size);
  return absl::BytesToHexString(std::string(reinterpret_cast<const char*>(digest.data()), size));
}

TEST(BasicAuthenticator, AcceptsEachOfSeveralCredentials) {
  const auto authenticator = Basic({{"new", "secret:2"}, {"old", "secret1"}});
  EXPECT_EQ(authenticator->header(), "Authorization");
  EXPECT_TRUE(authenticator->Accepts({"Basic " + absl::Base64Escape("new:secret:2")}, "x"));
  EXPECT_TRUE(authenticator->Accepts({"basic  " + absl::Base64Escape("old:secret1")}, "x"));
  EXPECT_FALSE(authenticator->Accepts({"Basic " + absl::Base64Escape("new:secret1")}, "x"));
}

TEST(BasicAuthenticator, RefusesWhateverIsNotExactlyOneGoodValue) {
  const auto authenticator = Basic({{"user", "password"}});
  const std::string good = "Basic " + absl::Base64Escape("user:password");
  EXPECT_TRUE(authenticator->Accepts({good}, ""));
  EXPECT_FALSE(authenticator->Accepts({}, ""));
  EXPECT_FALSE(authenticator->Accepts({good, good}, ""));
  const std::vector<std::string> refused = {"",
                                            "Basic",
                                            "Basic ",
                                            "Basic \xFF\xFE\x80",
                                            "\xC3\xA9",
                                            "Basic user:password",
                                            "Basic ====",
                                            "Bearer " + absl::Base64Escape("user:password"),
                                            "Basic " + absl::Base64Escape("user:passwor"),
                                            "Basic " + absl::Base64Escape("user:password\n"),
                                            "Basic " + absl::Base64Escape(":"),
                                            std::string("Basic \0dXNlcg==", 15)};
  for (const std::string& value : refused) {
    EXPECT_FALSE(authenticator->Accepts({value}, "")) << absl::CEscape(value);
  }
}

TEST(HmacAuthenticator, AcceptsTheSignatureInEveryWriting) {
  const auto authenticator = Signed();
  EXPECT_EQ(authenticator->header(), kHeader);
  const std::string hex(kSha256);
  const std::string base64 = Base64Of(kSha256);
  std::string upper = hex;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  for (const std::string& value :
       {hex, upper, "SHA256=" + hex, "sha256=" + upper, "  Sha256= " + hex + " ", base64,
        "SHA256=" + base64, base64.substr(0, base64.size() - 1)}) {
    EXPECT_TRUE(authenticator->Accepts({value}, kData)) << value;
  }
}

TEST(HmacAuthenticator, RefusesAnyOtherBodyOrValue) {
  const auto authenticator = Signed();
  const std::string hex(kSha256);
  EXPECT_FALSE(authenticator->Accepts({hex}, "what do ya want for nothing? "));
  EXPECT_FALSE(authenticator->Accepts({}, kData));
  for (const std::string& value :
       {std::string(), std::string("SHA256="), hex.substr(2), hex + "00", "SHA512=" + hex,
        std::string("\xC3\xA9\xFF"), std::string(64, '0'), std::string(1 << 16, 'a'),
        Base64Of(hex.substr(0, 32)), std::string("\0", 1)}) {
    EXPECT_FALSE(authenticator->Accepts({value}, kData)) << absl::CEscape(value.substr(0, 80));
  }
}

// Case 45 of docs/user-cases.md: a body that was read and written again is another body, and one
// that is no JSON has a signature too.
TEST(HmacAuthenticator, ChecksTheBytesAndNotWhatTheyMean) {
  const std::string sent = "{ \"b\" : 1.0,\r\n\"a\":\"\\u00e9\" }";
  HmacScheme scheme;
  scheme.secrets = {std::string(kKey)};
  const auto authenticator = Signed(scheme);
  const std::string signature = SignatureOf(sent);
  EXPECT_TRUE(authenticator->Accepts({signature}, sent));
  for (const std::string& meaning_the_same :
       {std::string("{\"b\":1.0,\"a\":\"\\u00e9\"}"), std::string("{\"a\":\"\xC3\xA9\",\"b\":1}"),
        sent + "\n", sent.substr(0, sent.size() - 1)}) {
    EXPECT_FALSE(authenticator->Accepts({signature}, meaning_the_same)) << meaning_the_same;
  }
  const std::string bytes("\xFF\x00{", 3);
  EXPECT_TRUE(authenticator->Accepts({SignatureOf(bytes)}, bytes));
}

TEST(HmacAuthenticator, AcceptsEveryListedSecretWhileOneIsBeingReplaced) {
  HmacScheme scheme;
  scheme.secrets = {"the next one", std::string(kKey)};
  EXPECT_TRUE(Signed(scheme)->Accepts({kSha256}, kData));
  scheme.secrets = {"the next one"};
  EXPECT_FALSE(Signed(scheme)->Accepts({kSha256}, kData));
}

// Case 26 of the reports. In one line or in several, in every order, with and without spaces and
// prefixes.
TEST(HmacAuthenticator, AcceptsOneGoodSignatureAmongOthers) {
  const std::string good(kSha256);
  const std::string bad(64, '0');
  const auto authenticator = Signed();
  for (const std::string& value :
       {good + "," + bad, bad + "," + good, bad + " ,\t" + good,
        "SHA256=" + bad + ",SHA256=" + good, "SHA256=" + bad + "," + good, "," + good + ",",
        "nonsense," + good, bad + "," + bad + "," + good, bad + "," + Base64Of(kSha256)}) {
    EXPECT_TRUE(authenticator->Accepts({value}, kData)) << value;
    EXPECT_FALSE(authenticator->Accepts({value}, "another body")) << value;
  }
  EXPECT_TRUE(authenticator->Accepts({good, good}, kData));
  EXPECT_TRUE(authenticator->Accepts({bad, good}, kData));
  EXPECT_TRUE(authenticator->Accepts({good, bad}, kData));
  EXPECT_FALSE(authenticator->Accepts({bad, bad}, kData));
  for (const std::string& value :
       {bad + "," + bad, std::string(","), good.substr(0, 32) + "," + good.substr(32)}) {
    EXPECT_FALSE(authenticator->Accepts({value}, kData)) << value;
  }
}

// Every bit of a signature counts, in both writings; so does every bit of the body, and every
// length of either.
TEST(HmacAuthenticator, ComparesTheWholeSignature) {
  const auto authenticator = Signed();
  const std::string digest = absl::HexStringToBytes(std::string(kSha256));
  for (std::size_t i = 0; i < digest.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = digest;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(authenticator->Accepts({absl::BytesToHexString(flipped)}, kData)) << i;
      EXPECT_FALSE(authenticator->Accepts({absl::Base64Escape(flipped)}, kData)) << i;
    }
  }
  for (std::size_t size = 0; size < digest.size(); ++size) {
    EXPECT_FALSE(authenticator->Accepts({absl::BytesToHexString(digest.substr(0, size))}, kData));
    EXPECT_FALSE(authenticator->Accepts({absl::Base64Escape(digest.substr(0, size))}, kData));
  }
  for (std::size_t i = 0; i < kData.size(); ++i) {
    std::string body(kData);
    body[i] = static_cast<char>(body[i] ^ 1);
    EXPECT_FALSE(authenticator->Accepts({kSha256}, body)) << i;
    EXPECT_FALSE(authenticator->Accepts({kSha256}, kData.substr(0, i))) << i;
  }
}

TEST(HmacAuthenticator, ComparesTheWholeSignatureOfEveryAlgorithm) {
  const std::vector<std::pair<Hmac::Algorithm, const EVP_MD*>> algorithms = {
      {Hmac::ALGORITHM_HMAC_SHA_1, EVP_sha1()},
      {Hmac::ALGORITHM_HMAC_SHA_224, EVP_sha224()},
      {Hmac::ALGORITHM_HMAC_SHA_256, EVP_sha256()},
      {Hmac::ALGORITHM_HMAC_SHA_384, EVP_sha384()},
      {Hmac::ALGORITHM_HMAC_SHA_512, EVP_sha512()}};
  for (const auto& [algorithm, function] : algorithms) {
    HmacScheme scheme;
    scheme.algorithm = algorithm;
    const auto authenticator = Signed(scheme);
    const std::string good = SignatureOf(std::string(kData), function);
    EXPECT_TRUE(authenticator->Accepts({good}, kData));
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string flipped = good;
      flipped[i] = flipped[i] == '0' ? '1' : '0';
      EXPECT_FALSE(authenticator->Accepts({flipped}, kData)) << i;
    }
  }
}

TEST(BasicAuthenticator, ComparesTheWholePair) {
  const std::string pair = "user:password";
  const auto authenticator = Basic({{"user", "password"}});
  for (std::size_t i = 0; i < pair.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = pair;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(authenticator->Accepts({"Basic " + absl::Base64Escape(flipped)}, "")) << i;
    }
    EXPECT_FALSE(authenticator->Accepts({"Basic " + absl::Base64Escape(pair.substr(0, i))}, ""));
  }
  EXPECT_FALSE(authenticator->Accepts({"Basic " + absl::Base64Escape(pair + pair)}, ""));
}

TEST(HmacAuthenticator, KeepsToTheEncodingThatIsSet) {
  HmacScheme scheme;
  scheme.encoding = Hmac::ENCODING_HEX;
  EXPECT_TRUE(Signed(scheme)->Accepts({kSha256}, kData));
  EXPECT_FALSE(Signed(scheme)->Accepts({Base64Of(kSha256)}, kData));
  scheme.encoding = Hmac::ENCODING_BASE64;
  EXPECT_FALSE(Signed(scheme)->Accepts({kSha256}, kData));
  EXPECT_TRUE(Signed(scheme)->Accepts({Base64Of(kSha256)}, kData));
}

TEST(HmacAuthenticator, KnowsEveryAlgorithm) {
  // RFC 4231 and RFC 2202, test case 2.
  const std::vector<std::pair<Hmac::Algorithm, std::string>> vectors = {
      {Hmac::ALGORITHM_HMAC_SHA_1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
      {Hmac::ALGORITHM_HMAC_SHA_224, "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44"},
      {Hmac::ALGORITHM_HMAC_SHA_256, std::string(kSha256)},
      {Hmac::ALGORITHM_HMAC_SHA_384,
       "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
       "8e2240ca5e69e2c78b3239ecfab21649"},
      {Hmac::ALGORITHM_HMAC_SHA_512,
       "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
       "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"}};
  for (const auto& [algorithm, signature] : vectors) {
    HmacScheme scheme;
    scheme.header = "X-Signature";
    scheme.algorithm = algorithm;
    const auto authenticator = Signed(scheme);
    EXPECT_EQ(authenticator->header(), "X-Signature");
    EXPECT_TRUE(authenticator->Accepts({signature}, kData)) << signature;
    EXPECT_FALSE(authenticator->Accepts({signature}, "")) << signature;
  }
}

TEST(Authenticators, RefuseToBeMadeWithoutASecret) {
  EXPECT_EQ(MakeBasicAuthenticator({}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MakeBasicAuthenticator({{"user", ""}}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MakeBasicAuthenticator({{"a", "b"}, {"", "c"}}).status().code(),
            absl::StatusCode::kInvalidArgument);
  HmacScheme scheme;
  scheme.header = kHeader;
  EXPECT_EQ(MakeHmacAuthenticator(scheme).status().code(), absl::StatusCode::kInvalidArgument);
  scheme.secrets = {"good", ""};
  const auto status = MakeHmacAuthenticator(scheme).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("secret_files[1]"));
  EXPECT_EQ(MakeOpenAuthenticator("  ").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Authenticators, RefuseToBeMadeForASignatureInNoHeader) {
  HmacScheme scheme;
  scheme.secrets = {std::string(kKey)};
  const auto status = MakeHmacAuthenticator(scheme).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("webhook.hmac.header"));
}

TEST(HmacAuthenticator, TakesAwayNoPrefixIfItKnowsNone) {
  HmacScheme scheme;
  scheme.header = kHeader;
  scheme.secrets = {std::string(kKey)};
  const auto authenticator = MakeHmacAuthenticator(scheme);
  ASSERT_TRUE(authenticator.ok()) << authenticator.status();
  const std::string hex(kSha256);
  EXPECT_TRUE((*authenticator)->Accepts({hex}, kData));
  EXPECT_FALSE((*authenticator)->Accepts({"SHA256=" + hex}, kData));
}

TEST(OpenAuthenticator, AcceptsEverythingAndSaysWhyInTheSettings) {
  const auto authenticator = MakeOpenAuthenticator("mutual TLS at the proxy");
  ASSERT_TRUE(authenticator.ok());
  EXPECT_TRUE((*authenticator)->Accepts({}, "anything"));
}

}  // namespace
}  // namespace callbridge::webhook
