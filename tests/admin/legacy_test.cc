// Accounts with applications: docs/provider.md §2.
#include <gmock/gmock.h>

#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Legacy : public AdminTest {
 protected:
  Legacy() { UseApplications("shop-calls"); }

  void UseApplications(const std::string& id) {
    WriteSettings({{"    calls_configuration_id: shop-calls",
                    "    calls_configuration_id: " + id + "\n    setup: {flavour: applications}"},
                   {"  public_url: https://hooks.example.com",
                    "  public_url: https://hooks.example.com\n  receive_path: /infobip/calls"}});
  }
  std::string ApplicationId() { return At("/calls/1/applications", "/results/0/id"); }
  void SwitchOn() { ASSERT_TRUE(model_.SetSwitch("legacy-applications", "on").ok()); }
};

TEST_F(Legacy, MakesAnApplicationAndTellsItsId) {
  SwitchOn();
  const Result first = Run({"setup"});
  EXPECT_EQ(first.status, ExitStatus::kFindings) << first.err;
  EXPECT_THAT(world_.writes, ElementsAre("POST /calls/1/applications"));
  const std::string id = ApplicationId();
  EXPECT_THAT(first.out,
              AllOf(HasSubstr("its id is " + id), HasSubstr("by hand       number +44********01")));
  const std::string path = "/calls/1/applications/" + id;
  EXPECT_EQ(At(path, "/webhook/eventUrl"), "https://hooks.example.com/infobip/events");
  EXPECT_EQ(At(path, "/webhook/receiveUrl"), "https://hooks.example.com/infobip/calls");
  EXPECT_EQ(At(path, "/subscribedEvents/0"), "CALL_DISCONNECTED");
  EXPECT_THAT(Run({"setup"}).out, HasSubstr("write " + id + " into the settings"));
  UseApplications(id);
  const Result settled = Run({"setup"});
  EXPECT_EQ(settled.status, ExitStatus::kOk) << settled.out;
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Legacy, ChangesItsOwnAndLeavesWhatWasChangedByHand) {
  SwitchOn();
  Run({"setup"});
  const std::string path = "/calls/1/applications/" + ApplicationId();
  UseApplications(ApplicationId());
  const std::string yaml_url = "https://hooks.example.com";
  Ask("PUT", path,
      R"({"name":")" + At(path, "/name") +
          R"(","subscribedEvents":["CALL_RECEIVED"],"webhook":{"receiveUrl":")" + yaml_url +
          R"(/a","eventUrl":")" + yaml_url + R"(/b"}})");
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kFindings);
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_EQ(Run({"setup", "--overwrite"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, ElementsAre("PUT " + path));
  EXPECT_EQ(At(path, "/webhook/eventUrl"), "https://hooks.example.com/infobip/events");
}

TEST_F(Legacy, ExaminesAnAccountThatIsPrepared) {
  SwitchOn();
  Run({"setup"});
  UseApplications(ApplicationId());
  const Result doctor = Run({"doctor"});
  EXPECT_THAT(doctor.out, AllOf(HasSubstr("good       scopes: the key may list calls"),
                                HasSubstr("good       scopes: the key may list conferences")));
  EXPECT_EQ(model_.world().journal.violations_seen, 0);
}

TEST_F(Legacy, LeavesTheRemovalToAPerson) {
  SwitchOn();
  Run({"setup"});
  const Result result = Run({"setup", "--remove"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, HasSubstr("no source tells how an application is removed"));
}

TEST_F(Legacy, SaysThatANewerAccountHasNone) {
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err, HasSubstr("set setup.flavour: subscriptions"));
  const Result doctor = Run({"doctor"});
  EXPECT_EQ(doctor.status, ExitStatus::kFindings);
  EXPECT_THAT(doctor.out, HasSubstr("mend: set accounts.default.setup.flavour: subscriptions"));
}

}  // namespace
}  // namespace callbridge::admin
