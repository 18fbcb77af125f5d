// The ingress as both processes run it: authenticator, listener and the thread they run on, made
// from the settings. It promises that a webhook which was taken is answered, also when the ingress
// ends; it does not own what it hands over to.
#pragma once

#include <absl/status/statusor.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <thread>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/clock.h"
#include "webhook/authenticate.h"
#include "webhook/inbox_sink.h"
#include "webhook/listener.h"

namespace callbridge::webhook {

// As the settings say; reads the secret files. Whatever is wrong with them is in the status, and
// never their content.
absl::StatusOr<std::unique_ptr<Authenticator>> ReadAuthenticator(
    const config::v1::Webhook& settings);

class Ingress {
 public:
  // Takes effective settings and begins to listen. sink and clock must outlive it. INVALID_ARGUMENT
  // and others of ReadAuthenticator and MakeListener.
  static absl::StatusOr<std::unique_ptr<Ingress>> Start(const config::v1::Webhook& settings,
                                                        InboxSink& sink, const base::Clock& clock);
  // Drains.
  ~Ingress();

  std::uint16_t port() const { return listener_->port(); }
  // Takes no more webhooks, and returns when those under way are answered: within the read timeout,
  // the hand-over's hold and twice the write timeout (kIngressDrainMax). Not thread-safe.
  void Drain();

 private:
  explicit Ingress(std::unique_ptr<Authenticator> authenticator)
      : authenticator_(std::move(authenticator)) {}

  const std::unique_ptr<Authenticator> authenticator_;
  boost::asio::io_context io_context_{1};
  std::unique_ptr<Listener> listener_;
  std::jthread thread_;
};

}  // namespace callbridge::webhook
