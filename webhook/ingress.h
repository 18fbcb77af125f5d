// The ingress as both processes run it: authenticator, listener and their thread, made from the
// settings. Every webhook that was taken is answered, also when the ingress ends. It does not own
// the sink to which it hands over.
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
#include "webhook/signature_trial.h"

namespace callbridge::webhook {

// Makes the authenticator of the settings; reads the secret files. The status says what is wrong
// with them, and never their content.
absl::StatusOr<std::unique_ptr<Authenticator>> ReadAuthenticator(
    const config::v1::Webhook& webhook);

class Ingress {
 public:
  // Begins to listen. settings: effective settings. sink, clock and watch (ListenerOptions)
  // must outlive it. Errors are
  // INVALID_ARGUMENT and those of ReadAuthenticator, MakeTlsContext and MakeListener.
  static absl::StatusOr<std::unique_ptr<Ingress>> Start(const config::v1::Webhook& settings,
                                                        InboxSink& sink, const base::Clock& clock,
                                                        Watch* watch = nullptr);
  // Drains.
  ~Ingress();

  std::uint16_t port() const { return listener_->port(); }
  // Takes no more webhooks, and returns when those under way are answered. That takes up to the
  // read timeout, the hand-over's hold and twice the write timeout (kIngressDrainMax). Not
  // thread-safe.
  void Drain();

 private:
  explicit Ingress(std::unique_ptr<Authenticator> authenticator);

  const std::unique_ptr<Authenticator> authenticator_;
  // Null without webhook.tls and webhook.report_only.
  std::unique_ptr<boost::asio::ssl::context> tls_;
  std::unique_ptr<SignatureTrial> trial_;
  boost::asio::io_context io_context_{1};
  std::unique_ptr<Listener> listener_;
  std::jthread thread_;
};

}  // namespace callbridge::webhook
