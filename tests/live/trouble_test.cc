// What keeps a script from its answers is told in words, with a remedy, and costs no call more.
#include <gmock/gmock.h>

#include "tests/live/model_line.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class TroubleTest : public ::testing::Test {
 protected:
  Findings PlayWith(ModelLine& line, const std::vector<const Script*>& scripts) {
    return Play(line, OptionsFor(folder_.Path(""), scripts));
  }
  settings::Folder folder_;
};

auto Says(const std::string& what, const std::string& remedy) {
  return AllOf(Field(&Trouble::what, HasSubstr(what)), Field(&Trouble::remedy, HasSubstr(remedy)));
}

TEST_F(TroubleTest, WithoutWebhooksNobodyIsCalled) {
  ModelLine line(Account());
  line.passes = [](Webhook&) { return false; };
  const Findings findings = PlayWith(line, AllScripts());
  EXPECT_THAT(findings.troubles, ElementsAre(Says("no webhook came", "nobody was called")));
  EXPECT_EQ(line.model().world().calls.things().size(), 0U);
  EXPECT_EQ(findings.open.at("list-order"),
            "no webhook came within 15 s after a conference was made");
}

TEST_F(TroubleTest, WebhooksThatAreRefusedAreTold) {
  ModelLine line(Account());
  line.passes = [](Webhook& webhook) {
    webhook.authentic = false;
    return true;
  };
  const Findings findings = PlayWith(line, AllScripts());
  EXPECT_THAT(findings.troubles,
              testing::Contains(Says("the authentication of the settings refuses them", "setup")));
  EXPECT_EQ(line.model().world().calls.things().size(), 0U);
}

TEST_F(TroubleTest, APersonWhoDoesNotAnswerLeavesTheQuestionsOpen) {
  ModelLine line(Account());
  const auto options = OptionsFor(folder_.Path(""), {FindScript("account"), FindScript("say")});
  const Findings findings = PlayScripts(
      line, options,
      {[&](const Script&) { EXPECT_TRUE(line.model().SetPerson(kPerson, "never-answers").ok()); }});
  EXPECT_THAT(findings.troubles,
              ElementsAre(Says("was not answered: the call ended with NO_ANSWER", "be ready")));
  EXPECT_THAT(findings.open.at("say-limit"), HasSubstr("was not answered"));
  EXPECT_THAT(findings.played, ElementsAre("account"));
}

TEST_F(TroubleTest, ATelephoneThatIsAnsweredAlthoughItShouldRingIsTold) {
  ModelLine line(Account());
  const auto options =
      OptionsFor(folder_.Path(""), {FindScript("account"), FindScript("no-answer")});
  const Findings findings = PlayScripts(
      line, options,
      {[&](const Script&) { EXPECT_TRUE(line.model().SetPerson(kPerson, "answers:2").ok()); }});
  EXPECT_THAT(findings.troubles, ElementsAre(Says("by a voicemail", "let it ring")));
}

TEST_F(TroubleTest, AMissingFeatureNamesTheAccountManager) {
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (request.target != "/calls/1/conferences" || request.method == provider::Method::kGet) {
      return std::nullopt;
    }
    provider::HttpAnswer refused;
    refused.http_status = 403;
    refused.body = R"({"errorCode":"E403","description":"Feature is not enabled."})";
    return refused;
  };
  const Findings findings = PlayWith(line, AllScripts());
  EXPECT_THAT(findings.troubles, ElementsAre(Says("was answered 403", "account manager")));
  EXPECT_EQ(line.model().world().calls.things().size(), 0U);
}

TEST_F(TroubleTest, AMissingConfigurationNamesSetup) {
  simulator::Settings account = Account();
  account.configurations = {"another"};
  ModelLine line(account);
  EXPECT_THAT(PlayWith(line, AllScripts()).troubles,
              ElementsAre(Says("was answered 404", "callbridge-admin setup")));
}

TEST_F(TroubleTest, ACallOfSomebodyElseIsNotTouched) {
  ModelLine line(Account());
  const auto options =
      OptionsFor(folder_.Path(""), {FindScript("account"), FindScript("incoming")});
  const Findings findings = PlayScripts(line, options, {[&](const Script& script) {
                                          if (script.person != Person::kCalls) return;
                                          simulator::IncomingCall call;
                                          call.from = "447700900999";
                                          call.to = kRented;
                                          line.model().StartIncomingCall(call, line.Now());
                                        }});
  EXPECT_THAT(findings.troubles, ElementsAre(Says("no call from that telephone", "--to")));
  for (const std::string& sent : line.sent()) EXPECT_THAT(sent, Not(HasSubstr("/answer")));
}

}  // namespace
}  // namespace callbridge::live
