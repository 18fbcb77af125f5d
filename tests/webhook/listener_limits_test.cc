// What the listener does to requests that are too large, too slow or ambiguous.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "server/base/limits.h"
#include "tests/webhook/http_client.h"
#include "tests/webhook/running_listener.h"

namespace callbridge::webhook {
namespace {

using std::chrono::milliseconds;

TEST(ListenerLimits, RefusesATooLargeBodyBeforeItComes) {
  RunningListener running({.body_bytes_max = 1000});
  {
    HttpClient client(running.port());
    client.Send("POST /infobip/events HTTP/1.1\r\nContent-Length: 1001\r\n\r\n");
    const HttpAnswer answer = client.Receive();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.headers.at("connection"), "close");
  }
  HttpClient client(running.port());
  client.Send("POST /infobip/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
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
  EXPECT_EQ(other.Receive().status, 431);
}

TEST(ListenerLimits, RefusesAHeaderThatIsTooLargeInSmallPieces) {
  const base::ManualClock clock{base::Time{}};
  HeldSink sink;
  const auto authenticator = MakeBasicAuthenticator({{"user", "password"}});
  boost::asio::io_context io_context;
  const auto listener =
      MakeListener(io_context, {.header_bytes_max = 1000}, **authenticator, sink, clock);
  ASSERT_TRUE(listener.ok()) << listener.status();
  HttpClient client((*listener)->port());
  // Each piece is read before the next one is sent, and ends with the first letter of the next line: then the line before it has been
  // parsed, and of this one there is too little to look at.
  const auto send = [&](const std::string& piece) {
    client.Send(piece);
    while (io_context.poll() > 0) {
    }
  };
  send("POST /infobip/events HTTP/1.1\r\n" + Credentials() + "X");
  for (int i = 0; i < 100; ++i) send("-" + std::to_string(i) + ": piece\r\nX");
  send("-Last: piece\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.Receive().status, 431);
  EXPECT_TRUE(sink.Await(0).empty());
  client.Close();
  (*listener)->Drain();
  io_context.run();
}

TEST(ListenerLimits, RefusesARequestOfTwoLengths) {
  RunningListener running;
  for (const char* headers :
       {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: -1\r\n"}) {
    HttpClient client(running.port());
    client.Send("POST /infobip/events HTTP/1.1\r\n" + Credentials() + headers +
                "\r\n0\r\n\r\nGET /livez HTTP/1.1\r\n\r\n");
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
  client.Send("POST /infobip/events HTTP/1.1\r\nX-Slow: ");
  EXPECT_EQ(client.Receive().status, 408);
  EXPECT_TRUE(client.AwaitClose());
}

TEST(ListenerLimits, CutsOffASenderThatDripsItsBody) {
  RunningListener running({.read_timeout = milliseconds(50)});
  HttpClient client(running.port());
  const std::string webhook = Webhook();
  client.Send(webhook.substr(0, webhook.size() - 1));
  EXPECT_EQ(client.Receive().status, 408);
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
  // By the time that a silent newcomer is closed, the read timeout has passed for the proved one as well.
  HttpClient silent(running.port());
  EXPECT_TRUE(silent.AwaitClose());
  proved.Send(Webhook());
  EXPECT_EQ(proved.Receive().status, 200);
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

}  // namespace
}  // namespace callbridge::webhook
