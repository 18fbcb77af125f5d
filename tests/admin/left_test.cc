// What setup leaves because somebody else made or changed it: it says so, and how it differs.
#include <gmock/gmock.h>

#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST_F(AdminTest, SaysThatASecuritySettingWasChangedByHand) {
  ASSERT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  const std::string id = At(kProfile, "/security/authId");
  const simulator::Response changed =
      Ask("PUT", "/subscriptions/1/security/" + id,
          R"({"type":"BASIC","credentials":{"username":"user","password":"pass"}})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, AllOf(HasSubstr("left          security setting " + id),
                                HasSubstr("was changed by hand"), HasSubstr("--overwrite")));
}

TEST_F(AdminTest, SaysThatASubscriptionIsNotItsOwnToRemove) {
  ASSERT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  const simulator::Response changed = Ask("PUT", kSubscription,
                                          R"({"name":"ours now","events":["CALL_RECEIVED"],)"
                                          R"("profile":{"profileId":"callbridge-shop-default"}})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  const Result result = Run({"setup", "--remove"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, AllOf(HasSubstr("left          subscription callbridge-shop-default"),
                                HasSubstr("somebody else made or changed it")));
}

}  // namespace
}  // namespace callbridge::admin
