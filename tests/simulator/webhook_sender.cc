#include "tests/simulator/webhook_sender.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

#include "tests/simulator/json_writer.h"
#include "tests/simulator/limits.h"

namespace callbridge::simulator {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = boost::asio::ip::tcp;

// One connection, kept open between posts. The sender may be gone when an operation ends: then io
// is being destroyed too and no handler runs.
class WebhookSender::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(WebhookSender& sender, asio::io_context& io)
      : sender_(sender), resolver_(io), stream_(io) {}

  bool idle() const { return !post_.has_value(); }

  void Start(Post post) {
    post_ = std::move(post);
    reused_ = connected_;
    if (connected_) return Write();
    Connect();
  }

 private:
  void Connect() {
    stream_.expires_after(kWebhookTimeout);
    resolver_.async_resolve(sender_.target_.host, sender_.target_.port,
                            [self = shared_from_this()](const error_code& error,
                                                        const tcp::resolver::results_type& found) {
                              if (error) return self->Fail();
                              self->stream_.async_connect(
                                  found, [self](const error_code& refused, const tcp::endpoint&) {
                                    if (refused) return self->Fail();
                                    self->connected_ = true;
                                    self->Write();
                                  });
                            });
  }

  void Write() {
    const WebhookTarget& target = sender_.target_;
    request_ = {http::verb::post, post_->path, 11};
    request_.set(http::field::host, target.host + ":" + target.port);
    request_.set(http::field::user_agent, "infobip-simulator");
    request_.set(http::field::content_type, "application/json");
    // The settings were checked at the start, so that this cannot fail here.
    const auto header = SignWebhook(target.authentication, post_->body);
    if (header.ok() && !header->first.empty()) request_.set(header->first, header->second);
    request_.body() = post_->body;
    request_.prepare_payload();
    stream_.expires_after(kWebhookTimeout);
    http::async_write(stream_, request_,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (error) return self->Fail();
                        self->Read();
                      });
  }

  void Read() {
    parser_.emplace();
    parser_->body_limit(kWebhookAnswerBytesMax);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                       if (error) return self->Fail();
                       self->Answered();
                     });
  }

  void Answered() {
    const int status = static_cast<int>(parser_->get().result_int());
    if (!parser_->get().keep_alive()) Close();
    Post post = std::move(*post_);
    post_.reset();
    sender_.OnAnswered(std::move(post), status);
  }

  void Fail() {
    Close();
    // A kept connection may have died idle: the post has not been seen, and a new connection tells.
    if (reused_) {
      reused_ = false;
      return Connect();
    }
    Post post = std::move(*post_);
    post_.reset();
    sender_.OnFailed(std::move(post));
  }

  void Close() {
    connected_ = false;
    buffer_.clear();
    stream_.close();
  }

  WebhookSender& sender_;
  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  std::optional<http::response_parser<http::string_body>> parser_;
  std::optional<Post> post_;
  bool connected_ = false;
  bool reused_ = false;
};

WebhookSender::WebhookSender(asio::io_context& io, WebhookTarget target, const base::Clock& clock)
    : io_(io), target_(std::move(target)), clock_(clock) {
  for (std::size_t index = 0; index < target_.connections; ++index) {
    connections_.push_back(std::make_shared<Connection>(*this, io));
  }
}

WebhookSender::~WebhookSender() = default;

void WebhookSender::Send(const std::string& type, std::string body) {
  if (target_.host.empty()) return;
  const bool apart = type == "CALL_RECEIVED" && !target_.receive_path.empty();
  waiting_.push_back({apart ? target_.receive_path : target_.path, std::move(body), 0, {}});
  if (waiting_.size() > kDeliveriesWaitingMax) {
    waiting_.pop_front();
    ++counts_.given_up;
  }
  Feed();
}

WebhookCounts WebhookSender::counts() const {
  WebhookCounts counts = counts_;
  counts.waiting += static_cast<std::int64_t>(waiting_.size());
  for (const auto& connection : connections_) counts.waiting += connection->idle() ? 0 : 1;
  return counts;
}

void WebhookSender::Feed() {
  for (const auto& connection : connections_) {
    if (waiting_.empty()) return;
    if (!connection->idle()) continue;
    Post post = std::move(waiting_.front());
    waiting_.pop_front();
    post.posted = clock_.Now();
    connection->Start(std::move(post));
  }
}

void WebhookSender::Remember(const Post& post, int status) {
  records_.push_back({post.posted, clock_.Now(), status, post.body});
  if (records_.size() > kWebhooksKept) records_.pop_front();
}

std::string WebhookSender::Journal() const {
  JsonWriter writer;
  writer.BeginObject();
  writer.BeginArray("webhooks");
  for (const Record& record : records_) {
    writer.BeginObject();
    writer.Moment("posted", record.posted);
    writer.Moment("answered", record.answered);
    writer.Integer("status", record.status);
    writer.Text("body", record.body);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

void WebhookSender::OnAnswered(Post post, int status) {
  Remember(post, status);
  if (status == 200) {
    ++counts_.accepted;
  } else {
    ++counts_.refused;
    MaybeRepeat(std::move(post));
  }
  Feed();
}

void WebhookSender::OnFailed(Post post) {
  Remember(post, 0);
  ++counts_.failed;
  MaybeRepeat(std::move(post));
  Feed();
}

void WebhookSender::MaybeRepeat(Post post) {
  const auto pause = PauseBeforeRepeat(target_.schedule, ++post.posts);
  if (!pause) {
    ++counts_.given_up;
    return;
  }
  ++counts_.repeated;
  ++counts_.waiting;
  auto timer = std::make_shared<asio::steady_timer>(io_, *pause);
  timer->async_wait([this, timer, post = std::move(post)](const error_code& stopped) mutable {
    if (stopped) return;
    --counts_.waiting;
    waiting_.push_back(std::move(post));
    Feed();
  });
}

}  // namespace callbridge::simulator
