#include "server/admin/live_line.h"

#include <algorithm>
#include <utility>

#include "server/admin/account_link.h"
#include "server/base/limits.h"
#include "webhook/credentials.h"
#include "webhook/webhook_secrets.h"

namespace callbridge::admin {

void LiveLine::Sink::Append(std::vector<internal::v1::InboxItem> items, Done done) {
  const bool refusable = std::ranges::any_of(items, [](const internal::v1::InboxItem& item) {
    return item.event().type() == internal::v1::ProviderEvent::TYPE_CONFERENCE_CREATED;
  });
  done(refusable && refuse_next.exchange(false)
           ? absl::UnavailableError("doctor asks whether the provider repeats this webhook")
           : absl::OkStatus());
}

LiveLine::LiveLine(const LineParts& parts, provider::BaseUrl own, std::vector<std::string> secrets,
                   std::stop_token stop)
    : parts_(parts),
      own_(std::move(own)),
      stop_(std::move(stop)),
      watch_(std::move(secrets), [this](webhook::SeenWebhook seen) { Keep(std::move(seen)); }) {}

absl::StatusOr<std::unique_ptr<live::Line>> LiveLine::Make(const LineParts& parts,
                                                           std::stop_token stop) {
  auto own = provider::ParseBaseUrl(parts.account.base_url);
  if (!own.ok()) return own.status();
  auto secrets = webhook::ReadWebhookSecrets(parts.webhook);
  if (!secrets.ok()) return secrets.status();
  std::unique_ptr<LiveLine> line(
      new LiveLine(parts, *std::move(own), webhook::SigningSecrets(*secrets), std::move(stop)));
  auto ingress = webhook::Ingress::Start(parts.webhook, line->sink_, parts.clock, &line->watch_);
  if (!ingress.ok()) return ingress.status();
  line->ingress_ = *std::move(ingress);
  return line;
}

provider::HttpAnswer LiveLine::Send(const provider::HttpRequest& request,
                                    const std::string& base_url) {
  provider::BaseUrl url = own_;
  if (!base_url.empty() && MaySendTo(base_url)) url = *provider::ParseBaseUrl(base_url);
  provider::Outgoing outgoing;
  outgoing.request = request;
  outgoing.base_url = url.url;
  outgoing.loopback = url.loopback;
  outgoing.authorization_header = parts_.account.authorization_header;
  outgoing.connect_timeout = base::kProviderConnectTimeout;
  outgoing.timeout = base::kProviderRequestTimeout;
  return SendAndWait(parts_.transport, std::move(outgoing));
}

bool LiveLine::MaySendTo(const std::string& base_url) const {
  const auto url = provider::ParseBaseUrl(base_url);
  return url.ok() && provider::IsAllowed(*url, parts_.account.allowed_hosts);
}

bool LiveLine::IsOwn(const std::string& base_url) const {
  const auto url = provider::ParseBaseUrl(base_url);
  return url.ok() && url->url == own_.url;
}

void LiveLine::Keep(webhook::SeenWebhook seen) {
  absl::MutexLock lock(&mutex_);
  waiting_.Push({parts_.clock.Now(), std::move(seen.headers), std::move(seen.signature),
                 seen.authentic, std::move(seen.body)});
  bell_.Ring();
}

std::optional<live::Webhook> LiveLine::WaitForWebhook(base::Time until, bool though_stopped) {
  const std::stop_callback on_stop(stop_, [this] {
    absl::MutexLock lock(&mutex_);
    bell_.Ring();
  });
  absl::MutexLock lock(&mutex_);
  bell_.WaitFor(mutex_, until - parts_.clock.Now(), [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !waiting_.empty() || (stopped() && !though_stopped);
  });
  return waiting_.Pop();
}

}  // namespace callbridge::admin
