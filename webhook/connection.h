// One connection of the listener: reads a request, checks it (limits, authentication over the raw bytes, path and method,
// translation), hands it over, answers, and begins again. Everything happens on the io_context's one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "server/base/clock.h"
#include "webhook/authenticate.h"
#include "webhook/inbox_sink.h"
#include "webhook/listener.h"

namespace callbridge::webhook {

// What all connections of a listener share; it outlives them.
struct ConnectionParts {
  const ListenerOptions& options;
  const Authenticator& authenticator;
  InboxSink& sink;
  const base::Clock& clock;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, const ConnectionParts& parts);

  // Serves until either side closes; then calls ended.
  void Start(std::function<void()> ended);
  // Closes at once if no request has begun, else after its answer.
  void Drain();

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  template <typename Result>
  using Awaitable = boost::asio::awaitable<Result>;

  Awaitable<void> Serve();
  // Waits for the first byte of a request. False: there will be none.
  Awaitable<bool> AwaitRequest();
  // Reads a request up to the end of its head, which has at most header_bytes_max bytes.
  Awaitable<boost::beast::error_code> ReadHead(Parser& parser);
  // Reads one request and makes its answer. Absent: there is nobody to answer.
  Awaitable<std::unique_ptr<Response>> ReadAndAnswer();
  Awaitable<std::unique_ptr<Response>> Answer(const Request& request);
  Awaitable<std::unique_ptr<Response>> TakeWebhook(const Request& request);
  Awaitable<absl::Status> HandOver(std::vector<internal::v1::InboxItem> items);
  // The answer to a request that could not be read. Absent: the other side is gone.
  std::unique_ptr<Response> Refuse(const boost::beast::error_code& error) const;
  Awaitable<bool> Write(Response& response);
  // Reads and drops what is still coming, so that closing does not tear away the answer that was just sent.
  Awaitable<void> Linger();

  // Cancels what the socket does when the time is up, and sets expired_.
  void Arm(std::chrono::milliseconds timeout);
  void Disarm();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  // Tells a timer that fired too late from the present one.
  std::uint64_t armed_ = 0;
  bool expired_ = false;
  boost::beast::flat_buffer buffer_;
  const ConnectionParts& parts_;
  // Between two requests.
  bool idle_ = false;
  bool draining_ = false;
  // An authentic webhook came.
  bool trusted_ = false;
};

}  // namespace callbridge::webhook
