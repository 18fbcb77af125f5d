#include "webhook/listener.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "server/base/log.h"
#include "tests/webhook/http_client.h"
#include "tests/webhook/running_listener.h"

namespace callbridge::webhook {
namespace {

TEST(Listener, AnswersOnlyWhenTheWebhookIsDurable) {
  RunningListener running;
  running.sink().Hold();
  HttpClient client(running.port());
  client.Send(Webhook());
  const auto requests = running.sink().Await(1);
  ASSERT_EQ(requests.size(), 1u);
  ASSERT_EQ(requests[0].size(), 1u);
  EXPECT_EQ(requests[0][0].event().call_id(), "c1");
  EXPECT_FALSE(client.HasInput());
  running.sink().Release();
  const HttpAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
}

TEST(Listener, TakesOneWebhookAfterAnotherOnAConnection) {
  RunningListener running;
  HttpClient client(running.port());
  for (int i = 0; i < 3; ++i) {
    client.Send(Webhook());
    EXPECT_EQ(client.Receive().status, 200);
  }
  EXPECT_EQ(running.sink().Await(3).size(), 3u);
}

TEST(Listener, AnswersPipelinedRequestsInTheirOrder) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Webhook() + Get("/nowhere") + Webhook("[]") + Get("/livez"));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(client.Receive().status, 404);
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(client.Receive().body, R"({"live":true})");
}

TEST(Listener, RefusesAWrongSecretWithoutDetailsAndStoresNothing) {
  RunningListener running;
  const base::LogCapture log;
  HttpClient client(running.port());
  client.Send(Post(kPath, Credentials("user:wrong-secret"), kBody));
  const HttpAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.headers.at("www-authenticate"), "Basic realm=\"webhooks\"");
  for (const std::string& header :
       {std::string(), Credentials() + Credentials(),
        std::string("Authorization: Basic \xFF\xC3\xA9\r\n"), std::string("Authorization:\r\n"),
        std::string("X-Ib-Hmac-Signature: 00\r\n")}) {
    client.Send(Post(kPath, header, kBody));
    EXPECT_EQ(client.Receive().status, 401) << header;
  }
  EXPECT_TRUE(running.sink().Await(0).empty());
  for (const std::string& line : log.Lines()) {
    EXPECT_THAT(line, testing::Not(testing::HasSubstr(absl::Base64Escape("user:wrong-secret"))));
  }
}

// Case 43 of docs/user-cases.md: what a proxy that ends TLS changes on the way, and what it claims, neither spoils a webhook nor opens a
// door.
TEST(Listener, LetsProxiesChangeEverythingButTheBody) {
  RunningListener running;
  HttpClient client(running.port());
  const std::string claims =
      "X-Forwarded-Proto: https\r\nX-Forwarded-Host: calls.example.com\r\n"
      "X-Forwarded-For: 203.0.113.9, 10.0.0.1\r\nForwarded: for=203.0.113.9;proto=https\r\n"
      "Via: 1.1 proxy\r\n";
  client.Send(Post(kPath, claims + Credentials(), kBody));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(running.sink().Await(1).size(), 1u);
  client.Send(Post(kPath, claims, kBody));
  EXPECT_EQ(client.Receive().status, 401);
  client.Send(Post(kPath, claims + Credentials("user:wrong-secret"), kBody));
  EXPECT_EQ(client.Receive().status, 401);
  EXPECT_EQ(running.sink().Await(1).size(), 1u);
}

TEST(Listener, AcceptsTheOldAndTheNewSecretDuringRotation) {
  RunningListener running({}, {{"user", "old"}, {"user", "new"}});
  HttpClient client(running.port());
  for (const char* pair : {"user:old", "user:new"}) {
    client.Send(Post(kPath, Credentials(pair), kBody));
    EXPECT_EQ(client.Receive().status, 200) << pair;
  }
}

TEST(Listener, HandsOverAnArrayAsOneRequest) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Webhook("[" + std::string(kBody) + "," + std::string(kBody) + ",1]"));
  EXPECT_EQ(client.Receive().status, 200);
  const auto requests = running.sink().Await(1);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].size(), 3u);
  EXPECT_TRUE(requests[0][2].has_quarantined());
}

TEST(Listener, AcceptsAnAuthenticBodyThatItCannotRead) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Webhook("this is no JSON"));
  EXPECT_EQ(client.Receive().status, 200);
  const auto requests = running.sink().Await(1);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0][0].quarantined().body(), "this is no JSON");
}

TEST(Listener, AnswersServiceUnavailableWhenTheWebhookCouldNotBeHandedOver) {
  RunningListener running;
  HttpClient client(running.port());
  for (const absl::Status& status :
       {absl::UnavailableError("away"), absl::ResourceExhaustedError("full")}) {
    running.sink().Release(status);
    client.Send(Webhook());
    EXPECT_EQ(client.Receive().status, 503);
  }
}

TEST(Listener, SaysWhetherItLivesAndWhetherItIsReady) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Get("/livez"));
  EXPECT_EQ(client.Receive().status, 200);
  client.Send(Get("/readyz"));
  EXPECT_EQ(client.Receive().status, 200);
  running.sink().SetReady(false);
  client.Send(Get("/readyz?verbose"));
  EXPECT_EQ(client.Receive().status, 503);
  client.Send(Get("/livez"));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(Listener, KnowsOnePathAndOneMethod) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Webhook(kBody, "/infobip/event"));
  EXPECT_EQ(client.Receive().status, 404);
  client.Send(Webhook(kBody, "/"));
  EXPECT_EQ(client.Receive().status, 404);
  client.Send(Get(kPath));
  const HttpAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "POST");
  client.Send(Post("/livez", "", ""));
  EXPECT_EQ(client.Receive().status, 405);
  client.Send(Webhook(kBody, "/infobip/events?from=provider"));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(Listener, TakesAChunkedBody) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send("POST /infobip/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + Credentials() +
              "\r\n");
  for (const char c : kBody) client.Send(std::string("1\r\n") + c + "\r\n");
  client.Send("0\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(running.sink().Await(1)[0][0].event().call_id(), "c1");
}

TEST(Listener, AsksForABodyThatWaitsToBeAskedFor) {
  RunningListener running;
  HttpClient client(running.port());
  const std::string webhook = Post(kPath, Credentials() + "Expect: 100-continue\r\n", kBody);
  const std::size_t head = webhook.size() - kBody.size();
  client.Send(webhook.substr(0, head));
  EXPECT_EQ(client.Receive().status, 100);
  client.Send(webhook.substr(head));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(Listener, ClosesAfterTheAnswerWhenTheClientAsksForIt) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Post(kPath, Credentials() + "Connection: close\r\n", kBody));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.AwaitClose());
}

TEST(Listener, AnswersWhatItTookBeforeItDrained) {
  RunningListener running;
  HttpClient idle(running.port());
  idle.Send(Webhook());
  EXPECT_EQ(idle.Receive().status, 200);
  running.sink().Hold();
  HttpClient busy(running.port());
  busy.Send(Webhook());
  running.sink().Await(2);
  running.Drain();
  EXPECT_TRUE(idle.AwaitClose());
  running.sink().Release();
  const HttpAnswer answer = busy.Receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  busy.Close();
  running.AwaitEnd();
}

TEST(Listener, SurvivesAClientThatIsGoneBeforeItsAnswer) {
  RunningListener running;
  running.sink().Hold();
  {
    HttpClient client(running.port());
    client.Send(Webhook());
    running.sink().Await(1);
  }
  running.sink().Release();
  HttpClient client(running.port());
  client.Send(Webhook());
  EXPECT_EQ(client.Receive().status, 200);
}

TEST(MakeListener, RefusesWhatIsNoAddressAndWhatIsTaken) {
  RunningListener running;
  boost::asio::io_context io_context;
  HeldSink sink;
  const base::ServiceClock clock;
  const auto authenticator = *MakeOpenAuthenticator("test");
  EXPECT_EQ(
      MakeListener(io_context, {.host = "nowhere"}, *authenticator, sink, clock).status().code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MakeListener(io_context, {.port = running.port()}, *authenticator, sink, clock)
                .status()
                .code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace callbridge::webhook
