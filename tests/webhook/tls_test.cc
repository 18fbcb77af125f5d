// TLS that the ingress ends itself: who is let in, and what becomes of handshakes that are slow,
// broken or none.
#include "webhook/tls.h"

#include <absl/strings/str_join.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "server/base/ingress_limits.h"
#include "server/base/log.h"
#include "tests/api/certificates.h"
#include "tests/webhook/http_client.h"
#include "tests/webhook/running_listener.h"
#include "tests/webhook/tls_client.h"

namespace callbridge::webhook {
namespace {

using config::v1::WebhookTls;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

class TlsTest : public testing::Test {
 protected:
  ~TlsTest() override { running_.reset(); }

  // A listener with these files; the options' other fields are kept.
  RunningListener& Start(const WebhookTls& files, ListenerOptions options = {}) {
    auto context = MakeTlsContext(files);
    EXPECT_TRUE(context.ok()) << context.status();
    context_ = *std::move(context);
    options.tls = context_.get();
    running_ = std::make_unique<RunningListener>(std::move(options));
    return *running_;
  }
  RunningListener& Start(ListenerOptions options = {}) {
    return Start(certificates_.IngressFiles(), std::move(options));
  }
  WebhookTls FilesWithClients(WebhookTls::ClientCertificates clients) const {
    WebhookTls files = certificates_.IngressFiles();
    files.set_client_ca_file(certificates_.ServerFiles().client_ca_file());
    files.set_client_certificates(clients);
    return files;
  }
  // All that was logged, once the listener has ended.
  std::string Log() {
    running_.reset();
    return absl::StrJoin(log_.Lines(), "\n");
  }

  const base::LogCapture log_;
  const tests::Certificates certificates_;
  std::unique_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<RunningListener> running_;
};

TEST_F(TlsTest, TakesWebhooksOfBothVersionsOverOneConnectionEach) {
  RunningListener& running = Start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(running.port(), {.authority = &certificates_, .version_max = version});
    ASSERT_TRUE(client.connected()) << version;
    for (int i = 0; i < 3; ++i) {
      client.Send(Webhook());
      EXPECT_EQ(client.Receive(), 200) << version;
    }
  }
  EXPECT_EQ(running.sink().Await(6).size(), 6u);
}

TEST_F(TlsTest, TakesABodyOfManyRecords) {
  RunningListener& running = Start();
  TlsClient client(running.port());
  std::string body(kBody);
  body.resize(base::kWebhookBodyBytesMax, ' ');
  client.Send(Webhook(body));
  EXPECT_EQ(client.Receive(), 200);
}

TEST_F(TlsTest, RefusesVersionsBeforeTls12) {
  RunningListener& running = Start();
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_FALSE(TlsClient(running.port(), {.version_max = version}).connected()) << version;
  }
  EXPECT_THAT(Log(), HasSubstr("the client offers neither TLS 1.2 nor TLS 1.3"));
}

TEST_F(TlsTest, RefusesWithTheCloseOfTls) {
  RunningListener& running = Start();
  TlsClient client(running.port());
  client.Send("nonsense\r\n\r\n");
  EXPECT_EQ(client.Receive(), 400);
  EXPECT_TRUE(client.AwaitClose());
}

TEST_F(TlsTest, RefusesABodyThatStillComes) {
  RunningListener& running = Start({.body_bytes_max = 1000});
  TlsClient client(running.port());
  client.Send(Webhook(std::string(200'000, 'x')));
  EXPECT_EQ(client.Receive(), 413);
}

TEST_F(TlsTest, LetsInOnlyClientsOfTheAuthorityIfACertificateIsRequired) {
  RunningListener& running = Start(FilesWithClients(WebhookTls::CLIENT_CERTIFICATES_REQUIRED));
  const tests::Certificates others;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const tests::Certificates* client :
         {&certificates_, &others, static_cast<const tests::Certificates*>(nullptr)}) {
      TlsClient connection(running.port(), {.client = client, .version_max = version});
      connection.Send(Webhook());
      EXPECT_EQ(connection.Receive(), client == &certificates_ ? 200 : 0) << version;
    }
  }
  EXPECT_EQ(running.sink().Await(2).size(), 2u);
  EXPECT_THAT(Log(), AllOf(HasSubstr("the client presented no certificate"),
                           HasSubstr("the client's certificate is not one of")));
}

TEST_F(TlsTest, LetsInClientsWithoutACertificateIfItIsOptionalButNoForeignOne) {
  RunningListener& running = Start(FilesWithClients(WebhookTls::CLIENT_CERTIFICATES_OPTIONAL));
  const tests::Certificates others;
  for (const tests::Certificates* client :
       {&certificates_, &others, static_cast<const tests::Certificates*>(nullptr)}) {
    TlsClient connection(running.port(), {.client = client});
    connection.Send(Webhook());
    EXPECT_EQ(connection.Receive(), client == &others ? 0 : 200);
  }
}

TEST_F(TlsTest, TellsAClientThatItSpeaksPlainHttp) {
  RunningListener& running = Start();
  HttpClient client(running.port());
  client.Send(Webhook());
  const HttpAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("send https to this port"));
  EXPECT_TRUE(client.AwaitClose());
  EXPECT_TRUE(running.sink().Await(0).empty());
}

TEST_F(TlsTest, SaysWhyAClientOfAnotherAuthorityLeaves) {
  RunningListener& running = Start();
  const tests::Certificates others;
  EXPECT_FALSE(
      TlsClient(running.port(), {.authority = &others, .version_max = TLS1_2_VERSION}).connected());
  // The client has left before the listener reads why.
  while (log_.Lines().empty()) std::this_thread::yield();
  EXPECT_THAT(Log(), HasSubstr("the client does not accept webhook.tls.certificate_file"));
}

TEST_F(TlsTest, ClosesAHandshakeThatIsBrokenOrDoesNotEnd) {
  RunningListener& running = Start({.read_timeout = milliseconds(50)});
  HttpClient silent(running.port());
  EXPECT_TRUE(silent.AwaitClose());
  HttpClient slow(running.port());
  slow.Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  EXPECT_TRUE(slow.AwaitClose());
  HttpClient broken(running.port());
  broken.Send(std::string("\x16\x03\x01\x00\x04garbage", 12));
  // An alert comes before the end, so it is the end of what can be read that counts.
  EXPECT_EQ(broken.Receive().status, 0);
  EXPECT_THAT(Log(), AllOf(HasSubstr("it was not complete in time"),
                           HasSubstr("the bytes are no TLS handshake, or a broken one")));
}

TEST_F(TlsTest, ClosesASilentNewcomerForTheNextOneAtTheCap) {
  RunningListener& running = Start({.connections_max = 1});
  HttpClient silent(running.port());
  TlsClient next(running.port());
  next.Send(Webhook());
  EXPECT_EQ(next.Receive(), 200);
  EXPECT_TRUE(silent.AwaitClose());
}

TEST_F(TlsTest, DrainsWithHandshakesUnderWay) {
  RunningListener& running = Start();
  HttpClient half(running.port());
  half.Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  TlsClient idle(running.port());
  idle.Send(Webhook());
  EXPECT_EQ(idle.Receive(), 200);
  running.Drain();
  // The read timeout is 10 s; only the drain ends it sooner.
  running.AwaitEnd();
  EXPECT_TRUE(half.AwaitClose());
  EXPECT_THAT(Log(), testing::Not(HasSubstr("webhook_handshake_failed")));
}

TEST_F(TlsTest, NamesTheFieldAndTheFileThatCannotBeUsed) {
  const tests::Certificates others;
  WebhookTls files = certificates_.IngressFiles();
  files.set_key_file(others.IngressFiles().key_file());
  EXPECT_THAT(std::string(MakeTlsContext(files).status().message()),
              AllOf(HasSubstr("webhook.tls.key_file"), HasSubstr(files.key_file())));
  files = certificates_.IngressFiles();
  files.set_certificate_file("/none.pem");
  EXPECT_THAT(std::string(MakeTlsContext(files).status().message()),
              AllOf(HasSubstr("webhook.tls.certificate_file"), HasSubstr("/none.pem"),
                    HasSubstr("no such file")));
  files = certificates_.IngressFiles();
  files.set_client_ca_file(files.key_file());
  EXPECT_THAT(std::string(MakeTlsContext(files).status().message()),
              HasSubstr("webhook.tls.client_ca_file"));
}

}  // namespace
}  // namespace callbridge::webhook
