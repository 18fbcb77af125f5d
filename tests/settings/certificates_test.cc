// What is said of the ingress's TLS files before it listens.
#include "server/settings/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>

#include "server/settings/files.h"
#include "tests/api/certificates.h"
#include "tests/settings/folder.h"

namespace callbridge::settings {
namespace {

using config::v1::Settings;
using config::v1::WebhookTls;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Findings CheckIngress(const WebhookTls& tls, const std::string& public_url = "https://localhost") {
  Settings settings;
  *settings.mutable_webhook()->mutable_tls() = tls;
  settings.mutable_webhook()->set_public_url(public_url);
  Findings findings = CheckFiles(settings, Process::kWebhook);
  // The test's keys are readable by all.
  std::erase_if(findings.warnings, [](const Finding& finding) {
    return finding.description.find("chmod") != std::string::npos;
  });
  return findings;
}

auto Says(const std::string& path, const std::string& first, const std::string& second) {
  return AllOf(Field(&Finding::path, path),
               Field(&Finding::description, AllOf(HasSubstr(first), HasSubstr(second))));
}

TEST(CheckCertificates, TakesAPairOfFiles) {
  const tests::Certificates made;
  for (const bool clients : {false, true}) {
    WebhookTls tls = made.IngressFiles();
    if (clients) tls.set_client_ca_file(made.ServerFiles().client_ca_file());
    const Findings findings = CheckIngress(tls);
    EXPECT_THAT(findings.violations, IsEmpty());
    EXPECT_THAT(findings.warnings, IsEmpty());
  }
}

TEST(CheckCertificates, NamesTheFieldTheFileAndTheRemedy) {
  const tests::Certificates made;
  const tests::Certificates others;
  const Folder folder;
  WebhookTls tls = made.IngressFiles();
  tls.set_certificate_file(folder.Path("none.pem"));
  EXPECT_THAT(CheckIngress(tls).violations,
              ElementsAre(Says("webhook.tls.certificate_file", "none.pem", "correct the path")));
  tls = made.IngressFiles();
  tls.set_certificate_file(tls.key_file());
  EXPECT_THAT(CheckIngress(tls).violations,
              ElementsAre(Says("webhook.tls.certificate_file", "server.key", "no certificate")));
  tls = made.IngressFiles();
  tls.set_key_file(tls.certificate_file());
  EXPECT_THAT(CheckIngress(tls).violations,
              ElementsAre(Says("webhook.tls.key_file", "server.pem", "without a passphrase")));
  tls = made.IngressFiles();
  tls.set_key_file(others.IngressFiles().key_file());
  EXPECT_THAT(CheckIngress(tls).violations,
              ElementsAre(Says("webhook.tls.key_file", "is not the key of the certificate in",
                               "server.pem")));
  tls = made.IngressFiles();
  tls.set_client_ca_file(tls.key_file());
  EXPECT_THAT(CheckIngress(tls).violations,
              ElementsAre(Says("webhook.tls.client_ca_file", "server.key", "authorities")));
}

// It would be asked for on the terminal of whoever starts the program.
TEST(CheckCertificates, RefusesAKeyWithAPassphrase) {
  const tests::Certificates made;
  const Folder folder;
  WebhookTls tls = made.IngressFiles();
  tls.set_key_file(folder.Write("key",
                                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8GCSqGSIb3\n"
                                "-----END ENCRYPTED PRIVATE KEY-----\n"));
  EXPECT_THAT(CheckIngress(tls).violations,
              ElementsAre(Says("webhook.tls.key_file", "without a passphrase", "openssl pkey")));
}

TEST(CheckCertificates, WarnsOfACertificateThatClientsRefuse) {
  const tests::Certificates expired{-std::chrono::hours(1)};
  EXPECT_THAT(CheckIngress(expired.IngressFiles()).warnings,
              ElementsAre(Says("webhook.tls.certificate_file", "has expired", "renew")));
  const tests::Certificates made;
  for (const char* url :
       {"https://hooks.example.com", "https://192.0.2.1", "https://[2001:db8::1]"}) {
    const Findings findings = CheckIngress(made.IngressFiles(), url);
    EXPECT_THAT(findings.violations, IsEmpty());
    EXPECT_THAT(findings.warnings,
                ElementsAre(Says("webhook.tls.certificate_file", "does not name the host",
                                 "webhook.public_url")));
  }
  EXPECT_THAT(CheckIngress(made.IngressFiles(), "").warnings, IsEmpty());
}

TEST(CheckCertificates, JudgesThoseOfTheApiToo) {
  const tests::Certificates made;
  const tests::Certificates others;
  Settings settings;
  *settings.mutable_grpc()->mutable_tls() = made.ServerFiles();
  EXPECT_THAT(CheckFiles(settings, Process::kServer).violations, IsEmpty());
  settings.mutable_grpc()->mutable_tls()->set_key_file(others.ServerFiles().key_file());
  EXPECT_THAT(
      CheckFiles(settings, Process::kServer).violations,
      ElementsAre(Says("grpc.tls.key_file", "is not the key of the certificate in", "server.pem")));
  EXPECT_THAT(CheckFiles(settings, Process::kWebhook).violations, IsEmpty());
}

TEST(CheckCertificates, LeavesTheFilesToTheProcessThatReadsThem) {
  Settings settings;
  settings.mutable_webhook()->mutable_tls()->set_certificate_file("/none");
  EXPECT_THAT(CheckFiles(settings, Process::kServer).violations, IsEmpty());
  settings.mutable_webhook()->set_in_server(true);
  EXPECT_THAT(CheckFiles(settings, Process::kServer).violations, testing::SizeIs(1));
}

}  // namespace
}  // namespace callbridge::settings
