// Whatever a sender does, its connection ends when its time is up. The tests drive the io_context
// themselves, so that what happens within one turn of it is theirs to say: bytes that have come and
// a deadline that has passed are found together.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/clock.h"
#include "server/base/ingress_limits.h"
#include "server/base/throttled_log.h"
#include "tests/webhook/held_sink.h"
#include "tests/webhook/running_listener.h"
#include "webhook/connection.h"

namespace callbridge::webhook {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// Far longer than any deadline here: a connection that outlives it would have lived for ever.
constexpr std::chrono::seconds kPatience{10};
constexpr milliseconds kTimeout{20};

// One connection at the end of a pair of sockets.
class DirectConnection {
 public:
  explicit DirectConnection(ListenerOptions options = ShortOptions())
      : options_(std::move(options)) {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    socket_ = ends[1];
    boost::asio::ip::tcp::socket socket(io_context_);
    socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
    std::make_shared<Connection>(std::move(socket), parts_)->Start([this] { ended_ = true; });
    io_context_.poll();
  }
  ~DirectConnection() {
    close(socket_);
    io_context_.run_for(kPatience);
  }
  DirectConnection(const DirectConnection&) = delete;
  DirectConnection& operator=(const DirectConnection&) = delete;

  static ListenerOptions ShortOptions() {
    ListenerOptions options;
    options.read_timeout = options.idle_timeout = options.stranger_idle_timeout =
        options.write_timeout = kTimeout;
    return options;
  }

  // False: not all of it was taken, because the other end is full or closed.
  bool Send(std::string_view bytes) {
    return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
           static_cast<ssize_t>(bytes.size());
  }
  // Does what can be done at once.
  void Poll() {
    while (io_context_.poll() > 0) {
    }
  }
  // Lets time pass in which the connection does nothing.
  void Stall(milliseconds time) {
    const auto end = Steady::now() + time;
    while (Steady::now() < end) {
    }
  }
  // Whether the connection ends by itself, and soon.
  bool Ends() {
    io_context_.run_for(kPatience);
    return ended_;
  }
  boost::asio::io_context& io_context() { return io_context_; }

 private:
  const ListenerOptions options_;
  base::ManualClock clock_{base::Time{}};
  HeldSink sink_;
  std::unique_ptr<Authenticator> authenticator_ = *MakeOpenAuthenticator("a test");
  BodyBudget bodies_{options_.bodies_bytes_max, options_.body_free_bytes};
  base::ThrottledLog log_;
  const ConnectionParts parts_{options_, *authenticator_, sink_, clock_, bodies_, log_};
  boost::asio::io_context io_context_;
  int socket_ = -1;
  bool ended_ = false;
};

std::string HeadOfLength(std::size_t length) {
  return absl::StrFormat(
      "POST /infobip/events HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n", length);
}

// The deadline passes while a read has completed and the next one finds its bytes already there: at
// that moment nothing is pending that a cancellation could reach.
TEST(ConnectionDeadline, HoldsWhenBytesArriveAsItPasses) {
  // From less than one read to several, in a body and (with the first) in a head.
  for (std::size_t bytes = 1; bytes <= 128 * 1024; bytes *= 2) {
    for (const bool in_head : {false, true}) {
      DirectConnection connection;
      const std::string head = HeadOfLength(base::kWebhookBodyBytesMax);
      connection.Send(in_head ? head.substr(0, head.size() - 2) : head);
      connection.Poll();
      connection.Send(in_head ? "X-Slow: " + std::string(std::min<std::size_t>(bytes, 8'000), 'x')
                              : std::string(bytes, ' '));
      connection.Stall(kTimeout + milliseconds(5));
      EXPECT_TRUE(connection.Ends()) << bytes << (in_head ? " in its head" : " in its body");
    }
  }
}

// The same, met by chance: single bytes around the moment at which the deadline passes, at every
// offset from it.
TEST(ConnectionDeadline, HoldsForSendersThatDripAroundIt) {
  for (int early = -3; early <= 6; ++early) {
    DirectConnection connection;
    connection.Send(HeadOfLength(base::kWebhookBodyBytesMax));
    connection.Poll();
    const auto begin = Steady::now();
    connection.io_context().run_until(begin + kTimeout - milliseconds(early));
    for (int i = 0; i < 12 && !connection.io_context().stopped(); ++i) {
      connection.Send(" ");
      connection.io_context().run_until(begin + kTimeout - milliseconds(early) +
                                        i * std::chrono::microseconds(500));
    }
    EXPECT_TRUE(connection.Ends()) << early;
  }
}

TEST(ConnectionDeadline, EndsASilentNewcomer) { EXPECT_TRUE(DirectConnection().Ends()); }

TEST(ConnectionDeadline, EndsAnIdleConnection) {
  DirectConnection connection;
  connection.Send(Get("/livez"));
  EXPECT_TRUE(connection.Ends());
}

TEST(ConnectionDeadline, EndsASenderThatDoesNotTakeItsAnswers) {
  ListenerOptions options = DirectConnection::ShortOptions();
  options.read_timeout = options.stranger_idle_timeout = std::chrono::hours(1);
  DirectConnection connection(options);
  // No answer is taken, until nothing more can be written to either end.
  while (connection.Send(Get("/livez"))) connection.Poll();
  EXPECT_TRUE(connection.Ends());
}

TEST(ConnectionDeadline, EndsASenderThatLingersAfterItsRefusal) {
  ListenerOptions options = DirectConnection::ShortOptions();
  options.read_timeout = options.stranger_idle_timeout = std::chrono::hours(1);
  DirectConnection connection(options);
  connection.Send("nonsense\r\n\r\n");
  EXPECT_TRUE(connection.Ends());
}

}  // namespace
}  // namespace callbridge::webhook
