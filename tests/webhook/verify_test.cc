// What is said of a captured request: the part that fails, and the settings that would fit. Every
// way of writing a signature is found, and no secret and no value is ever shown.
#include "webhook/verify.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/ingress_limits.h"

namespace callbridge::webhook {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kCapturedBody[] =
    R"({"type":"CALL_RINGING","callId":"c1","timestamp":"2026-01-15T12:00:00Z"})";
constexpr char kRightSecret[] = "the-right-secret";
constexpr char kSignatureHeader[] = "X-Ib-Hmac-Signature";

config::v1::Webhook CaptureSettings() {
  config::v1::Webhook settings;
  settings.set_path("/infobip/events");
  settings.set_receive_path("/infobip/events");
  settings.mutable_hmac();
  return settings;
}

HmacScheme CaptureScheme() {
  HmacScheme scheme;
  scheme.header = kSignatureHeader;
  scheme.prefix = "SHA256=";
  scheme.algorithm = Hmac::ALGORITHM_HMAC_SHA_256;
  scheme.secrets = {"an-older-secret", kRightSecret};
  return scheme;
}

std::string HexSignature(Hmac::Algorithm algorithm, const std::string& secret = kRightSecret,
                         const std::string& body = kCapturedBody) {
  return absl::BytesToHexString(Sign(algorithm, secret, body));
}

Verdict VerdictOf(const std::string& headers, const std::string& body = kCapturedBody,
                  const HmacScheme& scheme = CaptureScheme()) {
  const auto request = ReadCapturedRequest("POST /infobip/events HTTP/1.1\r\nHost: test\r\n" +
                                           headers + "\r\n" + body);
  EXPECT_TRUE(request.ok()) << request.status();
  WebhookSecrets credentials;
  credentials.hmac = scheme;
  Verdict verdict = Verify(*request, CaptureSettings(), credentials);
  EXPECT_THAT(verdict.text, AllOf(Not(HasSubstr(kRightSecret)), Not(HasSubstr("an-older-secret"))));
  return verdict;
}

std::string HeaderLine(const std::string& name, const std::string& value) {
  return name + ": " + value + "\r\n";
}

TEST(Verify, SaysThatARightSignatureFits) {
  const Verdict verdict = VerdictOf(
      HeaderLine(kSignatureHeader, "SHA256=" + HexSignature(Hmac::ALGORITHM_HMAC_SHA_256)));
  EXPECT_TRUE(verdict.accepted);
  EXPECT_THAT(verdict.text,
              AllOf(HasSubstr("webhook.hmac: the signature fits"), HasSubstr("body: 1 event\n"),
                    HasSubstr("CALL_RINGING"), HasSubstr("would take this request")));
}

// Every algorithm, encoding, prefix and header: found, whatever the settings say, and the settings
// that are told are accepted.
TEST(Verify, FindsEveryWayToWriteASignature) {
  for (int number = 1; number < Hmac::Algorithm_ARRAYSIZE; ++number) {
    const auto algorithm = static_cast<Hmac::Algorithm>(number);
    for (const bool base64 : {false, true}) {
      for (const std::string prefix : {"", "sha1=", "v1:", "HMAC_SHA="}) {
        for (const std::string header : {kSignatureHeader, "X-Other"}) {
          const std::string bytes = Sign(algorithm, kRightSecret, kCapturedBody);
          const std::string value =
              prefix + (base64 ? absl::Base64Escape(bytes) : absl::BytesToHexString(bytes));
          const Verdict verdict = VerdictOf(HeaderLine(header, value));
          HmacScheme fitting = CaptureScheme();
          fitting.header = header;
          fitting.prefix = prefix;
          fitting.algorithm = algorithm;
          fitting.encoding = base64 ? Hmac::ENCODING_BASE64 : Hmac::ENCODING_HEX;
          EXPECT_TRUE(VerdictOf(HeaderLine(header, value), kCapturedBody, fitting).accepted)
              << value;
          EXPECT_THAT(verdict.text, Not(HasSubstr(value.substr(prefix.size())))) << value;
          if (verdict.accepted) continue;
          std::string name = Hmac::Algorithm_Name(algorithm).substr(sizeof("ALGORITHM_") - 1);
          absl::AsciiStrToLower(&name);
          EXPECT_THAT(verdict.text,
                      AllOf(HasSubstr("with secret_files[1]"), HasSubstr("header: " + header),
                            HasSubstr(base64 ? "encoding: base64" : "encoding: hex"),
                            HasSubstr("algorithm: " + name),
                            HasSubstr(prefix.empty() ? "header" : "prefix: \"" + prefix + "\"")))
              << value;
        }
      }
    }
  }
}

// VerdictOf looks for the secrets in what is said.
TEST(Verify, ShowsNoSecretThatStandsWhereNoValueIsExpected) {
  EXPECT_THAT(VerdictOf(HeaderLine(std::string("X-") + kRightSecret, "1")).text,
              HasSubstr("headers: Host, X-(a secret)"));
  EXPECT_THAT(
      VerdictOf("", R"({"type":"an-older-secret","callId":"c","timestamp":"2026-01-15T10:00:00Z"})")
          .text,
      HasSubstr("(a secret)"));
  WebhookSecrets basic;
  basic.basic = {{"infobip", "the-password"}};
  config::v1::Webhook settings;
  settings.mutable_basic();
  const auto request = ReadCapturedRequest("the-password: 1\r\n\r\n{}");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(Verify(*request, settings, basic).text, Not(HasSubstr("the-password")));
}

TEST(Verify, NamesThePartThatFails) {
  const std::string right = HexSignature(Hmac::ALGORITHM_HMAC_SHA_256);
  const auto text = [](const std::string& headers, HmacScheme scheme = CaptureScheme()) {
    const Verdict verdict = VerdictOf(headers, kCapturedBody, scheme);
    EXPECT_FALSE(verdict.accepted);
    return verdict.text;
  };
  EXPECT_THAT(text(""), AllOf(HasSubstr("the header X-Ib-Hmac-Signature is missing"),
                              HasSubstr("no header has the form of a signature")));
  EXPECT_THAT(text(HeaderLine(kSignatureHeader, "")), HasSubstr("X-Ib-Hmac-Signature is empty"));
  EXPECT_THAT(text(HeaderLine(kSignatureHeader, "v1=" + right)),
              HasSubstr("prefix: the value begins with \"v1=\", and the settings expect "
                        "\"SHA256=\""));
  HmacScheme base64 = CaptureScheme();
  base64.encoding = Hmac::ENCODING_BASE64;
  EXPECT_THAT(text(HeaderLine(kSignatureHeader, right), base64),
              HasSubstr("encoding: the value is written as hex, and the settings expect base64"));
  EXPECT_THAT(text(HeaderLine(kSignatureHeader, HexSignature(Hmac::ALGORITHM_HMAC_SHA_1))),
              HasSubstr("algorithm: the value has 20 bytes, and hmac_sha_256 makes 32"));
  EXPECT_THAT(text(HeaderLine(kSignatureHeader, std::string(32, 'a'))), HasSubstr("like HMAC_MD5"));
  EXPECT_THAT(text(HeaderLine(kSignatureHeader, "nothing of the kind")),
              HasSubstr("encoding: the value of X-Ib-Hmac-Signature is no signature"));
  EXPECT_THAT(text(HeaderLine(kSignatureHeader,
                              HexSignature(Hmac::ALGORITHM_HMAC_SHA_256, "wrong-secret"))),
              AllOf(HasSubstr("digest: "), HasSubstr("the secret is another one"),
                    HasSubstr("may be a signature: 32 bytes, hex")));
}

// No hand-over takes so many as a whole, so the ingress answers 413.
TEST(Verify, SaysThatABodyOfTooManyEventsIsRefused) {
  std::string body = "[{}";
  for (int i = 0; i < base::kInboxBatchMax; ++i) body += ",{}";
  body += "]";
  const std::string signature =
      "SHA256=" + HexSignature(Hmac::ALGORITHM_HMAC_SHA_256, kRightSecret, body);
  const Verdict verdict = VerdictOf(HeaderLine(kSignatureHeader, signature), body);
  EXPECT_FALSE(verdict.accepted);
  EXPECT_THAT(verdict.text, AllOf(HasSubstr("the signature fits"), HasSubstr("body: refused"),
                                  HasSubstr("would refuse")));
}

// "Basic", a space and a credential may decode to as many bytes as a signature has.
TEST(Verify, TakesNoCredentialForASignature) {
  const std::string credential = "Basic " + std::string(38, 'Q') + "=";
  const Verdict verdict = VerdictOf(HeaderLine("Authorization", credential));
  EXPECT_FALSE(verdict.accepted);
  EXPECT_THAT(verdict.text, HasSubstr("no header has the form of a signature"));
}

TEST(Verify, SeesThatTheCaptureAddedALineBreak) {
  const Verdict verdict =
      VerdictOf(HeaderLine(kSignatureHeader, HexSignature(Hmac::ALGORITHM_HMAC_SHA_256)),
                std::string(kCapturedBody) + "\r\n");
  EXPECT_FALSE(verdict.accepted);
  EXPECT_THAT(verdict.text, HasSubstr("over the body without the line break at its end"));
}

TEST(Verify, TakesNoCredentialOfAuthorizationForASignature) {
  const Verdict verdict = VerdictOf(
      HeaderLine("Authorization", "Basic " + absl::Base64Escape("infobip:twenty-four-bytes-long")));
  EXPECT_THAT(verdict.text, HasSubstr("no header has the form of a signature"));
}

TEST(Verify, NamesThePartOfBasicThatFails) {
  config::v1::Webhook settings = CaptureSettings();
  settings.mutable_basic();
  const auto verdict = [&settings](const std::string& headers) {
    const auto request = ReadCapturedRequest("Host: test\r\n" + headers + "\r\n" + kCapturedBody);
    EXPECT_TRUE(request.ok()) << request.status();
    WebhookSecrets credentials;
    credentials.basic = {{"infobip", "the-password"}};
    Verdict told = Verify(*request, settings, credentials);
    EXPECT_THAT(told.text, AllOf(Not(HasSubstr("the-password")), Not(HasSubstr("the-guess"))));
    return told;
  };
  const auto basic = [](const std::string& pair) {
    return HeaderLine("Authorization", "Basic " + absl::Base64Escape(pair));
  };
  EXPECT_TRUE(verdict(basic("infobip:the-password")).accepted);
  EXPECT_THAT(verdict("").text, HasSubstr("the header Authorization is missing"));
  EXPECT_THAT(verdict(basic("a:b") + basic("a:b")).text, HasSubstr("more than once"));
  EXPECT_THAT(verdict(HeaderLine("Authorization", "Bearer x")).text, HasSubstr("scheme: "));
  EXPECT_THAT(verdict(HeaderLine("Authorization", "Basic ???")).text, HasSubstr("encoding: "));
  EXPECT_THAT(verdict(basic("the-guess")).text, HasSubstr("user: no \":\""));
  EXPECT_THAT(verdict(basic("the-guess:the-guess")).text, HasSubstr("user: the user name is none"));
  EXPECT_THAT(verdict(basic("infobip:the-guess")).text, HasSubstr("password: it is not"));
}

TEST(Verify, JudgesTheHeadAndTheTrialAsWell) {
  config::v1::Webhook settings = CaptureSettings();
  settings.set_protected_by("a test protects it");
  settings.set_receive_path("/calls");
  WebhookSecrets credentials;
  credentials.report_only = CaptureScheme();
  const auto verdict = [&](const std::string& first, const std::string& headers) {
    const auto request = ReadCapturedRequest(first + "Host: test\r\n" + headers + "\r\n[1]");
    EXPECT_TRUE(request.ok()) << request.status();
    return Verify(*request, settings, credentials);
  };
  for (const char* path : {"/infobip/events", "/calls"}) {
    const Verdict accepted = verdict("POST " + std::string(path) + " HTTP/1.1\r\n", "");
    EXPECT_TRUE(accepted.accepted) << path;
    EXPECT_THAT(accepted.text, AllOf(HasSubstr("webhook.report_only: refused: the header"),
                                     HasSubstr("cannot be read: it is not an object")));
  }
  EXPECT_THAT(verdict("POST /elsewhere HTTP/1.1\r\n", "").text,
              HasSubstr("head: refused: this path"));
  EXPECT_FALSE(verdict("GET /livez HTTP/1.1\r\n", "").accepted);
  EXPECT_THAT(verdict("", "Content-Encoding: gzip\r\n").text, HasSubstr("the body is compressed"));
}

}  // namespace
}  // namespace callbridge::webhook
