// The line of doctor --live to the provider: requests over the service's own transport, and
// webhooks at webhook.listen, in the place of the ingress. decision 0054 says why there.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "callbridge/config/v1/webhook.pb.h"
#include "server/admin/webhook_queue.h"
#include "server/base/bell.h"
#include "server/base/clock.h"
#include "server/live/line.h"
#include "server/provider/account_options.h"
#include "server/provider/base_url.h"
#include "server/provider/transport.h"
#include "webhook/inbox_sink.h"
#include "webhook/ingress.h"
#include "webhook/watch.h"

namespace callbridge::admin {

// What a line works with. All of it must outlive the line.
struct LineParts {
  provider::Transport& transport;
  const base::Clock& clock;
  const provider::AccountOptions& account;
  // Effective settings.
  const config::v1::Webhook& webhook;
};

class LiveLine final : public live::Line {
 public:
  // Begins to listen. stop: the operator's wish to stop. The errors are those of ParseBaseUrl, of
  // the files of secrets, and of Ingress::Start.
  static absl::StatusOr<std::unique_ptr<live::Line>> Make(const LineParts& parts,
                                                          std::stop_token stop);

  provider::HttpAnswer Send(const provider::HttpRequest& request,
                            const std::string& base_url) override;
  bool MaySendTo(const std::string& base_url) const override;
  bool IsOwn(const std::string& base_url) const override;
  std::optional<live::Webhook> WaitForWebhook(base::Time until, bool though_stopped) override;
  void RefuseNextWebhook() override { sink_.refuse_next = true; }
  base::Time Now() const override { return parts_.clock.Now(); }
  bool stopped() const override { return stop_.stop_requested(); }

 private:
  // Takes every webhook, because nobody uses it, and refuses one if a script asks for that.
  class Sink final : public webhook::InboxSink {
   public:
    void Append(std::vector<internal::v1::InboxItem> items, Done done) override;
    bool ready() const override { return true; }

    std::atomic<bool> refuse_next = false;
  };

  LiveLine(const LineParts& parts, provider::BaseUrl own, std::vector<std::string> secrets,
           std::stop_token stop);
  void Keep(webhook::SeenWebhook seen);

  const LineParts parts_;
  const provider::BaseUrl own_;
  const std::stop_token stop_;

  absl::Mutex mutex_;
  base::Bell bell_;
  WebhookQueue waiting_ ABSL_GUARDED_BY(mutex_);

  Sink sink_;
  webhook::Watch watch_;
  // Ends first, so that no webhook comes to what is gone.
  std::unique_ptr<webhook::Ingress> ingress_;
};

}  // namespace callbridge::admin
