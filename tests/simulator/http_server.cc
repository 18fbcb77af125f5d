#include "tests/simulator/http_server.h"

#include <array>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <ctime>
#include <sstream>
#include <utility>

#include "tests/simulator/limits.h"

namespace callbridge::simulator {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = boost::asio::ip::tcp;

// A refused accept (too many files) is tried again after this.
constexpr std::chrono::milliseconds kAcceptPause{100};

// "Thu, 15 Jan 2026 12:00:00 GMT" (RFC 9110 §5.6.7).
std::string HttpDate(base::Time time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return std::string(text.data(), size);
}

// One connection; it keeps itself alive until an error, a reset or the peer's end.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const HttpServer::Serve& serve, std::shared_ptr<int> connections)
      : stream_(std::move(socket)),
        timer_(stream_.get_executor()),
        serve_(serve),
        connections_(std::move(connections)) {
    ++*connections_;
  }
  ~Session() { --*connections_; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(kRequestHeaderBytesMax));
    // The limit of the body follows from the head, which Beast judges by this one until then.
    parser_->body_limit(kRequestFormBytesMax);
    stream_.expires_after(kIdleConnection);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](const error_code& error, std::size_t) { self->OnHead(error); });
  }

 private:
  void OnHead(const error_code& failed) {
    if (failed) return OnRead(failed);
    const bool form = parser_->get()[http::field::content_type].starts_with("multipart/");
    const std::size_t limit = form ? kRequestFormBytesMax : kRequestBodyBytesMax;
    if (parser_->content_length().value_or(0) > limit) return OnRead(http::error::body_limit);
    parser_->body_limit(limit);
    stream_.expires_after(kIdleConnection);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](const error_code& error, std::size_t) { self->OnRead(error); });
  }

  void OnRead(const error_code& error) {
    if (error == http::error::body_limit || error == http::error::header_limit) {
      Response refusal;
      refusal.status = error == http::error::body_limit ? 413 : 431;
      keep_alive_ = false;
      return Write(refusal);
    }
    if (error) return;
    stream_.expires_never();
    const auto& message = parser_->get();
    keep_alive_ = message.keep_alive();
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.body = message.body();
    request.authorization = std::string(message[http::field::authorization]);
    request.content_type = std::string(message[http::field::content_type]);
    request.host = std::string(message[http::field::host]);
    const Response response = serve_(request);
    if (response.reset) return Reset();
    if (response.delay <= base::Duration::zero()) return Write(response);
    timer_.expires_after(response.delay);
    timer_.async_wait([self = shared_from_this(), response](const error_code& stopped) {
      if (!stopped) self->Write(response);
    });
  }

  // The peer sees ECONNRESET instead of an orderly end.
  void Reset() {
    error_code ignored;
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_.socket().close(ignored);
  }

  void Write(const Response& response) {
    message_ = {};
    message_.version(11);
    message_.result(static_cast<unsigned>(response.status));
    message_.set(http::field::content_type, "application/json");
    if (response.retry_after) {
      message_.set(http::field::retry_after, std::to_string(*response.retry_after));
    }
    if (response.date) message_.set(http::field::date, HttpDate(*response.date));
    message_.body() = response.body;
    message_.keep_alive(keep_alive_);
    message_.prepare_payload();
    stream_.expires_after(kIdleConnection);
    http::async_write(stream_, message_,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (!error) self->OnWritten();
                      });
  }

  void OnWritten() {
    if (keep_alive_) return Read();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  const HttpServer::Serve& serve_;
  std::shared_ptr<int> connections_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> message_;
  bool keep_alive_ = true;
};

}  // namespace

HttpServer::HttpServer(asio::io_context& io, Serve serve)
    : io_(io), serve_(std::move(serve)), acceptor_(io), pause_(io) {}

absl::Status HttpServer::Listen(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    std::ostringstream where;
    where << endpoint;
    return absl::UnavailableError("cannot listen on " + where.str() + ": " + error.message());
  }
  Accept();
  return absl::OkStatus();
}

std::string HttpServer::address() const {
  std::ostringstream text;
  text << acceptor_.local_endpoint();
  return text.str();
}

void HttpServer::Accept() {
  acceptor_.async_accept(io_, [this](const error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) {
      pause_.expires_after(kAcceptPause);
      pause_.async_wait([this](const error_code& stopped) {
        if (!stopped) Accept();
      });
      return;
    }
    // Beyond the limit the connection is closed at once, which the client sees.
    if (*connections_ < static_cast<int>(kConnectionsMax)) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Session>(std::move(socket), serve_, connections_)->Read();
    }
    Accept();
  });
}

}  // namespace callbridge::simulator
