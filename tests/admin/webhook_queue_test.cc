#include "server/admin/webhook_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace callbridge::admin {
namespace {

live::Webhook WithBody(const std::string& body, bool authentic) {
  live::Webhook webhook;
  webhook.body = body;
  webhook.authentic = authentic;
  return webhook;
}

TEST(WebhookQueue, HoldsUpToItsMostAndLetsStrangersFillNone) {
  WebhookQueue queue;
  for (std::size_t i = 0; i < 3 * kWebhooksWaitingMax; ++i) queue.Push(WithBody("forged", false));
  for (std::size_t i = 0; i < 3 * kWebhooksWaitingMax; ++i) queue.Push(WithBody("event", true));
  std::size_t forged = 0;
  std::size_t events = 0;
  while (const auto webhook = queue.Pop()) ++(webhook->authentic ? events : forged);
  EXPECT_EQ(forged, kRefusedWebhooksWaitingMax);
  EXPECT_EQ(events, kWebhooksWaitingMax - kRefusedWebhooksWaitingMax);
  queue.Push(WithBody("forged", false));
  EXPECT_FALSE(queue.empty()) << "there is room again";
}

}  // namespace
}  // namespace callbridge::admin
