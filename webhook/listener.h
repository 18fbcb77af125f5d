// The HTTP side of the ingress: it takes webhooks on its two paths and answers 200 only when the
// sink says that they are durable. GET /readyz tells whether hand-overs succeed, and GET /livez
// that the process lives. It runs on an io_context with a single thread that its owner provides,
// and never blocks that thread. It never logs a body or a secret that it received.
#pragma once

#include <absl/status/statusor.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/base/clock.h"
#include "server/base/ingress_limits.h"
#include "webhook/authenticate.h"
#include "webhook/inbox_sink.h"
#include "webhook/proxies.h"

namespace boost::asio::ssl {
class context;
}

namespace callbridge::webhook {

class SignatureTrial;
class Watch;

struct ListenerOptions {
  // An IP address.
  std::string host = "127.0.0.1";
  // The port; 0 means any free port.
  std::uint16_t port = 0;
  std::string path = "/infobip/events";
  // A second path of webhooks; empty means none.
  std::string receive_path = {};
  // Connections begin with a handshake of TLS; null means plain HTTP. It is lent.
  boost::asio::ssl::context* tls = nullptr;
  // Judges requests without refusing any; null means none. It is lent.
  SignatureTrial* trial = nullptr;
  // Sees each webhook whole, before it is answered; null means none. It is lent.
  Watch* watch = nullptr;
  Proxies proxies = {};

  std::size_t body_bytes_max = base::kWebhookBodyBytesMax;
  std::size_t header_bytes_max = base::kWebhookHeaderBytesMax;
  std::size_t connections_max = base::kWebhookConnectionsMax;
  // The limit for all bodies together, beyond the first body_free_bytes of each.
  std::size_t bodies_bytes_max = base::kWebhookBodiesBytesMax;
  std::size_t body_free_bytes = base::kWebhookBodyFreeBytes;
  // The time from a request's first byte to its last, and that of a handshake; also how long a new
  // connection may stay silent.
  std::chrono::milliseconds read_timeout = base::kWebhookReadTimeout;
  // The time between two requests, after an authentic webhook has come.
  std::chrono::milliseconds idle_timeout = base::kWebhookIdleTimeout;
  // The time between two requests, before an authentic webhook has come. At connections_max such
  // connections are closed sooner, to make room.
  std::chrono::milliseconds stranger_idle_timeout = base::kWebhookStrangerIdleTimeout;
  std::chrono::milliseconds write_timeout = base::kWebhookWriteTimeout;
};

class Listener {
 public:
  virtual ~Listener() = default;

  // The port on which the listener listens.
  virtual std::uint16_t port() const = 0;
  // Stops listening, closes idle connections, and lets requests that have begun end with their
  // answers. After the last of them the listener leaves no work on the io_context, so that its
  // run() returns. Thread-safe; returns at once.
  virtual void Drain() = 0;
};

// Begins to listen; connections are served while io_context runs, on one thread. The other
// arguments must outlive the run. INVALID_ARGUMENT means that host is not an IP address,
// UNAVAILABLE that the address cannot be used.
absl::StatusOr<std::unique_ptr<Listener>> MakeListener(boost::asio::io_context& io_context,
                                                       ListenerOptions options,
                                                       const Authenticator& authenticator,
                                                       InboxSink& sink, const base::Clock& clock);

}  // namespace callbridge::webhook
