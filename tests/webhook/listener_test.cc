#include "webhook/listener.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

// Case 43 of docs/user-cases.md: what a proxy that ends TLS changes on the way, and what it claims,
// neither spoils a webhook nor opens a door.
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

TEST(Listener, TakesHeadersInEveryOrder) {
  RunningListener running;
  HttpClient client(running.port());
  std::vector<std::string> headers = {absl::StrFormat("Content-Length: %d\r\n", kBody.size()),
                                      Credentials(), "Connection: keep-alive\r\n", "Host: test\r\n",
                                      "X-Ib-Hmac-Signature: SHA256=00\r\n"};
  std::sort(headers.begin(), headers.end());
  std::size_t taken = 0;
  do {
    std::string head = "POST /infobip/events HTTP/1.1\r\n";
    for (const std::string& header : headers) head += header;
    client.Send(head + "\r\n" + std::string(kBody));
    ASSERT_EQ(client.Receive().status, 200) << head;
    ++taken;
  } while (std::next_permutation(headers.begin(), headers.end()));
  EXPECT_EQ(running.sink().Await(taken).size(), taken);
  EXPECT_EQ(taken, 120u);
}

TEST(Listener, KnowsOnePathAndItsQuery) {
  RunningListener running;
  for (const char* path : {"/infobip/event", "/", "/infobip/events/", "//infobip/events"}) {
    HttpClient client(running.port());
    client.Send(Webhook(kBody, path));
    EXPECT_EQ(client.Receive().status, 404) << path;
  }
  HttpClient client(running.port());
  client.Send(Webhook(kBody, "/infobip/events?from=provider"));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(running.sink().Await(1).size(), 1u);
}

// What the log says of one connection that sent this.
std::vector<std::string> LogOf(const std::string& bytes) {
  const base::LogCapture log;
  {
    RunningListener running;
    HttpClient client(running.port());
    client.Send(bytes);
    client.Receive();
  }
  return log.Lines();
}

TEST(Listener, SaysInTheLogWhatCameInsteadOfAWebhook) {
  const std::string webhook = Webhook();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"PROXY TCP4 192.0.2.10 192.0.2.20 56324 443\r\n" + webhook, "PROXY header"},
      {std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C", 16) + webhook, "PROXY header"},
      {std::string("\x16\x03\x01\0\xC8\x01\0\0\xC4\x03\x03", 11), "TLS hello"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 came"},
      {Webhook(kBody, "/infobip/events/"), "only by its slashes"},
      {Webhook(kBody, "//infobip//events"), "only by its slashes"},
      {Webhook(kBody, "/infobip/event"), "this path does not exist"},
      {Post(kPath, Credentials() + "Content-Encoding: gzip\r\n", kBody), "compressed"},
      {"POST /infobip/events HTTP/1.1\r\n\r\n", "no Host"},
      {Get(kPath), "use POST to send webhooks"}};
  for (const auto& [bytes, words] : cases) {
    const std::vector<std::string> lines = LogOf(bytes);
    ASSERT_EQ(lines.size(), 1u) << words;
    EXPECT_THAT(lines[0], testing::HasSubstr("webhook_request_refused"));
    EXPECT_THAT(lines[0], testing::HasSubstr(words));
  }
  EXPECT_TRUE(LogOf(webhook).empty());
}

TEST(Listener, TellsEveryRefusalInFewLines) {
  constexpr int kRefusals = 300;
  const base::LogCapture log;
  {
    RunningListener running;
    HttpClient client(running.port());
    for (int i = 0; i < kRefusals; ++i) {
      client.Send(Post(kPath, Credentials("user:wrong"), kBody));
      EXPECT_EQ(client.Receive().status, 401);
    }
  }
  int told = 0;
  for (const std::string& line : log.Lines()) {
    EXPECT_THAT(line, testing::HasSubstr("webhook_unauthorized"));
    const std::size_t count = line.find("\"count\":");
    ASSERT_NE(count, std::string::npos) << line;
    told += std::stoi(line.substr(count + 8));
  }
  EXPECT_EQ(told, kRefusals);
  EXPECT_LT(log.Lines().size(), kRefusals / 10u);
}

TEST(Listener, TakesAChunkedBody) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send("POST /infobip/events HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n" +
              Credentials() + "\r\n");
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
  const HttpAnswer go_on = client.Receive();
  EXPECT_EQ(go_on.status, 100);
  EXPECT_EQ(go_on.version, "HTTP/1.1");
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
