// One connection of the listener. It shakes hands if the port has TLS, reads a request, checks it
// (limits, the rules of HTTP, authentication over the raw bytes, translation), hands it over,
// answers, and begins again. Every phase has a deadline that closes the socket, so that no sender
// can hold it for longer. It runs on the io_context's one thread.
#pragma once

#include <absl/status/status.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/clock.h"
#include "server/base/throttled_log.h"
#include "webhook/authenticate.h"
#include "webhook/body_budget.h"
#include "webhook/http_rules.h"
#include "webhook/inbox_sink.h"
#include "webhook/listener.h"
#include "webhook/stream.h"

namespace callbridge::webhook {

// What all connections of a listener share; it outlives them.
struct ConnectionParts {
  const ListenerOptions& options;
  const Authenticator& authenticator;
  InboxSink& sink;
  const base::Clock& clock;
  BodyBudget& bodies;
  base::ThrottledLog& log;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(boost::asio::ip::tcp::socket socket, const ConnectionParts& parts);

  // Serves until either side closes, and then calls `ended`.
  void Start(std::function<void()> ended);
  // Closes at once if no request has begun, otherwise after its answer.
  void Drain();

  // True if the connection waits for a request and has not brought an authentic webhook yet. It can
  // then be closed to make room.
  bool idle_stranger() const { return idle_ && !trusted_ && !draining_; }
  Clock::time_point idle_since() const { return idle_since_; }

 private:
  using Request = boost::beast::http::request<BudgetedBody>;
  using Parser = boost::beast::http::request_parser<BudgetedBody>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  using ErrorCode = boost::beast::error_code;
  template <typename Result>
  using Awaitable = boost::asio::awaitable<Result>;

  Awaitable<void> Serve();
  // Begins TLS. Returns false if the connection cannot be served.
  Awaitable<bool> ShakeHands();
  // Waits for the first byte of a request. Returns false if no request will come.
  Awaitable<bool> AwaitRequest();
  // Reads one request and makes its answer. Absent means that the sender has gone and needs no
  // answer.
  Awaitable<std::unique_ptr<Response>> ReadAndAnswer();
  // The bytes that were read and are not yet parsed.
  std::string_view Buffered() const;
  // Reads a request up to the end of its head, which may have up to header_bytes_max bytes.
  Awaitable<ErrorCode> ReadHead(Parser& parser);
  Awaitable<std::unique_ptr<Response>> Answer(Request request, Resource resource);
  std::unique_ptr<Response> AnswerHealth(const Request& request, Resource resource) const;
  Awaitable<std::unique_ptr<Response>> TakeWebhook(Request request);
  bool IsAuthentic(const Request& request);
  // Returns the address of the request's sender, for the log.
  std::string SenderOf(const Request& request);
  std::unique_ptr<Response> RefuseUnauthorized() const;
  Awaitable<absl::Status> HandOver(std::vector<internal::v1::InboxItem> items);
  // Returns the answer to a request that could not be read. Absent means that the sender is gone,
  // or was too slow.
  std::unique_ptr<Response> RefuseUnreadable(const ErrorCode& error);
  std::unique_ptr<Response> Refuse(const Refusal& refusal);
  Awaitable<bool> Write(Response& response);
  // Reads and drops what still arrives, so that closing the socket does not destroy the answer that
  // was just sent.
  Awaitable<void> Linger();

  ClientStream stream_;
  boost::beast::flat_buffer buffer_;
  const ConnectionParts& parts_;
  // The first line of the present request was read.
  bool line_read_ = false;
  // The connection waits for the first byte of a handshake or a request.
  bool idle_ = false;
  bool shaking_hands_ = false;
  Clock::time_point idle_since_;
  bool draining_ = false;
  // The connection has answered a request.
  bool answered_ = false;
  // The connection has brought an authentic webhook.
  bool trusted_ = false;
};

}  // namespace callbridge::webhook
