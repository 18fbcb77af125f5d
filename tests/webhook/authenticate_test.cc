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
  if (scheme.secrets.empty()) scheme.secrets = {std::string(kKey)};
  auto made = MakeHmacAuthenticator(std::move(scheme));
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

std::string Base64Of(std::string_view hex) {
  return absl::Base64Escape(absl::HexStringToBytes(std::string(hex)));
}

// Of the body, with the test's key, in hex; made by the library that any sender may use.
std::string SignatureOf(const std::string& body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), kKey.data(), static_cast<int>(kKey.size()),
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
  EXPECT_EQ(authenticator->header(), "X-Ib-Hmac-Signature");
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
  EXPECT_FALSE(authenticator->Accepts({hex, hex}, kData));
  for (const std::string& value :
       {std::string(), std::string("SHA256="), hex.substr(2), hex + "00", "SHA512=" + hex,
        std::string("\xC3\xA9\xFF"), std::string(64, '0'), std::string(1 << 16, 'a'),
        Base64Of(hex.substr(0, 32)), std::string("\0", 1)}) {
    EXPECT_FALSE(authenticator->Accepts({value}, kData)) << absl::CEscape(value.substr(0, 80));
  }
}

// Case 45 of docs/user-cases.md: a body that was read and written again is another body, and one that is no JSON has a signature too.
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
  EXPECT_EQ(MakeHmacAuthenticator({}).status().code(), absl::StatusCode::kInvalidArgument);
  HmacScheme scheme;
  scheme.secrets = {"good", ""};
  const auto status = MakeHmacAuthenticator(scheme).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("secret_files[1]"));
  EXPECT_EQ(MakeOpenAuthenticator("  ").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(OpenAuthenticator, AcceptsEverythingAndSaysWhyInTheSettings) {
  const auto authenticator = MakeOpenAuthenticator("mutual TLS at the proxy");
  ASSERT_TRUE(authenticator.ok());
  EXPECT_TRUE((*authenticator)->Accepts({}, "anything"));
}

}  // namespace
}  // namespace callbridge::webhook
