// What is refused of listeners and of the webhooks' authentication.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using testing::HasSubstr;

TEST(ParseSettings, WantsProtectionBeyondThisMachine) {
  EXPECT_EQ(ProblemsWith("grpc: {listen: \"0.0.0.0:50051\"}"),
            "settings.yaml:17:8: grpc.listen: is plain text beyond this machine; listen on "
            "127.0.0.1 or unix:, set grpc.tls, or say in grpc.protected_by what protects the port");
  EXPECT_THAT(ProblemsWith("inbox: {listen: \"10.0.0.1:50052\"}"),
              HasSubstr("or say in inbox.protected_by"));
  EXPECT_THAT(ProblemsWith("grpc: {listen: \"0.0.0.0:50051\", protected_by: yes}"),
              HasSubstr("grpc.protected_by: must say in words"));
  MustParse(std::string(kGoodYaml) +
            "grpc: {listen: \"0.0.0.0:50051\", protected_by: mesh sidecar terminates TLS}");
  MustParse(std::string(kGoodYaml) +
            "grpc: {listen: \"0.0.0.0:1\", tls: {certificate_file: a, key_file: b, "
            "client_ca_file: c}}");
  MustParse(std::string(kGoodYaml) + "grpc: {listen: \"unix:/run/api.sock\"}");
}

TEST(ParseSettings, WantsWholeTls) {
  const std::string problems = ProblemsWith("grpc: {tls: {certificate_file: a}}");
  EXPECT_THAT(problems, HasSubstr("grpc.tls.key_file: required"));
  EXPECT_THAT(problems, HasSubstr("grpc.tls.client_ca_file: required"));
}

TEST(ParseSettings, KeepsThePortsApart) {
  EXPECT_THAT(ProblemsWith("inbox: {listen: \"127.0.0.1:50051\"}"),
              HasSubstr("17:9: inbox.listen: is the same address as grpc.listen"));
  EXPECT_THAT(ProblemsWith("grpc: {listen: \"localhost:8081\"}"),
              HasSubstr("webhook.listen: is the same address as grpc.listen"));
  MustParse(std::string(kGoodYaml) +
            "grpc: {listen: \"127.0.0.1:0\"}\ninbox: {listen: \"127.0.0.1:50051\"}");
  EXPECT_THAT(
      ProblemsWith("inbox: {listen: \"127.0.0.1:0\"}"),
      HasSubstr("inbox.listen: must name a port, because otherwise the ingress could not find it"));
}

TEST(ParseSettings, RefusesAddressesThatAreNone) {
  EXPECT_THAT(ProblemsWith("grpc: {listen: \"50051\"}"), HasSubstr("grpc.listen: must be "));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("webhook:", "webhook:\n  listen: unix:a\n  path: events")),
              testing::AllOf(HasSubstr("9:3: webhook.listen: must be \"host:port\""),
                             HasSubstr("10:3: webhook.path: must be a path")));
}

TEST(ParseSettings, FailsClosedOnWebhooksWithoutAuthentication) {
  EXPECT_THAT(ProblemsOf(GoodYamlWith("- {username: infobip, password_file: password}", "[]")),
              HasSubstr("webhook.basic.credentials"));
  EXPECT_THAT(ProblemsOf(GoodYamlWith("username: infobip", "username: \"a:b\"")),
              HasSubstr("webhook.basic.credentials[0].username: must not contain \":\""));
  const std::string basic =
      "  basic:\n    credentials:\n      - {username: infobip, password_file: password}\n";
  EXPECT_THAT(ProblemsOf(GoodYamlWith(basic, "  hmac: {}\n")),
              HasSubstr("webhook.hmac.secret_files: required"));
  EXPECT_THAT(ProblemsOf(GoodYamlWith(basic, "  protected_by: nothing\n")),
              HasSubstr("webhook.protected_by: must say in words"));
  const Settings settings = MustParse(GoodYamlWith(basic, "  hmac: {secret_files: [a]}\n"));
  EXPECT_EQ(settings.webhook().hmac().header(), "X-Ib-Hmac-Signature");
  EXPECT_EQ(settings.webhook().hmac().prefix(), "SHA256=");
  EXPECT_EQ(settings.webhook().hmac().algorithm(),
            config::v1::Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_256);
}

// Basic's passwords and the numbers of callers must cross no network in plain text.
TEST(ParseSettings, WantsTlsForWebhooksBeyondThisMachine) {
  const auto with = [](const std::string& lines) {
    return GoodYamlWith("webhook:", "webhook:\n  listen: \"0.0.0.0:8081\"\n" + lines);
  };
  EXPECT_EQ(ProblemsOf(with("")),
            "settings.yaml:9:3: webhook.listen: is plain text beyond this machine; listen on "
            "127.0.0.1, set webhook.tls, or say in webhook.proxy.terminates_tls what ends TLS in "
            "front of it");
  EXPECT_THAT(ProblemsOf(with("  proxy: {addresses: [10.0.0.1]}\n")), HasSubstr("is plain text"));
  EXPECT_THAT(ProblemsOf(with("  proxy: {terminates_tls: nginx}\n")),
              HasSubstr("webhook.proxy.terminates_tls: must say in words"));
  MustParse(with("  proxy: {terminates_tls: nginx on the edge ends TLS}\n"));
  MustParse(with("  tls: {certificate_file: a, key_file: b}\n"));
  MustParse(GoodYamlWith("webhook:", "webhook:\n  listen: \"[::1]:8081\""));
}

TEST(ParseSettings, WantsTheCertificatesThatAuthenticate) {
  const std::string basic =
      "  basic:\n    credentials:\n      - {username: infobip, password_file: password}\n";
  const auto with = [&basic](const std::string& lines) {
    return GoodYamlWith(basic, "  client_certificate: {}\n" + lines);
  };
  EXPECT_THAT(ProblemsOf(with("")),
              HasSubstr("webhook.client_certificate: needs webhook.tls.client_ca_file"));
  EXPECT_THAT(ProblemsOf(with("  tls: {certificate_file: a, key_file: b}\n")),
              HasSubstr("webhook.client_certificate: needs webhook.tls.client_ca_file"));
  const std::string files = "  tls: {certificate_file: a, key_file: b, client_ca_file: c";
  EXPECT_THAT(ProblemsOf(with(files + ", client_certificates: optional}\n")),
              HasSubstr("webhook.tls.client_certificates: required"));
  MustParse(with(files + ", client_certificates: required}\n"));
  EXPECT_EQ(MustParse(with(files + "}\n")).webhook().tls().client_certificates(),
            config::v1::WebhookTls::CLIENT_CERTIFICATES_REQUIRED);
}

TEST(ParseSettings, WarnsOfASignatureThatDecidesNothing) {
  const std::string trial = "  report_only: {secret_files: [a]}\n";
  const auto loaded = ParseWithWarnings(
      GoodYamlWith("webhook:", "webhook:\n  report_only: {secret_files: [a]}"), "settings.yaml");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->warnings,
              testing::Contains(HasSubstr("webhook.report_only: refuses no request")));
  EXPECT_EQ(loaded->settings.webhook().report_only().header(), "X-Ib-Hmac-Signature");
  EXPECT_EQ(loaded->settings.webhook().report_only().prefix(), "SHA256=");
  // Words alone must not let a whole network in.
  const std::string basic =
      "  basic:\n    credentials:\n      - {username: infobip, password_file: password}\n";
  const std::string open = "  protected_by: nothing else yet\n" + trial;
  MustParse(GoodYamlWith(basic, open));
  EXPECT_THAT(ProblemsOf(GoodYamlWith(basic, open + "  listen: \"0.0.0.0:8081\"\n")),
              HasSubstr("webhook.report_only: lets every request in"));
}

TEST(ParseSettings, KnowsUnderWhichUrlTheProviderReachesTheIngress) {
  const auto with = [](const std::string& lines) {
    return GoodYamlWith("webhook:", "webhook:\n" + lines);
  };
  for (const char* url : {"http://hooks.example.com", "hooks.example.com", "https://a.example/x?y",
                          "https://user@a.example", "ftp://a.example", "https://a.example/#x"}) {
    EXPECT_THAT(ProblemsOf(with("  public_url: \"" + std::string(url) + "\"")),
                HasSubstr("webhook.public_url: must be"))
        << url;
  }
  EXPECT_EQ(MustParse(with("  public_url: https://a.example/voice/")).webhook().public_url(),
            "https://a.example/voice");
  EXPECT_EQ(MustParse(with("  public_url: http://127.0.0.1:8081")).webhook().public_url(),
            "http://127.0.0.1:8081");
}

TEST(ParseSettings, GivesTheSecondPathThatOfTheFirst) {
  EXPECT_EQ(MustParse(kGoodYaml).webhook().receive_path(), "/infobip/events");
  EXPECT_EQ(MustParse(GoodYamlWith("webhook:", "webhook:\n  path: /a")).webhook().receive_path(),
            "/a");
  EXPECT_EQ(
      MustParse(GoodYamlWith("webhook:", "webhook:\n  receive_path: /b")).webhook().receive_path(),
      "/b");
}

TEST(ParseSettings, RefusesProxiesThatAreNoAddresses) {
  for (const char* address : {"proxy.example.com", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.1:80"}) {
    EXPECT_THAT(ProblemsOf(GoodYamlWith("webhook:", "webhook:\n  proxy: {addresses: [\"" +
                                                        std::string(address) + "\"]}")),
                HasSubstr("webhook.proxy.addresses[0]: must be an IP address"))
        << address;
  }
}

TEST(ParseSettings, LeavesTheHealthPathsToTheIngress) {
  for (const char* path : {"/livez", "/readyz"}) {
    EXPECT_THAT(ProblemsOf(GoodYamlWith("webhook:", std::string("webhook:\n  path: ") + path)),
                HasSubstr("9:3: webhook.path: is a path on which the ingress answers probes"));
  }
  MustParse(GoodYamlWith("webhook:", "webhook:\n  path: /livez/events"));
}

TEST(ParseSettings, GivesEveryAlgorithmItsPrefix) {
  const std::string basic =
      "  basic:\n    credentials:\n      - {username: infobip, password_file: password}\n";
  for (const auto& [algorithm, prefix] :
       std::map<std::string, std::string>{{"hmac_sha_1", "SHA1="},
                                          {"hmac_sha_224", "SHA224="},
                                          {"hmac_sha_256", "SHA256="},
                                          {"hmac_sha_384", "SHA384="},
                                          {"hmac_sha_512", "SHA512="}}) {
    const Settings settings = MustParse(
        GoodYamlWith(basic, "  hmac: {secret_files: [a], algorithm: " + algorithm + "}\n"));
    EXPECT_EQ(settings.webhook().hmac().prefix(), prefix);
  }
}

}  // namespace
}  // namespace callbridge::settings
