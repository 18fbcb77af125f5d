#include "webhook/ingress.h"

#include <absl/strings/str_format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/descriptors.h"
#include "server/settings/addresses.h"
#include "server/settings/files.h"

namespace callbridge::webhook {
namespace {

using config::v1::Webhook;

absl::StatusOr<std::unique_ptr<Authenticator>> ReadBasic(const Webhook::WebhookBasic& settings) {
  std::vector<BasicCredential> credentials;
  for (const config::v1::Basic& entry : settings.credentials()) {
    auto password = settings::ReadSecretFile(entry.password_file());
    if (!password.ok()) return password.status();
    credentials.push_back({entry.username(), *std::move(password)});
  }
  return MakeBasicAuthenticator(std::move(credentials));
}

absl::StatusOr<std::unique_ptr<Authenticator>> ReadHmac(const Webhook::WebhookHmac& settings) {
  HmacScheme scheme;
  scheme.header = settings.header();
  scheme.prefix = settings.prefix();
  scheme.encoding = settings.encoding();
  scheme.algorithm = settings.algorithm();
  for (const std::string& file : settings.secret_files()) {
    auto secret = settings::ReadSecretFile(file);
    if (!secret.ok()) return secret.status();
    scheme.secrets.push_back(*std::move(secret));
  }
  return MakeHmacAuthenticator(std::move(scheme));
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
  options.connections_max = base::ShareDescriptors(base::DescriptorLimit()).webhook_connections;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Authenticator>> ReadAuthenticator(const Webhook& settings) {
  switch (settings.authentication_case()) {
    case Webhook::kBasic:
      return ReadBasic(settings.basic());
    case Webhook::kHmac:
      return ReadHmac(settings.hmac());
    case Webhook::kProtectedBy:
      return MakeOpenAuthenticator(settings.protected_by());
    case Webhook::AUTHENTICATION_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("webhook: needs basic, hmac or protected_by");
}

absl::StatusOr<std::unique_ptr<Ingress>> Ingress::Start(const Webhook& settings, InboxSink& sink,
                                                        const base::Clock& clock) {
  auto authenticator = ReadAuthenticator(settings);
  if (!authenticator.ok()) return authenticator.status();
  auto options = OptionsOf(settings);
  if (!options.ok()) return options.status();
  std::unique_ptr<Ingress> ingress(new Ingress(*std::move(authenticator)));
  auto listener = MakeListener(ingress->io_context_, *std::move(options), *ingress->authenticator_,
                               sink, clock);
  if (!listener.ok()) return listener.status();
  ingress->listener_ = *std::move(listener);
  ingress->thread_ = std::jthread([&io_context = ingress->io_context_] { io_context.run(); });
  return ingress;
}

Ingress::~Ingress() { Drain(); }

void Ingress::Drain() {
  if (!thread_.joinable()) return;
  listener_->Drain();
  thread_.join();
}

}  // namespace callbridge::webhook
