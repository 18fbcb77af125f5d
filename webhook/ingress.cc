#include "webhook/ingress.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/descriptors.h"
#include "server/base/ingress_limits.h"
#include "server/base/log.h"
#include "server/base/network.h"
#include "server/settings/addresses.h"
#include "server/settings/certificates.h"
#include "webhook/credentials.h"
#include "webhook/tls.h"

namespace callbridge::webhook {
namespace {

using config::v1::Webhook;

absl::StatusOr<std::unique_ptr<Authenticator>> ReadBasic(const Webhook::WebhookBasic& basic) {
  auto credentials = ReadBasicCredentials(basic);
  if (!credentials.ok()) return credentials.status();
  return MakeBasicAuthenticator(*std::move(credentials));
}

absl::StatusOr<std::unique_ptr<Authenticator>> ReadHmac(const Hmac& hmac, const std::string& path) {
  auto scheme = ReadHmacScheme(hmac);
  if (!scheme.ok()) return scheme.status();
  return MakeHmacAuthenticator(*std::move(scheme), path);
}

Proxies ProxiesOf(const config::v1::WebhookProxy& settings) {
  Proxies proxies;
  for (const std::string& text : settings.addresses()) {
    const auto network = base::ParseNetwork(text);
    base::Check(network.has_value(), "the settings' networks were checked");
    proxies.networks.push_back(*network);
  }
  if (settings.header() == config::v1::WebhookProxy::HEADER_FORWARDED) {
    proxies.header = Proxies::Header::kForwarded;
  }
  return proxies;
}

absl::StatusOr<ListenerOptions> OptionsOf(const Webhook& settings) {
  const auto address = settings::ParseListenAddress(settings.listen());
  if (!address.has_value() || !address->unix_path.empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("webhook.listen: \"%s\" is not \"host:port\"", settings.listen()));
  }
  ListenerOptions options;
  options.host = address->host == "localhost" ? "127.0.0.1" : address->host;
  options.port = address->port;
  options.path = settings.path();
  options.receive_path = settings.receive_path();
  options.proxies = ProxiesOf(settings.proxy());
  options.connections_max = base::ShareDescriptors(base::DescriptorLimit()).webhook_connections;
  if (settings.has_tls()) {
    options.connections_max = std::min(options.connections_max, base::kWebhookTlsConnectionsMax);
  }
  return options;
}

std::string_view NameOf(Webhook::AuthenticationCase authentication) {
  const auto* field = Webhook::descriptor()->FindFieldByNumber(authentication);
  return field == nullptr ? std::string_view("nothing") : std::string_view(field->name());
}

absl::StatusOr<std::unique_ptr<SignatureTrial>> ReadTrial(const Webhook& settings) {
  if (!settings.has_report_only()) return nullptr;
  auto authenticator = ReadHmac(settings.report_only(), "webhook.report_only");
  if (!authenticator.ok()) return authenticator.status();
  base::Log(base::LogLevel::kWarning, "webhook_report_only",
            {{"header", settings.report_only().header()},
             {"decides", NameOf(settings.authentication_case())},
             {"help",
              "this signature refuses no request; make it webhook.hmac when webhook_trial_fits "
              "says that it fits"}});
  return std::make_unique<SignatureTrial>(*std::move(authenticator));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> ReadAuthenticator(const Webhook& webhook) {
  switch (webhook.authentication_case()) {
    case Webhook::kBasic:
      return ReadBasic(webhook.basic());
    case Webhook::kHmac:
      return ReadHmac(webhook.hmac(), "webhook.hmac");
    case Webhook::kClientCertificate:
      if (webhook.has_tls() && settings::RequiresClientCertificate(webhook.tls())) {
        return MakeCertificateAuthenticator();
      }
      return absl::InvalidArgumentError(
          "webhook.client_certificate: needs webhook.tls.client_ca_file, and "
          "webhook.tls.client_certificates: required");
    case Webhook::kProtectedBy:
      return MakeOpenAuthenticator(webhook.protected_by());
    case Webhook::AUTHENTICATION_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "webhook: needs basic, hmac, client_certificate or protected_by");
}

absl::StatusOr<std::unique_ptr<Ingress>> Ingress::Start(const Webhook& settings, InboxSink& sink,
                                                        const base::Clock& clock, Watch* watch) {
  auto authenticator = ReadAuthenticator(settings);
  if (!authenticator.ok()) return authenticator.status();
  auto options = OptionsOf(settings);
  if (!options.ok()) return options.status();
  std::unique_ptr<Ingress> ingress(new Ingress(*std::move(authenticator)));
  if (settings.has_tls()) {
    auto tls = MakeTlsContext(settings.tls());
    if (!tls.ok()) return tls.status();
    ingress->tls_ = *std::move(tls);
    options->tls = ingress->tls_.get();
  }
  auto trial = ReadTrial(settings);
  if (!trial.ok()) return trial.status();
  ingress->trial_ = *std::move(trial);
  options->trial = ingress->trial_.get();
  options->watch = watch;
  auto listener = MakeListener(ingress->io_context_, *std::move(options), *ingress->authenticator_,
                               sink, clock);
  if (!listener.ok()) return listener.status();
  ingress->listener_ = *std::move(listener);
  ingress->thread_ = std::jthread([&io_context = ingress->io_context_] { io_context.run(); });
  return ingress;
}

Ingress::Ingress(std::unique_ptr<Authenticator> authenticator)
    : authenticator_(std::move(authenticator)) {}

Ingress::~Ingress() { Drain(); }

void Ingress::Drain() {
  if (!thread_.joinable()) return;
  listener_->Drain();
  thread_.join();
}

}  // namespace callbridge::webhook
