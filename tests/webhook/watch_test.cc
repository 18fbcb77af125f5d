// What a program is shown of each webhook that asks what the provider sends (doctor --live).
#include "webhook/watch.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/webhook/running_listener.h"
#include "webhook/signature.h"

namespace callbridge::webhook {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::string_view kSecret = "secret-of-the-account";

TEST(Watch, ShowsWhatIsAcceptedAndWhatIsRefused) {
  std::vector<SeenWebhook> seen;
  Watch watch({std::string(kSecret)},
              [&seen](SeenWebhook webhook) { seen.push_back(std::move(webhook)); });
  {
    RunningListener running({.watch = &watch});
    HttpClient client(running.port());
    client.Send(Webhook());
    EXPECT_EQ(client.Receive().status, 200);
    client.Send(Post(
        kPath,
        "X-Sign: " + absl::BytesToHexString(Sign(Hmac::ALGORITHM_HMAC_SHA_256, kSecret, kBody)) +
            "\r\n",
        kBody));
    EXPECT_EQ(client.Receive().status, 401);
  }
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_TRUE(seen[0].authentic);
  EXPECT_EQ(seen[0].body, kBody);
  EXPECT_EQ(seen[0].signature, "");
  EXPECT_FALSE(seen[1].authentic);
  EXPECT_THAT(seen[1].headers, ElementsAre("Host", "X-Sign", "Content-Length"));
  EXPECT_EQ(seen[1].signature,
            "{header: X-Sign, prefix: \"\", encoding: hex, algorithm: hmac_sha_256}");
}

}  // namespace
}  // namespace callbridge::webhook
