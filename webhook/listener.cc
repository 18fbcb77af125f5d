#include "webhook/listener.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "server/base/log.h"
#include "server/base/throttled_log.h"
#include "webhook/connection.h"

namespace callbridge::webhook {
namespace {

namespace asio = boost::asio;
using boost::beast::error_code;
using Tcp = asio::ip::tcp;

// How long the loop pauses after a failed accept, or while a connection waits at the limit, so that
// it does not spin. An accept fails, for example, if no file descriptors are left.
constexpr std::chrono::milliseconds kAcceptPause{100};

// Accepts connections. It lives as long as the io_context has work for it, and the Listener is only
// the owner's handle.
class Acceptor final : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(asio::io_context& io_context, ListenerOptions options,
           const Authenticator& authenticator, InboxSink& sink, const base::Clock& clock)
      : options_(std::move(options)),
        bodies_(options_.bodies_bytes_max, options_.body_free_bytes),
        parts_{options_, authenticator, sink, clock, bodies_, log_},
        acceptor_(io_context),
        pause_(io_context),
        flush_(io_context) {}

  absl::Status Listen() {
    error_code error;
    const auto address = asio::ip::make_address(options_.host, error);
    if (error) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "webhook.listen: \"%s\" is not an IP address; write for example 127.0.0.1:8081",
          options_.host));
    }
    const Tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) {
      return absl::UnavailableError(absl::StrFormat("webhook.listen: %s:%d: %s", options_.host,
                                                    options_.port, error.message()));
    }
    return absl::OkStatus();
  }

  std::uint16_t port() const { return port_; }

  void Begin() {
    Accept();
    FlushLogLater();
  }

  void Drain() {
    if (draining_) return;
    draining_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    flush_.cancel();
    for (const auto& connection : connections_) connection->Drain();
  }

 private:
  void Accept() {
    accepting_ = true;
    acceptor_.async_accept(
        [self = shared_from_this()](const error_code& error, Tcp::socket socket) {
          self->accepting_ = false;
          self->OnAccept(error, std::move(socket));
        });
  }

  void OnAccept(const error_code& error, Tcp::socket socket) {
    if (draining_) return;
    if (error) {
      log_.Log(base::LogLevel::kError, "webhook_accept_failed", {}, error.message());
      MaybeAcceptLater();
      return;
    }
    error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    auto connection = std::make_shared<Connection>(std::move(socket), parts_);
    connections_.insert(connection);
    // The parts live in this object, so the closure keeps it until the connection ends.
    connection->Start([self = shared_from_this(), connection] {
      self->connections_.erase(connection);
      self->MaybeAccept();
    });
    MaybeAccept();
  }

  bool AtTheCap() const { return connections_.size() >= options_.connections_max; }

  // Accepts the next connection. At the limit further connections wait in the kernel's queue until
  // one ends.
  void MaybeAccept() {
    if (draining_ || accepting_) return;
    if (AtTheCap()) {
      AwaitNext();
    } else {
      Accept();
    }
  }

  // Waits until a connection stands in the queue, and then ends an idle connection of a stranger.
  // If there is none, it tries again after a pause.
  void AwaitNext() {
    if (awaiting_next_) return;
    awaiting_next_ = true;
    acceptor_.async_wait(Tcp::acceptor::wait_read,
                         [self = shared_from_this()](const error_code& error) {
                           self->awaiting_next_ = false;
                           if (error || self->draining_ || !self->AtTheCap()) return;
                           if (!self->EndIdleStranger()) self->MaybeAcceptLater();
                         });
  }

  bool EndIdleStranger() {
    std::vector<std::shared_ptr<Connection>> strangers;
    std::ranges::copy_if(connections_, std::back_inserter(strangers),
                         [](const auto& connection) { return connection->idle_stranger(); });
    if (strangers.empty()) return false;
    const auto oldest = std::ranges::min_element(
        strangers, {}, [](const auto& connection) { return connection->idle_since(); });
    (*oldest)->Drain();
    return true;
  }

  void MaybeAcceptLater() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([self = shared_from_this()](const error_code& stopped) {
      if (!stopped) self->MaybeAccept();
    });
  }

  void FlushLogLater() {
    flush_.expires_after(base::kLogRepeatInterval);
    flush_.async_wait([self = shared_from_this()](const error_code& stopped) {
      if (stopped || self->draining_) return;
      self->log_.Flush();
      self->FlushLogLater();
    });
  }

  const ListenerOptions options_;
  BodyBudget bodies_;
  base::ThrottledLog log_;
  const ConnectionParts parts_;
  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::steady_timer flush_;
  std::set<std::shared_ptr<Connection>> connections_;
  std::uint16_t port_ = 0;
  bool accepting_ = false;
  bool awaiting_next_ = false;
  bool draining_ = false;
};

class TcpListener final : public Listener {
 public:
  TcpListener(asio::io_context& io_context, std::shared_ptr<Acceptor> acceptor)
      : io_context_(io_context), acceptor_(std::move(acceptor)) {}

  std::uint16_t port() const override { return acceptor_->port(); }

  void Drain() override {
    asio::post(io_context_, [acceptor = acceptor_] { acceptor->Drain(); });
  }

 private:
  asio::io_context& io_context_;
  const std::shared_ptr<Acceptor> acceptor_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> MakeListener(asio::io_context& io_context,
                                                       ListenerOptions options,
                                                       const Authenticator& authenticator,
                                                       InboxSink& sink, const base::Clock& clock) {
  auto acceptor =
      std::make_shared<Acceptor>(io_context, std::move(options), authenticator, sink, clock);
  if (const absl::Status status = acceptor->Listen(); !status.ok()) return status;
  acceptor->Begin();
  return std::make_unique<TcpListener>(io_context, std::move(acceptor));
}

}  // namespace callbridge::webhook
