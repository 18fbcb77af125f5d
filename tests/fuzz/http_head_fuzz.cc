// Any bytes that a stranger may send to the ingress, through the production connection: limits,
// Beast's parser, path, method, authentication and hand-over. The connection is tied to its socket
// by coroutines, so it gets a real one: one end of a local socket pair, whose other end the fuzzer
// fills and closes. Every read is ready before it is asked for and every answer is taken at once,
// so no timer ever decides and the io_context is polled until it has stopped, without waiting for
// anything: a connection that has nothing to do and has not ended is a finding.
//
// Nothing crashes or throws; each answer is a whole HTTP answer with a status that the ingress
// gives; nothing reaches the sink without the password; 200 is said only for what the sink took;
// and it does not matter into which pieces the bytes were cut.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "tests/fuzz/byte_reader.h"
#include "webhook/connection.h"

namespace callbridge::fuzz {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using base::Check;

// Small, so that a short input reaches them.
constexpr std::size_t kHeaderBytesMax = 512;
constexpr std::size_t kBodyBytesMax = 256;
constexpr std::size_t kBodyFreeBytes = 64;
// What the pair of sockets surely takes without anybody reading.
constexpr std::size_t kInputBytesMax = 32 * 1024;
// "fuzz:pass", which the corpus knows.
constexpr char kPassword[] = "ZnV6ejpwYXNz";

// Answers at once, now and then with a refusal.
class SinkTwin final : public webhook::InboxSink {
 public:
  explicit SinkTwin(std::uint8_t refusals) : refusals_(refusals) {}

  void Append(std::vector<internal::v1::InboxItem> items, Done done) override {
    const bool taken = (refusals_ >> taken_and_refused_ % 8 & 1) == 0;
    ++taken_and_refused_;
    if (taken) ++taken_;
    Check(items.size() <= kBodyBytesMax, "a body has no more elements than bytes");
    done(taken ? absl::OkStatus() : absl::UnavailableError("the server is away"));
  }
  bool ready() const override { return refusals_ == 0; }

  int taken() const { return taken_; }
  int asked() const { return taken_and_refused_; }

 private:
  const unsigned refusals_;
  int taken_and_refused_ = 0;
  int taken_ = 0;
};

struct Conversation {
  std::string answers;
  int taken = 0;
  int asked = 0;
};

// The stranger's end of the pair.
class Stranger {
 public:
  explicit Stranger(int socket) : socket_(socket) {}
  ~Stranger() { Check(close(socket_) == 0, "a socket is closed"); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return;  // The connection has closed: it has said what it had to say.
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void SendEnd() { ended_ = shutdown(socket_, SHUT_WR) == 0 || ended_; }

  // False: there was nothing.
  bool Receive(std::string& answers) {
    std::array<char, 4096> buffer;
    const ssize_t received = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (received <= 0) return false;
    answers.append(buffer.data(), static_cast<std::size_t>(received));
    return true;
  }

 private:
  const int socket_;
  bool ended_ = false;
};

// Until nothing more happens.
void Settle(asio::io_context& io_context, Stranger& stranger, std::string& answers) {
  while (true) {
    const bool worked = io_context.poll() > 0;
    const bool received = stranger.Receive(answers);
    if (!worked && !received) return;
  }
}

Conversation Talk(const std::vector<std::string_view>& pieces, std::uint8_t refusals) {
  std::array<int, 2> ends;
  Check(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "a pair of sockets is made");
  Stranger stranger(ends[1]);
  const auto authenticator = webhook::MakeBasicAuthenticator({{"fuzz", "pass"}});
  SinkTwin sink(refusals);
  const base::ManualClock clock{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
  webhook::ListenerOptions options;
  options.header_bytes_max = kHeaderBytesMax;
  options.body_bytes_max = kBodyBytesMax;
  webhook::BodyBudget bodies(kBodyBytesMax, kBodyFreeBytes);
  base::ThrottledLog log;
  const webhook::ConnectionParts parts{options, **authenticator, sink, clock, bodies, log};

  Conversation conversation;
  asio::io_context io_context;
  asio::ip::tcp::socket socket(io_context);
  socket.assign(asio::ip::tcp::v4(), ends[0]);
  bool ended = false;
  std::make_shared<webhook::Connection>(std::move(socket), parts)->Start([&ended] {
    ended = true;
  });
  for (const std::string_view piece : pieces) {
    stranger.Send(piece);
    Settle(io_context, stranger, conversation.answers);
  }
  stranger.SendEnd();
  Settle(io_context, stranger, conversation.answers);
  Check(ended && io_context.stopped(), "a connection ends when the other side does");
  conversation.taken = sink.taken();
  conversation.asked = sink.asked();
  return conversation;
}

struct Answer {
  unsigned status = 0;
  std::string body;
  // The connection ends after it.
  bool last = false;

  bool operator==(const Answer&) const = default;
};

// Every answer is whole, and one that the ingress gives.
std::vector<Answer> ReadAnswers(std::string_view text) {
  constexpr std::array kStatuses = {100U, 200U, 400U, 401U, 404U, 405U, 413U,
                                    414U, 415U, 417U, 431U, 501U, 503U, 505U};
  std::vector<Answer> answers;
  while (!text.empty()) {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    boost::beast::error_code error;
    const std::size_t used = parser.put(asio::buffer(text.data(), text.size()), error);
    Check(!error && parser.is_done(), "an answer is whole");
    const bool last = parser.get().result_int() != 100 && !parser.get().keep_alive();
    answers.push_back({parser.get().result_int(), parser.get().body(), last});
    Check(std::find(kStatuses.begin(), kStatuses.end(), answers.back().status) != kStatuses.end(),
          "an answer has a status of the ingress");
    text.remove_prefix(used);
  }
  return answers;
}

int CountTaken(const std::vector<Answer>& answers) {
  return static_cast<int>(std::count_if(answers.begin(), answers.end(), [](const Answer& answer) {
    return answer.status == 200 && answer.body == "{}";
  }));
}

// Without the refusal of what could not be read, which is the last word. Of several things that are
// wrong, or of a line that does not end, Beast sees one or the other first as the pieces fall, or
// nothing wrong before the head is whole. A refused request that could be read leaves the
// connection open, and is answered alike.
std::vector<Answer> WithoutRefusal(std::vector<Answer> answers) {
  constexpr std::array kRefusals = {400U, 413U, 414U, 431U, 505U};
  const bool refused =
      !answers.empty() && answers.back().last &&
      std::find(kRefusals.begin(), kRefusals.end(), answers.back().status) != kRefusals.end();
  if (refused) answers.pop_back();
  return answers;
}

// Base64 may be written with spaces between its letters.
bool HoldsPassword(std::string input) {
  std::erase_if(input, [](char c) {
    return std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos;
  });
  return input.find(kPassword) != std::string::npos;
}

void Run(ByteReader& bytes) {
  const base::LogCapture log;
  const std::uint8_t refusals = bytes.Byte();
  const std::size_t cut = 1 + bytes.Below(64);
  const std::string input = bytes.Text(kInputBytesMax);
  const Conversation whole = Talk({input}, refusals);
  const std::vector<Answer> answers = ReadAnswers(whole.answers);
  Check(CountTaken(answers) == whole.taken, "200 is said for what the sink took");
  Check(whole.asked == 0 || HoldsPassword(input), "nothing reaches the sink without the password");
  Check(whole.answers.find("pass") == std::string::npos, "no answer shows the password");

  // The first bytes one piece each, which is where heads are, and the rest in one: thousands of
  // pieces would only take long.
  std::vector<std::string_view> pieces;
  std::string_view rest = input;
  for (int i = 0; i < 32 && rest.size() > cut; ++i) {
    pieces.push_back(rest.substr(0, cut));
    rest.remove_prefix(cut);
  }
  pieces.push_back(rest);
  const Conversation cut_up = Talk(pieces, refusals);
  Check(cut_up.asked == whole.asked && cut_up.taken == whole.taken,
        "pieces are taken like the whole");
  Check(WithoutRefusal(ReadAnswers(cut_up.answers)) == WithoutRefusal(answers),
        "pieces are answered like the whole");
}

}  // namespace
}  // namespace callbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  callbridge::fuzz::ByteReader bytes(data, size);
  callbridge::fuzz::Run(bytes);
  return 0;
}
