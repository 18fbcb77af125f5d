// callbridge-admin setup --remove: it takes away what setup made, and nothing else.
#include <gmock/gmock.h>

#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Removal : public AdminTest {
 protected:
  void SetUp() override {
    const Result first = Run({"setup"});
    ASSERT_EQ(first.status, ExitStatus::kOk) << first.out << first.err;
    security_ = "/subscriptions/1/security/" + At(kProfile, "/security/authId");
  }

  void DropTheRoute() {
    WriteSettings({{R"(routes:
  - name: support
    number: "+442079460001"
    callees:
      - endpoint: {phone: {number: "+447700900456"}}
)",
                    ""}});
  }

  std::string security_;
};

TEST_F(Removal, LeavesTheAccountAsItWas) {
  const Result result = Run({"setup", "--remove"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out << result.err;
  EXPECT_THAT(world_.writes,
              ElementsAre("DELETE " + VoicePath("442079460001"),
                          std::string("DELETE ") + kSubscription, std::string("DELETE ") + kProfile,
                          "DELETE " + security_, std::string("DELETE ") + kConfiguration));
  for (const std::string& path : {VoicePath("442079460001"), std::string(kSubscription),
                                  std::string(kProfile), security_, std::string(kConfiguration)}) {
    EXPECT_EQ(Ask("GET", path).status, 404) << path;
  }
  EXPECT_EQ(model_.world().journal.violations_seen, 0);
  const Result second = Run({"setup", "--remove"});
  EXPECT_EQ(second.status, ExitStatus::kOk);
  EXPECT_THAT(second.out, HasSubstr("Nothing was changed."));
}

TEST_F(Removal, ShowsWhatItWouldRemove) {
  const Result result = Run({"setup", "--remove", "--dry-run"});
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_THAT(result.out, AllOf(HasSubstr("would remove  subscription callbridge-shop-default"),
                                HasSubstr(std::string("DELETE ") + kProfile)));
}

TEST_F(Removal, LeavesAConfigurationOfSomebodyElse) {
  Ask("PUT", kConfiguration, R"({"name":"the shop's own"})");
  const Result result = Run({"setup", "--remove"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, HasSubstr("has the name \"the shop's own\" that somebody else gave it"));
  EXPECT_EQ(Ask("GET", kConfiguration).status, 200);
  EXPECT_EQ(Ask("GET", kSubscription).status, 404);
}

TEST_F(Removal, LeavesASubscriptionThatWasChangedByHandAndWhatItNeeds) {
  Ask("PUT", kSubscription,
      R"({"name":"ours now","events":["CALL_RECEIVED"],"profile":{"profileId":"callbridge-shop-default"}})");
  const Result result = Run({"setup", "--remove"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(world_.writes, ElementsAre("DELETE " + VoicePath("442079460001")));
  EXPECT_THAT(result.out, AllOf(HasSubstr("the subscription that stays uses it"),
                                HasSubstr("the profile that stays uses it"),
                                HasSubstr("something that stays leads to it")));
  EXPECT_EQ(Run({"setup", "--remove", "--overwrite"}).status, ExitStatus::kOk);
  EXPECT_EQ(Ask("GET", kProfile).status, 404);
}

TEST_F(Removal, LeavesTheActionOfANumberThatSomebodyElseSet) {
  Ask("PUT", VoicePath("442079460001"),
      R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"shop-calls"}})");
  const Result result = Run({"setup", "--remove"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_EQ(Ask("GET", VoicePath("442079460001")).status, 200);
  EXPECT_EQ(Ask("GET", kConfiguration).status, 200);
}

// The route of the number is gone from the settings.
TEST_F(Removal, FindsANumberWhoseRouteWasDropped) {
  DropTheRoute();
  const Result setup = Run({"setup"});
  EXPECT_EQ(setup.status, ExitStatus::kFindings) << setup.out;
  EXPECT_THAT(setup.out, HasSubstr("setup led it to this service before, and no route names it"));
  EXPECT_THAT(Run({"doctor"}).out, HasSubstr("which has no route for them"));
  const Result removal = Run({"setup", "--remove"});
  EXPECT_EQ(removal.status, ExitStatus::kOk) << removal.out << removal.err;
  EXPECT_EQ(Ask("GET", VoicePath("442079460001")).status, 404);
  EXPECT_EQ(Ask("GET", kConfiguration).status, 404);
}

TEST_F(Removal, LeavesWhatOthersLetANumberWithoutARouteDo) {
  DropTheRoute();
  Ask("PUT", VoicePath("442079460001"),
      R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"shop-calls"}})");
  EXPECT_THAT(Run({"setup"}).out, Not(HasSubstr("no route names it")));
  EXPECT_EQ(Run({"setup", "--remove"}).status, ExitStatus::kOk);
  EXPECT_EQ(Ask("GET", VoicePath("442079460001")).status, 200);
}

TEST_F(Removal, GoesOnWhereItWasCut) {
  ASSERT_TRUE(model_.SetFault("operations", "delete-profile").ok());
  ASSERT_TRUE(model_.SetFault("error-before", "1").ok());
  ASSERT_TRUE(model_.SetFault("times", "1").ok());
  EXPECT_EQ(Run({"setup", "--remove"}).status, ExitStatus::kFailed);
  EXPECT_EQ(Ask("GET", kSubscription).status, 404);
  EXPECT_EQ(Run({"setup", "--remove"}).status, ExitStatus::kOk);
  EXPECT_EQ(Ask("GET", kProfile).status, 404);
  EXPECT_EQ(Ask("GET", kConfiguration).status, 404);
}

}  // namespace
}  // namespace callbridge::admin
