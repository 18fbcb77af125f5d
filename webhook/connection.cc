#include "webhook/connection.h"

#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "server/base/check.h"
#include "server/base/json_text.h"
#include "server/base/limits.h"
#include "webhook/handshake.h"
#include "webhook/sender.h"
#include "webhook/signature_trial.h"
#include "webhook/translate.h"
#include "webhook/watch.h"

namespace callbridge::webhook {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// How many bytes are read at a time. An idle connection holds the first number, and a connection
// that reads a body holds the second.
constexpr std::size_t kFirstRead = 4 * 1024;
constexpr std::size_t kRead = 16 * 1024;
// Up to this many bytes of a refused request are read and dropped.
constexpr std::size_t kLingerBytesMax = 1024 * 1024;

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

// Writes the time as RFC 9110 §5.6.7 demands.
std::string HttpDate(base::Time now) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT",
                          absl::FromUnixNanos(now.time_since_epoch().count()), absl::UTCTimeZone());
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const ConnectionParts& parts)
    : stream_(std::move(socket)),
      buffer_(parts.options.header_bytes_max + kRead),
      parts_(parts),
      idle_since_(Clock::now()) {}

void Connection::Start(std::function<void()> ended) {
  asio::co_spawn(
      stream_.get_executor(), [self = shared_from_this()] { return self->Serve(); },
      [&log = parts_.log, ended = std::move(ended)](std::exception_ptr failure) {
        // Errors come as codes, so an exception means a lack of memory. It ends only this
        // connection.
        if (failure != nullptr) log.Log(base::LogLevel::kError, "webhook_connection_failed", {});
        ended();
      });
}

void Connection::Drain() {
  draining_ = true;
  if (idle_ || shaking_hands_) stream_.cancel();
}

Connection::Awaitable<void> Connection::Serve() {
  const bool ready = parts_.options.tls == nullptr || co_await ShakeHands();
  while (ready && co_await AwaitRequest()) {
    const std::unique_ptr<Response> response = co_await ReadAndAnswer();
    if (response == nullptr) break;
    if (draining_) response->keep_alive(false);
    if (!co_await Write(*response)) break;
    answered_ = true;
    if (!response->keep_alive()) {
      co_await Linger();
      break;
    }
  }
  stream_.close();
}

Connection::Awaitable<bool> Connection::ShakeHands() {
  // The first bytes are read before TLS begins. Until they come the connection can be closed to
  // make room, and plain text gets an answer that says so.
  if (!co_await AwaitRequest()) co_return false;
  if (!BeginsTls(Buffered())) {
    const auto response = Refuse(RefusePlain(Buffered()));
    response->keep_alive(false);
    if (co_await Write(*response)) co_await Linger();
    co_return false;
  }
  // One deadline holds for the whole handshake, as for a request.
  stream_.expires_after(parts_.options.read_timeout);
  shaking_hands_ = true;
  const auto [error, used] =
      co_await stream_.BeginTls(*parts_.options.tls)
          .async_handshake(asio::ssl::stream_base::server, buffer_.data(), kAwait);
  shaking_hands_ = false;
  buffer_.consume(used);
  if (error && !draining_) {
    parts_.log.Log(
        base::LogLevel::kWarning, "webhook_handshake_failed",
        ReasonOfFailedHandshake(error, SSL_get_verify_result(stream_.tls()->native_handle())),
        absl::StrFormat("from %s: %s", SenderOf(Request()), error.message()));
  }
  // A client says nothing behind its first message before it has heard the answer, so bytes that
  // are left are no part of TLS.
  co_return !error && buffer_.size() == 0;
}

Connection::Awaitable<bool> Connection::AwaitRequest() {
  line_read_ = false;
  // The buffer holds a request that was sent together with the one before it.
  if (buffer_.size() > 0) co_return !draining_;
  if (draining_) co_return false;
  buffer_.shrink_to_fit();
  idle_ = true;
  idle_since_ = Clock::now();
  stream_.expires_after(trusted_    ? parts_.options.idle_timeout
                        : answered_ ? parts_.options.stranger_idle_timeout
                                    : parts_.options.read_timeout);
  const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(kFirstRead), kAwait);
  idle_ = false;
  buffer_.commit(size);
  co_return size > 0;
}

std::string_view Connection::Buffered() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

// Reads the head with a limit for the whole head. Beast's own limit begins anew after every piece
// that it has parsed, so a head in small pieces could grow without end.
Connection::Awaitable<error_code> Connection::ReadHead(Parser& parser) {
  const std::size_t most = parts_.options.header_bytes_max;
  std::size_t taken = 0;
  parser.eager(false);
  while (true) {
    const std::string_view bytes = Buffered();
    error_code error;
    std::size_t used = 0;
    if (!line_read_ && (bytes == "\r" || bytes.starts_with("\r\n"))) {
      // RFC 9112 §2.2 lets a server ignore an empty line before a request.
      used = bytes.size() == 1 ? 0 : 2;
      error = used == 0 ? http::error::need_more : error_code();
    } else {
      used = parser.put(buffer_.data(), error);
      line_read_ = line_read_ || used > 0;
    }
    buffer_.consume(used);
    taken += used;
    if (error && error != http::error::need_more) co_return error;
    // What follows the empty line stands in the buffer already, so it is parsed before more is
    // read.
    if (used > 0 && !line_read_ && buffer_.size() > 0 && taken <= most) continue;
    const bool done = parser.is_header_done();
    if (taken + (done ? 0 : buffer_.size()) > most) co_return http::error::header_limit;
    if (done) co_return error_code();
    const std::size_t left = std::min(most + 1 - taken - buffer_.size(), kFirstRead);
    const auto [broken, size] = co_await stream_.async_read_some(buffer_.prepare(left), kAwait);
    if (broken) co_return broken;
    buffer_.commit(size);
  }
}

Connection::Awaitable<std::unique_ptr<Connection::Response>> Connection::ReadAndAnswer() {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(parts_.options.header_bytes_max));
  parser.body_limit(parts_.options.body_bytes_max);
  parser.get().body().share = BodyShare(parts_.bodies);
  // The deadline holds for the whole request, so that it also ends a sender that sends very slowly.
  stream_.expires_after(parts_.options.read_timeout);
  if (const error_code error = co_await ReadHead(parser); error) {
    co_return RefuseUnreadable(error);
  }
  const Judgement judgement =
      JudgeHead(parser.get().base(), {parts_.options.path, parts_.options.receive_path});
  if (judgement.refusal.status != http::status::ok) {
    auto response = Refuse(judgement.refusal);
    response->version(parser.get().version());
    // If the refused request has a body, the connection closes. Otherwise the unread body would be
    // taken for the next request.
    response->keep_alive(parser.get().keep_alive() && !judgement.close &&
                         !HasBody(parser.get().base()));
    if (parser.get().method() == http::verb::head) response->body().clear();
    co_return response;
  }
  if (judgement.awaits_continue) {
    http::response<http::empty_body> go_on(http::status::continue_, 11);
    const auto [error, size] = co_await http::async_write(stream_, go_on, kAwait);
    if (error) co_return nullptr;
  }
  if (HasBody(parser.get().base())) buffer_.reserve(kRead);
  const auto [body_error, body_size] = co_await http::async_read(stream_, buffer_, parser, kAwait);
  if (body_error) co_return RefuseUnreadable(body_error);
  Request request = parser.release();
  const unsigned version = request.version();
  const bool keep_alive = request.keep_alive() && !judgement.close;
  std::unique_ptr<Response> response = co_await Answer(std::move(request), judgement.resource);
  response->version(version);
  response->keep_alive(keep_alive);
  co_return response;
}

Connection::Awaitable<std::unique_ptr<Connection::Response>> Connection::Answer(Request request,
                                                                                Resource resource) {
  if (resource != Resource::kWebhooks) co_return AnswerHealth(request, resource);
  co_return co_await TakeWebhook(std::move(request));
}

std::unique_ptr<Connection::Response> Connection::AnswerHealth(const Request& request,
                                                               Resource resource) const {
  auto response = MakeResponse(http::status::ok, R"({"live":true})");
  if (resource == Resource::kReady) {
    const bool ready = parts_.sink.ready() && !draining_;
    response = MakeResponse(ready ? http::status::ok : http::status::service_unavailable,
                            ready ? R"({"ready":true})" : R"({"ready":false})");
  }
  if (request.method() == http::verb::head) {
    // The length is that of the answer to GET, although the content is left out (RFC 9110 §9.3.2).
    response->content_length(response->body().size());
    response->body().clear();
  }
  return response;
}

bool Connection::IsAuthentic(const Request& request) {
  const std::string& body = request.body().text;
  const std::string_view header = parts_.authenticator.header();
  const bool refused = !parts_.authenticator.Accepts(ValuesOf(request.base(), header), body);
  if (parts_.options.watch != nullptr) parts_.options.watch->Saw(request.base(), body, !refused);
  if (refused) {
    parts_.log.Log(base::LogLevel::kWarning, "webhook_unauthorized", {},
                   DescribeRequest(request.base(), header, body.size(), SenderOf(request)));
    return false;
  }
  if (parts_.options.trial != nullptr) {
    parts_.options.trial->Judge(request.base(), body, SenderOf(request), parts_.log);
  }
  return true;
}

std::string Connection::SenderOf(const Request& request) {
  error_code error;
  const auto peer = stream_.socket().remote_endpoint(error).address();
  std::optional<base::IpAddress> address;
  if (!error) {
    address =
        (peer.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, peer.to_v4()) : peer.to_v6())
            .to_bytes();
  }
  return DescribeSender(address, request.base(), parts_.options.proxies);
}

std::unique_ptr<Connection::Response> Connection::RefuseUnauthorized() const {
  auto response = MakeResponse(http::status::unauthorized);
  const std::string_view challenge = parts_.authenticator.challenge();
  if (!challenge.empty()) response->set(http::field::www_authenticate, BeastView(challenge));
  return response;
}

Connection::Awaitable<std::unique_ptr<Connection::Response>> Connection::TakeWebhook(
    Request request) {
  if (!IsAuthentic(request)) co_return RefuseUnauthorized();
  trusted_ = true;
  auto items = Translate(request.body().text, parts_.clock.Now());
  // The body's text is freed here. Its share of the budget is kept until the request is answered,
  // because the items are as large.
  std::string().swap(request.body().text);
  if (!items.ok()) {
    parts_.log.Log(base::LogLevel::kError, "webhook_refused", {},
                   std::string(items.status().message()));
    co_return MakeResponse(http::status::payload_too_large);
  }
  const absl::Status status = co_await HandOver(*std::move(items));
  if (!status.ok()) {
    parts_.log.Log(base::LogLevel::kError, "webhook_not_handed_over", {},
                   std::string(status.message()));
  }
  // Every client accepts "{}" as JSON (docs/provider.md §7.3).
  co_return MakeResponse(StatusOf(status), status.ok() ? "{}" : std::string_view());
}

Connection::Awaitable<absl::Status> Connection::HandOver(
    std::vector<internal::v1::InboxItem> items) {
  // The timer never ends by itself. It keeps the io_context running until the sink has answered.
  asio::steady_timer answered(stream_.get_executor(), asio::steady_timer::time_point::max());
  absl::Status result = absl::UnknownError("the sink has not answered");
  parts_.sink.Append(std::move(items),
                     [executor = stream_.get_executor(), &answered, &result](absl::Status status) {
                       // The answer is posted even from this thread, so that the wait below begins
                       // before it ends.
                       asio::post(executor, [&answered, &result, status = std::move(status)] {
                         result = status;
                         answered.cancel();
                       });
                     });
  const auto [aborted] = co_await answered.async_wait(kAwait);
  base::Check(aborted == asio::error::operation_aborted, "a wait without an end has ended");
  co_return result;
}

std::unique_ptr<Connection::Response> Connection::RefuseUnreadable(const error_code& error) {
  Refusal refusal{http::status::bad_request, "the request is not HTTP as RFC 9112 defines it",
                  error.message()};
  if (error == boost::beast::error::timeout) {
    parts_.log.Log(base::LogLevel::kWarning, "webhook_request_too_slow",
                   "a request was not complete in time; its connection was closed");
    return nullptr;
  }
  if (error == boost::system::errc::not_enough_memory) {
    refusal = {
        http::status::service_unavailable,
        "the bodies of unfinished requests fill the memory that is meant for them; try again",
        {},
        http::field::retry_after,
        "1"};
  } else if (error == http::error::body_limit) {
    refusal = {http::status::payload_too_large, "the body is too large"};
  } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    refusal = line_read_ ? Refusal{http::status::request_header_fields_too_large,
                                   "the headers are too large"}
                         : Refusal{http::status::uri_too_long, "the first line is too long"};
  } else if (error == http::error::end_of_stream || error == http::error::partial_message ||
             error.category() != http::make_error_code(http::error::body_limit).category()) {
    // Such an error means that the connection is closed, or broken below HTTP.
    return nullptr;
  } else if (!line_read_) {
    refusal = RefuseNonsense(Buffered());
  }
  auto response = Refuse(refusal);
  response->keep_alive(false);
  return response;
}

std::unique_ptr<Connection::Response> Connection::Refuse(const Refusal& refusal) {
  parts_.log.Log(base::LogLevel::kWarning, "webhook_request_refused", refusal.reason,
                 refusal.detail);
  std::string body = R"({"error":)";
  base::AppendJsonString(refusal.reason, body);
  auto response = MakeResponse(refusal.status, body + "}");
  if (refusal.header != http::field::unknown) {
    response->set(refusal.header, BeastView(refusal.value));
  }
  return response;
}

Connection::Awaitable<bool> Connection::Write(Response& response) {
  // RFC 9110 §6.6.1 demands the date in each response.
  response.set(http::field::date, HttpDate(parts_.clock.Now()));
  if (!response.has_content_length()) response.prepare_payload();
  stream_.expires_after(parts_.options.write_timeout);
  const auto [error, size] = co_await http::async_write(stream_, response, kAwait);
  co_return !error;
}

Connection::Awaitable<void> Connection::Linger() {
  // One deadline holds for all of it.
  stream_.expires_after(parts_.options.write_timeout);
  // Without the close_notify of TLS the client could not tell the end from an attack. It waits for
  // that of the client, or for any other record.
  if (stream_.tls() != nullptr) co_await stream_.tls()->async_shutdown(kAwait);
  error_code error;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  std::size_t dropped = 0;
  while (!error && dropped < kLingerBytesMax) {
    buffer_.clear();
    const auto [read_error, size] =
        co_await stream_.below().async_read_some(buffer_.prepare(kFirstRead), kAwait);
    error = read_error;
    dropped += size;
  }
}

}  // namespace callbridge::webhook
