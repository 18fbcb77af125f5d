// The secrets of the ingress, as its settings name their files.
#include "webhook/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/settings/folder.h"

namespace callbridge::webhook {
namespace {

using testing::ElementsAre;

TEST(ReadWebhookSecrets, ReadsWhatDecidesAndWhatIsOnTrial) {
  const settings::Folder folder;
  config::v1::Webhook webhook;
  webhook.mutable_hmac()->set_header("X-Sign");
  webhook.mutable_hmac()->add_secret_files(folder.Write("new", "the-new-secret\n"));
  webhook.mutable_hmac()->add_secret_files(folder.Write("old", "the-old-secret"));
  webhook.mutable_report_only()->set_header("X-Trial");
  webhook.mutable_report_only()->add_secret_files(folder.Write("trial", "the-trial-secret"));
  const auto secrets = ReadWebhookSecrets(webhook);
  ASSERT_TRUE(secrets.ok()) << secrets.status();
  ASSERT_TRUE(secrets->hmac.has_value());
  EXPECT_EQ(secrets->hmac->header, "X-Sign");
  EXPECT_THAT(secrets->hmac->secrets, ElementsAre("the-new-secret", "the-old-secret"));
  ASSERT_TRUE(secrets->report_only.has_value());
  EXPECT_EQ(secrets->report_only->header, "X-Trial");
  EXPECT_THAT(secrets->report_only->secrets, ElementsAre("the-trial-secret"));
  EXPECT_TRUE(secrets->basic.empty());
}

TEST(ReadWebhookSecrets, ReadsTheCredentialsOfBasic) {
  const settings::Folder folder;
  config::v1::Webhook webhook;
  auto* basic = webhook.mutable_basic()->add_credentials();
  basic->set_username("user");
  basic->set_password_file(folder.Write("password", "the-password"));
  const auto secrets = ReadWebhookSecrets(webhook);
  ASSERT_TRUE(secrets.ok()) << secrets.status();
  EXPECT_FALSE(secrets->hmac.has_value());
  EXPECT_EQ(secrets->basic.size(), 1U);
}

TEST(ReadWebhookSecrets, SaysWhyAFileCannotBeRead) {
  const settings::Folder folder;
  config::v1::Webhook webhook;
  webhook.mutable_report_only()->add_secret_files(folder.Path("none"));
  EXPECT_THAT(std::string(ReadWebhookSecrets(webhook).status().message()),
              testing::HasSubstr("no such file"));
}

}  // namespace
}  // namespace callbridge::webhook
