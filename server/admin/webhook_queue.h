// The webhooks that doctor --live has received and not looked at yet. It looks at them after each
// request, so that they are those of a few seconds.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "server/live/line.h"

namespace callbridge::admin {

// A busy account sends some hundred webhooks in a second, of a few KiB, and a request takes up to
// ten seconds.
inline constexpr std::size_t kWebhooksWaitingMax = 10'000;
// Strangers may send any number of those that the authentication refuses. A few show that it does.
inline constexpr std::size_t kRefusedWebhooksWaitingMax = 100;

// Not thread-safe.
class WebhookQueue {
 public:
  // A webhook for which there is no room is dropped, as if it had been lost on its way.
  void Push(live::Webhook webhook) {
    if (waiting_.size() >= kWebhooksWaitingMax) return;
    if (!webhook.authentic && refused_++ >= kRefusedWebhooksWaitingMax) return;
    waiting_.push_back(std::move(webhook));
  }

  // The one that came first, if there is one.
  std::optional<live::Webhook> Pop() {
    if (waiting_.empty()) return std::nullopt;
    live::Webhook webhook = std::move(waiting_.front());
    waiting_.pop_front();
    if (waiting_.empty()) refused_ = 0;
    return webhook;
  }

  bool empty() const { return waiting_.empty(); }

 private:
  std::deque<live::Webhook> waiting_;
  // Those of them, and of the dropped ones, that the authentication refuses.
  std::size_t refused_ = 0;
};

}  // namespace callbridge::admin
