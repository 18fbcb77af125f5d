// What the listener does to requests that are too large, too slow or ambiguous.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "server/base/clock.h"
#include "server/base/ingress_limits.h"
#include "server/base/log.h"
#include "tests/webhook/held_sink.h"
#include "tests/webhook/http_client.h"
#include "tests/webhook/running_listener.h"

namespace callbridge::webhook {
namespace {

using std::chrono::milliseconds;

// A listener that does something only when the test says so.
class DrivenListener {
 public:
  explicit DrivenListener(ListenerOptions options = {}) {
    auto listener = MakeListener(io_context_, std::move(options), *authenticator_, sink_, clock_);
    EXPECT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }
  ~DrivenListener() {
    listener_->Drain();
    io_context_.run();
  }
  DrivenListener(const DrivenListener&) = delete;
  DrivenListener& operator=(const DrivenListener&) = delete;

  HeldSink& sink() { return sink_; }
  std::uint16_t port() const { return listener_->port(); }
  // Does what can be done at once.
  void Poll() {
    while (io_context_.poll() > 0) {
    }
  }
  // Goes on until the client has its answer, or for ten seconds.
  HttpAnswer Answer(HttpClient& client) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!client.HasInput() && io_context_.run_one_until(end) > 0) {
    }
    return client.Receive();
  }

 private:
  const base::ManualClock clock_{base::Time{}};
  HeldSink sink_;
  const std::unique_ptr<Authenticator> authenticator_ =
      *MakeBasicAuthenticator({{"user", "password"}});
  boost::asio::io_context io_context_;
  std::unique_ptr<Listener> listener_;
};

// As long as it lives, the process can open no file and accept no connection.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &usual_), 0);
    rlimit none = usual_;
    none.rlim_cur = 0;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoMoreFiles() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &usual_), 0); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit usual_{};
};

TEST(ListenerLimits, RefusesATooLargeBodyBeforeItComes) {
  RunningListener running({.body_bytes_max = 1000});
  for (const std::string version : {"HTTP/1.1", "HTTP/1.0"}) {
    HttpClient client(running.port());
    client.Send("POST /infobip/events " + version +
                "\r\nHost: test\r\nContent-Length: 1001\r\n\r\n");
    const HttpAnswer answer = client.Receive();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.version, "HTTP/1.1");
    EXPECT_TRUE(client.AwaitClose());
  }
  HttpClient client(running.port());
  client.Send(
      "POST /infobip/events HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
      std::string(1001, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 413);
  EXPECT_TRUE(running.sink().Await(0).empty());
}

TEST(ListenerLimits, TakesABodyOfExactlyTheLimit) {
  RunningListener running;
  HttpClient client(running.port());
  std::string body(kBody);
  body.resize(base::kWebhookBodyBytesMax, ' ');
  client.Send(Webhook(body));
  EXPECT_EQ(client.Receive().status, 200);
  HttpClient other(running.port());
  other.Send(Webhook(body + " "));
  EXPECT_EQ(other.Receive().status, 413);
}

TEST(ListenerLimits, RefusesMoreEventsThanAHandOverTakes) {
  RunningListener running;
  std::string body = "[0";
  for (int i = 0; i < base::kInboxBatchMax; ++i) body += ",0";
  HttpClient client(running.port());
  client.Send(Webhook(body + "]"));
  EXPECT_EQ(client.Receive().status, 413);
  EXPECT_TRUE(running.sink().Await(0).empty());
}

TEST(ListenerLimits, RefusesATooLargeHeader) {
  RunningListener running;
  HttpClient client(running.port());
  client.Send(Post(kPath, "X-Long: " + std::string(20'000, 'x') + "\r\n", kBody));
  EXPECT_EQ(client.Receive().status, 431);
  HttpClient other(running.port());
  other.Send("POST /" + std::string(100'000, 'x'));
  EXPECT_EQ(other.Receive().status, 414);
}

TEST(ListenerLimits, RefusesAHeaderThatIsTooLargeInSmallPieces) {
  DrivenListener driven({.header_bytes_max = 1000});
  HttpClient client(driven.port());
  // Each piece is read before the next one is sent, and ends with the first letter of the next
  // line: then the line before it has been parsed, and of this one there is too little to look at.
  const auto send = [&](const std::string& piece) {
    client.Send(piece);
    driven.Poll();
  };
  send("POST /infobip/events HTTP/1.1\r\nHost: test\r\n" + Credentials() + "X");
  for (int i = 0; i < 100; ++i) send("-" + std::to_string(i) + ": piece\r\nX");
  send("-Last: piece\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.Receive().status, 431);
  EXPECT_TRUE(driven.sink().Await(0).empty());
}

TEST(ListenerLimits, TakesARequestWhoseFirstPieceIsOneByte) {
  DrivenListener driven;
  HttpClient client(driven.port());
  const std::string webhook = Webhook();
  client.Send(webhook.substr(0, 1));
  driven.Poll();
  client.Send(webhook.substr(1));
  EXPECT_EQ(driven.Answer(client).status, 200);
}

TEST(ListenerLimits, RefusesARequestOfTwoLengths) {
  RunningListener running;
  for (const char* headers :
       {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: -1\r\n"}) {
    HttpClient client(running.port());
    client.Send("POST /infobip/events HTTP/1.1\r\nHost: test\r\n" + Credentials() + headers +
                "\r\n0\r\n\r\n" + Get("/livez"));
    EXPECT_EQ(client.Receive().status, 400) << headers;
    EXPECT_TRUE(client.AwaitClose()) << headers;
  }
  HttpClient client(running.port());
  client.Send("nonsense\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(running.sink().Await(0).empty());
}

TEST(ListenerLimits, CutsOffASenderThatDripsItsHeader) {
  RunningListener running({.read_timeout = milliseconds(50)});
  HttpClient client(running.port());
  client.Send("POST /infobip/events HTTP/1.1\r\nHost: test\r\nX-Slow: ");
  EXPECT_TRUE(client.AwaitClose());
}

TEST(ListenerLimits, CutsOffASenderThatDripsItsBody) {
  RunningListener running({.read_timeout = milliseconds(50)});
  HttpClient client(running.port());
  const std::string webhook = Webhook();
  client.Send(webhook.substr(0, webhook.size() - 1));
  EXPECT_TRUE(client.AwaitClose());
  EXPECT_TRUE(running.sink().Await(0).empty());
}

TEST(ListenerLimits, ClosesAConnectionThatStaysSilent) {
  RunningListener running({.read_timeout = milliseconds(50)});
  HttpClient client(running.port());
  EXPECT_TRUE(client.AwaitClose());
}

TEST(ListenerLimits, LetsAProvedConnectionIdleForLonger) {
  RunningListener running(
      {.read_timeout = milliseconds(50), .idle_timeout = std::chrono::seconds(60)});
  HttpClient proved(running.port());
  proved.Send(Webhook());
  EXPECT_EQ(proved.Receive().status, 200);
  // By the time that a silent newcomer is closed, the read timeout has passed for the proved one as
  // well.
  HttpClient silent(running.port());
  EXPECT_TRUE(silent.AwaitClose());
  proved.Send(Webhook());
  EXPECT_EQ(proved.Receive().status, 200);
}

// Case 19 of the reports: a balancer that only asked for health sends its first webhook later than
// a newcomer may be silent.
TEST(ListenerLimits, LetsAConnectionThatAskedForHealthIdleForLonger) {
  RunningListener running({.read_timeout = milliseconds(50)});
  HttpClient balancer(running.port());
  balancer.Send(Get("/readyz"));
  EXPECT_EQ(balancer.Receive().status, 200);
  HttpClient silent(running.port());
  EXPECT_TRUE(silent.AwaitClose());
  balancer.Send(Webhook());
  EXPECT_EQ(balancer.Receive().status, 200);
  EXPECT_GT(ListenerOptions().stranger_idle_timeout, std::chrono::seconds(75));
}

TEST(ListenerLimits, ClosesAProvedConnectionThatIdlesTooLong) {
  RunningListener running({.idle_timeout = milliseconds(50)});
  HttpClient client(running.port());
  client.Send(Webhook());
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.AwaitClose());
}

TEST(ListenerLimits, LetsConnectionsAboveTheCapWait) {
  RunningListener running({.connections_max = 1});
  HttpClient first(running.port());
  first.Send(Webhook());
  EXPECT_EQ(first.Receive().status, 200);
  HttpClient second(running.port());
  second.Send(Webhook());
  first.Send(Webhook());
  EXPECT_EQ(first.Receive().status, 200);
  EXPECT_FALSE(second.HasInput());
  first.Close();
  EXPECT_EQ(second.Receive().status, 200);
}

TEST(ListenerLimits, ServesAConnectionThatCameWhileThereWereNoFilesLeft) {
  const base::LogCapture log;
  DrivenListener driven;
  HttpClient client(driven.port());
  {
    const NoMoreFiles no_more_files;
    driven.Poll();
  }
  EXPECT_THAT(log.Lines(), testing::Contains(testing::HasSubstr("webhook_accept_failed")));
  client.Send(Webhook());
  EXPECT_EQ(driven.Answer(client).status, 200);
}

TEST(ListenerLimits, ClosesAStrangersIdleConnectionForTheNextOneAtTheCap) {
  RunningListener running({.connections_max = 2});
  HttpClient proved(running.port());
  proved.Send(Webhook());
  EXPECT_EQ(proved.Receive().status, 200);
  HttpClient stranger(running.port());
  stranger.Send(Get("/livez"));
  EXPECT_EQ(stranger.Receive().status, 200);
  HttpClient next(running.port());
  next.Send(Webhook());
  EXPECT_EQ(next.Receive().status, 200);
  EXPECT_TRUE(stranger.AwaitClose());
  proved.Send(Webhook());
  EXPECT_EQ(proved.Receive().status, 200);
}

std::string Padded(std::size_t bytes) {
  std::string body(kBody);
  body.resize(bytes, ' ');
  return body;
}

TEST(ListenerLimits, TakesUsualWebhooksWhileLargeOnesFillTheMemoryForBodies) {
  RunningListener running({.bodies_bytes_max = 100'000, .body_free_bytes = 1'000});
  running.sink().Hold();
  HttpClient large(running.port());
  large.Send(Webhook(Padded(60'000)));
  running.sink().Await(1);
  {
    HttpClient too_much(running.port());
    too_much.Send(Webhook(Padded(60'000)));
    const HttpAnswer answer = too_much.Receive();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.headers.at("retry-after"), "1");
    EXPECT_NE(answer.body.find("try again"), std::string::npos) << answer.body;
    EXPECT_TRUE(too_much.AwaitClose());
  }
  HttpClient usual(running.port());
  usual.Send(Webhook(Padded(1'000)));
  running.sink().Await(2);
  HttpClient fits(running.port());
  fits.Send(Webhook(Padded(41'000)));
  running.sink().Await(3);
  running.sink().Release();
  for (HttpClient* client : {&large, &usual, &fits}) {
    EXPECT_EQ(client->Receive().status, 200);
    // What was held is given back.
    client->Send(Webhook(Padded(90'000)));
    EXPECT_EQ(client->Receive().status, 200);
  }
}

}  // namespace
}  // namespace callbridge::webhook
