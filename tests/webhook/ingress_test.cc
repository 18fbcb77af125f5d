#include "webhook/ingress.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "server/base/log.h"
#include "tests/api/certificates.h"
#include "tests/webhook/held_sink.h"
#include "tests/webhook/http_client.h"
#include "tests/webhook/inbox_server.h"
#include "tests/webhook/tls_client.h"
#include "webhook/local_inbox_sink.h"
#include "webhook/port_file.h"

namespace callbridge::webhook {
namespace {

constexpr std::string_view kRinging =
    R"({"type":"CALL_RINGING","callId":"c1","timestamp":"2026-01-15T12:00:00Z"})";

class IngressTest : public testing::Test {
 protected:
  IngressTest() {
    settings_.set_listen("localhost:0");
    settings_.set_path("/events");
  }

  std::string SecretFile(const std::string& name, const std::string& content) {
    const std::filesystem::path path = server_.folder() / name;
    std::ofstream(path) << content;
    return path.string();
  }

  InboxServer server_;
  config::v1::Webhook settings_;
  HeldSink sink_;
  const base::ServiceClock clock_;
};

TEST_F(IngressTest, AuthenticatesBySecretsInFiles) {
  for (const char* password : {"old", "new"}) {
    auto* credential = settings_.mutable_basic()->add_credentials();
    credential->set_username("infobip");
    credential->set_password_file(SecretFile(password, std::string(password) + "\n"));
  }
  const auto ingress = Ingress::Start(settings_, sink_, clock_);
  ASSERT_TRUE(ingress.ok()) << ingress.status();
  HttpClient client((*ingress)->port());
  for (const auto& [pair, status] :
       {std::pair("infobip:old", 200), std::pair("infobip:new", 200), std::pair("infobip:", 401)}) {
    client.Send(
        Post("/events", "Authorization: Basic " + absl::Base64Escape(pair) + "\r\n", kRinging));
    EXPECT_EQ(client.Receive().status, status) << pair;
  }
  client.Close();
}

TEST_F(IngressTest, RefusesToStartWithoutAGoodSecret) {
  EXPECT_EQ(Ingress::Start(settings_, sink_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument);
  settings_.mutable_hmac()->set_header("X-Ib-Hmac-Signature");
  settings_.mutable_hmac()->set_prefix("SHA256=");
  settings_.mutable_hmac()->add_secret_files(SecretFile("empty", "\n"));
  EXPECT_FALSE(Ingress::Start(settings_, sink_, clock_).ok());
  settings_.mutable_hmac()->set_secret_files(0, (server_.folder() / "missing").string());
  EXPECT_FALSE(Ingress::Start(settings_, sink_, clock_).ok());
  settings_.mutable_hmac()->set_secret_files(0, SecretFile("good", "secret"));
  EXPECT_TRUE(Ingress::Start(settings_, sink_, clock_).ok());
  settings_.set_listen("unix:/run/callbridge.sock");
  EXPECT_EQ(Ingress::Start(settings_, sink_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(IngressTest, HandsOverWithinTheServersProcess) {
  settings_.set_protected_by("a test");
  store::Store& store = server_.store();
  const inbox::FixedCalls calls("442079460001");
  inbox::Intake intake({"bridge", "bridge-prod"}, store, calls);
  const auto sink =
      MakeLocalInboxSink([&intake, this](const std::vector<internal::v1::InboxItem>& items) {
        return intake.Append(items, clock_.Now());
      });
  const auto ingress = Ingress::Start(settings_, *sink, clock_);
  ASSERT_TRUE(ingress.ok()) << ingress.status();
  HttpClient client((*ingress)->port());
  client.Send(Post("/events", "", kRinging));
  EXPECT_EQ(client.Receive().status, 200);
  client.Send("GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(store.Count()->parked, 1);
  client.Close();
}

// An account of the older flavour has a URL for incoming calls and one for events.
TEST_F(IngressTest, TakesTheSameBodiesOnBothPaths) {
  settings_.set_protected_by("a test protects it");
  settings_.set_receive_path("/calls");
  const auto ingress = Ingress::Start(settings_, sink_, clock_);
  ASSERT_TRUE(ingress.ok()) << ingress.status();
  for (const auto& [path, status] :
       {std::pair("/events", 200), std::pair("/calls", 200), std::pair("/calls?x=1", 200),
        std::pair("/calls/", 404), std::pair("/infobip/events", 404)}) {
    HttpClient client((*ingress)->port());
    client.Send(Post(path, "", kRinging));
    EXPECT_EQ(client.Receive().status, status) << path;
  }
  EXPECT_EQ(sink_.Await(3).size(), 3u);
}

TEST_F(IngressTest, AuthenticatesByClientCertificates) {
  const tests::Certificates made;
  settings_.mutable_client_certificate();
  EXPECT_EQ(Ingress::Start(settings_, sink_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument);
  *settings_.mutable_tls() = made.IngressFiles();
  EXPECT_EQ(Ingress::Start(settings_, sink_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument)
      << "every client would be let in";
  settings_.mutable_tls()->set_client_ca_file(made.ServerFiles().client_ca_file());
  settings_.mutable_tls()->set_client_certificates(
      config::v1::WebhookTls::CLIENT_CERTIFICATES_OPTIONAL);
  EXPECT_EQ(Ingress::Start(settings_, sink_, clock_).status().code(),
            absl::StatusCode::kInvalidArgument)
      << "every client would be let in";
  settings_.mutable_tls()->set_client_certificates(
      config::v1::WebhookTls::CLIENT_CERTIFICATES_REQUIRED);
  const auto ingress = Ingress::Start(settings_, sink_, clock_);
  ASSERT_TRUE(ingress.ok()) << ingress.status();
  for (const bool presents : {true, false}) {
    TlsClient client((*ingress)->port(),
                     {.authority = &made, .client = presents ? &made : nullptr});
    client.Send(Post("/events", "", kRinging));
    EXPECT_EQ(client.Receive(), presents ? 200 : 0);
  }
}

TEST_F(IngressTest, SaysLoudlyThatASignatureOnlyReports) {
  const base::LogCapture log;
  settings_.set_protected_by("a test protects it");
  settings_.mutable_report_only()->set_header("X-Sign");
  settings_.mutable_report_only()->add_secret_files(SecretFile("missing-content", "\n"));
  EXPECT_FALSE(Ingress::Start(settings_, sink_, clock_).ok());
  settings_.mutable_report_only()->set_secret_files(0, SecretFile("trial", "secret-of-a-trial"));
  const auto ingress = Ingress::Start(settings_, sink_, clock_);
  ASSERT_TRUE(ingress.ok()) << ingress.status();
  ASSERT_EQ(log.Lines().size(), 1u);
  EXPECT_THAT(
      log.Lines()[0],
      testing::AllOf(testing::HasSubstr(R"("level":"warning","event":"webhook_report_only")"),
                     testing::HasSubstr(R"("decides":"protected_by")")));
  HttpClient client((*ingress)->port());
  client.Send(Post("/events", "", kRinging));
  EXPECT_EQ(client.Receive().status, 200);
  client.Close();
}

TEST_F(IngressTest, WritesItsPortToAFile) {
  const std::string path = (server_.folder() / "port").string();
  ASSERT_TRUE(WritePortFile(path, 8081).ok());
  std::string line;
  std::getline(std::ifstream(path), line);
  EXPECT_EQ(line, "8081");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_EQ(WritePortFile((server_.folder() / "no" / "port").string(), 1).code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(IngressTest, LeavesNoEmptyPortFileWhenTheDiskIsFull) {
  const std::filesystem::path path = server_.folder() / "port";
  std::filesystem::create_symlink("/dev/full", path.string() + ".new");
  EXPECT_EQ(WritePortFile(path.string(), 8081).code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace callbridge::webhook
