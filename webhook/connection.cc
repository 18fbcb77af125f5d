#include "webhook/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/log.h"
#include "webhook/translate.h"

namespace callbridge::webhook {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// What Beast reads at a time on top of a header.
constexpr std::size_t kReadAhead = 64 * 1024;
// How much of a refused request is read and dropped.
constexpr std::size_t kLingerBytesMax = 1024 * 1024;

std::string_view PathOf(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view View(const boost::beast::string_view& text) { return {text.data(), text.size()}; }

std::unique_ptr<http::response<http::string_body>> MakeResponse(http::status status,
                                                                std::string_view body = {}) {
  auto response = std::make_unique<http::response<http::string_body>>(status, 11);
  if (!body.empty()) {
    response->set(http::field::content_type, "application/json");
    response->body() = body;
  }
  return response;
}

http::status StatusOf(const absl::Status& status) {
  if (status.ok()) return http::status::ok;
  return absl::IsOutOfRange(status) ? http::status::payload_too_large
                                    : http::status::service_unavailable;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const ConnectionParts& parts)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      buffer_(parts.options.header_bytes_max + kReadAhead),
      parts_(parts) {}

void Connection::Start(std::function<void()> ended) {
  asio::co_spawn(
      socket_.get_executor(), [self = shared_from_this()] { return self->Serve(); },
      [ended = std::move(ended)](std::exception_ptr failure) {
        // Errors come as codes; what is thrown nevertheless is a lack of memory, and costs this connection only.
        if (failure != nullptr) base::Log(base::LogLevel::kError, "webhook_connection_failed");
        ended();
      });
}

void Connection::Drain() {
  draining_ = true;
  error_code ignored;
  if (idle_) socket_.cancel(ignored);
}

Connection::Awaitable<void> Connection::Serve() {
  while (co_await AwaitRequest()) {
    const std::unique_ptr<Response> response = co_await ReadAndAnswer();
    if (response == nullptr) break;
    if (draining_) response->keep_alive(false);
    if (!co_await Write(*response)) break;
    if (!response->keep_alive()) {
      co_await Linger();
      break;
    }
  }
  Disarm();
  error_code ignored;
  socket_.close(ignored);
}

Connection::Awaitable<bool> Connection::AwaitRequest() {
  // A request that was sent together with the one before it.
  if (buffer_.size() > 0) co_return !draining_;
  if (draining_) co_return false;
  idle_ = true;
  Arm(trusted_ ? parts_.options.idle_timeout : parts_.options.read_timeout);
  const auto [error, size] =
      co_await socket_.async_read_some(buffer_.prepare(parts_.options.header_bytes_max), kAwait);
  Disarm();
  idle_ = false;
  buffer_.commit(size);
  co_return size > 0;
}

// Beast's own limit begins anew after every piece of a head that it has parsed, so a head in small pieces would grow without end.
Connection::Awaitable<error_code> Connection::ReadHead(Parser& parser) {
  const std::size_t most = parts_.options.header_bytes_max;
  std::size_t taken = 0;
  parser.eager(false);
  while (true) {
    error_code error;
    const std::size_t used = parser.put(buffer_.data(), error);
    buffer_.consume(used);
    taken += used;
    if (error && error != http::error::need_more) co_return error;
    const bool done = parser.is_header_done();
    if (taken + (done ? 0 : buffer_.size()) > most) co_return http::error::header_limit;
    if (done) co_return error_code();
    const std::size_t left = most + 1 - taken - buffer_.size();
    const auto [broken, size] = co_await socket_.async_read_some(buffer_.prepare(left), kAwait);
    if (broken) co_return broken;
    buffer_.commit(size);
  }
}

Connection::Awaitable<std::unique_ptr<Connection::Response>> Connection::ReadAndAnswer() {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(parts_.options.header_bytes_max));
  parser.body_limit(parts_.options.body_bytes_max);
  // One deadline for the whole request: a sender that drips is cut off as well.
  Arm(parts_.options.read_timeout);
  if (const error_code error = co_await ReadHead(parser); error) co_return Refuse(error);
  if (boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    http::response<http::empty_body> go_on(http::status::continue_, 11);
    const auto [error, size] = co_await http::async_write(socket_, go_on, kAwait);
    if (error) co_return nullptr;
  }
  auto [body_error, body_size] = co_await http::async_read(socket_, buffer_, parser, kAwait);
  if (body_error) co_return Refuse(body_error);
  Disarm();
  const Request request = parser.release();
  std::unique_ptr<Response> response = co_await Answer(request);
  response->version(request.version());
  response->keep_alive(request.keep_alive());
  co_return response;
}

Connection::Awaitable<std::unique_ptr<Connection::Response>> Connection::Answer(
    const Request& request) {
  const std::string_view path = PathOf(View(request.target()));
  const bool health = path == "/readyz" || path == "/livez";
  if (!health && path != parts_.options.path) co_return MakeResponse(http::status::not_found);
  const http::verb method = health ? http::verb::get : http::verb::post;
  if (request.method() != method) {
    auto response = MakeResponse(http::status::method_not_allowed);
    response->set(http::field::allow, http::to_string(method));
    co_return response;
  }
  if (path == "/livez") co_return MakeResponse(http::status::ok, R"({"live":true})");
  if (path == "/readyz") {
    const bool ready = parts_.sink.ready() && !draining_;
    co_return MakeResponse(ready ? http::status::ok : http::status::service_unavailable,
                           ready ? R"({"ready":true})" : R"({"ready":false})");
  }
  co_return co_await TakeWebhook(request);
}

Connection::Awaitable<std::unique_ptr<Connection::Response>> Connection::TakeWebhook(
    const Request& request) {
  std::vector<std::string_view> values;
  const std::string_view header = parts_.authenticator.header();
  if (!header.empty()) {
    const auto [begin, end] =
        request.equal_range(boost::beast::string_view(header.data(), header.size()));
    for (auto field = begin; field != end; ++field) values.push_back(View(field->value()));
  }
  if (!parts_.authenticator.Accepts(values, request.body())) {
    base::Log(base::LogLevel::kWarning, "webhook_unauthorized",
              {{"header", header}, {"values", values.size()}, {"bytes", request.body().size()}});
    auto response = MakeResponse(http::status::unauthorized);
    const std::string_view challenge = parts_.authenticator.challenge();
    if (!challenge.empty()) {
      response->set(http::field::www_authenticate,
                    boost::beast::string_view(challenge.data(), challenge.size()));
    }
    co_return response;
  }
  trusted_ = true;
  auto items = Translate(request.body(), parts_.clock.Now());
  if (!items.ok()) {
    base::Log(base::LogLevel::kError, "webhook_refused",
              {{"reason", std::string(items.status().message())}});
    co_return MakeResponse(http::status::payload_too_large);
  }
  const absl::Status status = co_await HandOver(*std::move(items));
  if (!status.ok()) {
    base::Log(base::LogLevel::kError, "webhook_not_handed_over",
              {{"reason", std::string(status.message())}});
  }
  // "{}" is an answer that every client takes for JSON (Calls API §7.3).
  co_return MakeResponse(StatusOf(status), status.ok() ? "{}" : std::string_view());
}

Connection::Awaitable<absl::Status> Connection::HandOver(
    std::vector<internal::v1::InboxItem> items) {
  // The timer is nothing but a place to wait at: it keeps the io_context running until the sink has answered.
  asio::steady_timer answered(socket_.get_executor(), asio::steady_timer::time_point::max());
  absl::Status result = absl::UnknownError("the sink has not answered");
  parts_.sink.Append(std::move(items),
                     [executor = socket_.get_executor(), &answered, &result](absl::Status status) {
                       // Posted even from this thread, so that the wait below has begun before it ends.
                       asio::post(executor, [&answered, &result, status = std::move(status)] {
                         result = status;
                         answered.cancel();
                       });
                     });
  const auto [aborted] = co_await answered.async_wait(kAwait);
  base::Check(aborted == asio::error::operation_aborted, "a wait without an end has ended");
  co_return result;
}

std::unique_ptr<Connection::Response> Connection::Refuse(const error_code& error) const {
  http::status status = http::status::bad_request;
  if (error == http::error::body_limit) {
    status = http::status::payload_too_large;
  } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    status = http::status::request_header_fields_too_large;
  } else if (expired_) {
    status = http::status::request_timeout;
  } else if (error == http::error::end_of_stream || error == http::error::partial_message ||
             error.category() != http::make_error_code(http::error::body_limit).category()) {
    // Closed, or broken below HTTP.
    return nullptr;
  }
  auto response = MakeResponse(status);
  response->keep_alive(false);
  return response;
}

Connection::Awaitable<bool> Connection::Write(Response& response) {
  response.prepare_payload();
  Arm(parts_.options.write_timeout);
  const auto [error, size] = co_await http::async_write(socket_, response, kAwait);
  Disarm();
  co_return !error;
}

Connection::Awaitable<void> Connection::Linger() {
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  Arm(parts_.options.write_timeout);
  std::size_t dropped = 0;
  while (!error && dropped < kLingerBytesMax) {
    buffer_.clear();
    auto [read_error, size] = co_await socket_.async_read_some(buffer_.prepare(kReadAhead), kAwait);
    error = read_error;
    dropped += size;
  }
  Disarm();
}

void Connection::Arm(std::chrono::milliseconds timeout) {
  expired_ = false;
  timer_.expires_after(timeout);
  timer_.async_wait([self = shared_from_this(), armed = ++armed_](const error_code& error) {
    if (error || armed != self->armed_) return;
    self->expired_ = true;
    error_code ignored;
    self->socket_.cancel(ignored);
  });
}

void Connection::Disarm() {
  ++armed_;
  timer_.cancel();
}

}  // namespace callbridge::webhook
