// What prepares an account: configurations, subscriptions, profiles, security settings, numbers and
// applications. docs/provider.md §2, §3.1 to §3.3.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

const std::string kConfigurations = "/calls/1/configurations";
const std::string kSubscriptions = "/subscriptions/1/subscription/VOICE_VIDEO";
const std::string kProfiles = "/subscriptions/1/profiles";
const std::string kSecurities = "/subscriptions/1/security";
const std::string kApplications = "/calls/1/applications";

const char* const kProfile = R"({"profileId":"p","webhook":{"notifyUrl":"https://a.example.com"}})";
const char* const kSubscription =
    R"({"subscriptionId":"s","events":["CALL_RECEIVED"],"profile":{"profileId":"p"}})";

TEST(SetupRequests, KeepConfigurations) {
  ModelDriver driver;
  EXPECT_EQ(driver.Post(kConfigurations, R"({"id":"shop","name":"The shop"})").status, 201);
  EXPECT_EQ(At(driver.Get(kConfigurations + "/shop").body, "/name"), "The shop");
  EXPECT_EQ(driver.Send("PUT", kConfigurations + "/shop", R"({"name":"Shop"})").status, 200);
  EXPECT_EQ(At(driver.Get(kConfigurations).body, "/results/0/name"), "Shop");
  EXPECT_EQ(At(driver.Send("DELETE", kConfigurations + "/shop").body, "/name"), "Shop");
  EXPECT_EQ(driver.Get(kConfigurations + "/shop").status, 404);
  EXPECT_EQ(driver.Post(kConfigurations, R"({"id":"callbridge"})").status, 400);
  EXPECT_NE(At(driver.Post(kConfigurations, "{}").body, "/id"), "");
}

TEST(SetupRequests, KeepSubscriptionsWithTheirProfileAndSecurity) {
  ModelDriver driver;
  const Response made = driver.Post(
      kSubscriptions,
      R"({"subscriptionId":"s","name":"all","events":["CALL_RECEIVED","NO_SUCH_EVENT"],)"
      R"("criteria":[{"callsConfigurationId":"callbridge"}],"profile":{"profileId":"p",)"
      R"("webhook":{"notifyUrl":"https://a.example.com"},"security":{"authId":"a","type":"HMAC",)"
      R"("credentials":{"secretKey":"secret","algorithm":"HMAC_SHA_256"}}}})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(At(made.body, "/profile/security/authId"), "a");
  const std::string shown = driver.Get(kSubscriptions + "/s").body;
  EXPECT_EQ(At(shown, "/events/0"), "CALL_RECEIVED");
  EXPECT_EQ(At(shown, "/events/1"), "");
  EXPECT_EQ(At(shown, "/profile/profileId"), "p");
  EXPECT_EQ(At(driver.Get(kProfiles + "/p").body, "/security/authId"), "a");
  EXPECT_EQ(At(driver.Get(kProfiles + "/p").body, "/security/type"), "");
  EXPECT_EQ(At(driver.Get(kSecurities + "/a").body, "/type"), "HMAC");
  EXPECT_EQ(At(driver.Get(kSubscriptions + "?callsConfigurationId=callbridge").body,
               "/paging/totalResults"),
            "1");
  EXPECT_EQ(
      At(driver.Get(kSubscriptions + "?callsConfigurationId=other").body, "/paging/totalResults"),
      "0");
  // What is used stays.
  EXPECT_EQ(driver.Send("DELETE", kSecurities + "/a").status, 400);
  EXPECT_EQ(driver.Send("DELETE", kProfiles + "/p").status, 400);
  EXPECT_EQ(driver.Send("DELETE", kSubscriptions + "/s").status, 200);
  EXPECT_EQ(driver.Send("DELETE", kProfiles + "/p").status, 200);
  EXPECT_EQ(driver.Send("DELETE", kSecurities + "/a").status, 200);
}

TEST(SetupRequests, ReplaceAProfileWhole) {
  ModelDriver driver;
  driver.Post(
      kProfiles,
      R"({"profileId":"p","webhook":{"notifyUrl":"https://a.example.com"},"windowSize":50})");
  const std::string changed = R"({"webhook":{"notifyUrl":"https://b.example.com"}})";
  EXPECT_EQ(driver.Send("PUT", kProfiles + "/p", changed).status, 200);
  const std::string shown = driver.Get(kProfiles + "/p").body;
  EXPECT_EQ(At(shown, "/profileId"), "p");
  EXPECT_EQ(At(shown, "/webhook/notifyUrl"), "https://b.example.com");
  EXPECT_EQ(At(shown, "/windowSize"), "");
}

TEST(SetupRequests, RefuseWhatExistsOrIsMissing) {
  ModelDriver driver;
  EXPECT_EQ(driver.Post(kSubscriptions, kSubscription).status, 400);
  EXPECT_EQ(driver.Post(kProfiles, kProfile).status, 201);
  EXPECT_EQ(driver.Post(kProfiles, kProfile).status, 400);
  EXPECT_EQ(driver.Post(kSubscriptions, kSubscription).status, 201);
  EXPECT_EQ(driver.Post(kSubscriptions, kSubscription).status, 400);
  EXPECT_EQ(driver.Send("PUT", kProfiles + "/p", R"({"security":{"authId":"none"}})").status, 400);
  EXPECT_EQ(driver.Send("PUT", kProfiles + "/q", "{}").status, 404);
  EXPECT_EQ(driver
                .Send("PUT", kSecurities + "/q",
                      R"({"type":"BASIC","credentials":{"username":"u","password":"p"}})")
                .status,
            404);
}

struct Refused {
  std::string method;
  std::string target;
  std::string body;
  // The field that the answer names.
  std::string field;
};

class EachRefusedSetup : public testing::TestWithParam<Refused> {};

TEST_P(EachRefusedSetup, NamesTheField) {
  ModelDriver driver;
  driver.Post(kProfiles, kProfile);
  const Refused& given = GetParam();
  const Response response = driver.Send(given.method, given.target, given.body);
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(
      At(response.body, "/requestError/serviceException/validationErrors/" + given.field + "/0"),
      "")
      << response.body;
  EXPECT_EQ(driver.world().journal.violations_seen, 1);
}

INSTANTIATE_TEST_SUITE_P(
    All, EachRefusedSetup,
    testing::Values(
        Refused{"POST", kConfigurations, R"({"id":"a b"})", "id"},
        Refused{"POST", kConfigurations, R"({"url":"x"})", "url"},
        Refused{"PUT", kConfigurations + "/callbridge", R"({"id":"b"})", "id"},
        Refused{"POST", kSubscriptions, R"({"subscriptionId":"s","profile":{"profileId":"p"}})",
                "events"},
        Refused{"POST", kSubscriptions,
                R"({"subscriptionId":"s","events":[],"criteria":[{"configuration":"c"}],)"
                R"("profile":{"profileId":"p"}})",
                "criteria[0].configuration"},
        Refused{"PUT", kSubscriptions + "/s",
                R"({"events":[],"profile":{"profileId":"p","webhook":{"notifyUrl":"u"}}})",
                "profile.webhook"},
        Refused{"POST", kProfiles, R"({"profileId":"q","maxBucketSize":0})", "maxBucketSize"},
        Refused{"POST", kProfiles, R"({"profileId":"q","windowSize":19})", "windowSize"},
        Refused{"POST", kProfiles, R"({"profileId":"q","enabledSSLProtocols":["TLSv1.1"]})",
                "enabledSSLProtocols"},
        Refused{"POST", kProfiles, R"({"profileId":"q","webhook":{}})", "webhook.notifyUrl"},
        Refused{"PUT", kProfiles + "/p", R"({"profileId":"p"})", "profileId"},
        Refused{"POST", kSecurities,
                R"({"authId":"a","type":"BASIC","credentials":{"username":"u"}})",
                "credentials.password"},
        Refused{
            "POST", kSecurities,
            R"({"authId":"a","type":"HMAC","credentials":{"secretKey":"s","algorithm":"SHA256"}})",
            "credentials.algorithm"},
        Refused{"POST", kSecurities, R"({"authId":"a","type":"CUSTOM"})", "type"}));

class Numbers : public testing::Test {
 protected:
  Numbers() {
    const std::string listed = driver_.Get("/numbers/1/numbers?number=442079460001").body;
    EXPECT_EQ(At(listed, "/numbers/0/number"), "442079460001");
    EXPECT_EQ(At(listed, "/numberCount"), "1");
    voice_ = "/numbers/2/numbers/" + At(listed, "/numbers/0/numberKey") + "/voice";
  }

  const std::string forward_ =
      R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"callbridge"}})";
  ModelDriver driver_;
  std::string voice_;
};

TEST_F(Numbers, HaveOneVoiceAction) {
  EXPECT_EQ(driver_.Get(voice_).status, 404);
  EXPECT_EQ(driver_.Send("PUT", voice_, forward_).status, 404);
  EXPECT_EQ(driver_.Post(voice_, forward_).status, 201);
  EXPECT_EQ(driver_.Post(voice_, forward_).status, 400);
  EXPECT_EQ(At(driver_.Get(voice_).body, "/action/callsConfigurationId"), "callbridge");
  EXPECT_EQ(driver_.Send("PUT", voice_, R"({"action":{"type":"FORWARD_TO_IVR"}})").status, 200);
  EXPECT_EQ(driver_.Send("DELETE", voice_).status, 204);
  EXPECT_EQ(driver_.Get(voice_).status, 404);
}

TEST_F(Numbers, AreFoundByAnyPartOfThem) {
  EXPECT_EQ(At(driver_.Get("/numbers/1/numbers?number=20794").body, "/numberCount"), "4");
  EXPECT_EQ(
      At(driver_.Get("/numbers/1/numbers?number=20794&page=1&limit=3").body, "/numbers/0/number"),
      "442079460004");
  EXPECT_EQ(At(driver_.Get("/numbers/1/numbers?number=447700900999").body, "/numberCount"), "0");
}

TEST_F(Numbers, AreNotLedToAConfigurationThatIsNotThere) {
  EXPECT_EQ(driver_
                .Post(voice_,
                      R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"x"}})")
                .status,
            400);
  EXPECT_EQ(driver_.Post("/numbers/2/numbers/ABC/voice", forward_).status, 404);
}

// As setup leaves an account that begins with a configuration of somebody else.
TEST_F(Numbers, BringTheirCallsToTheConfigurationThatTheyAreLedTo) {
  const auto configuration_of_a_call = [this] {
    const std::string call = driver_.Incoming();
    return At(driver_.Get("/calls/1/calls/" + call).body, "/callsConfigurationId");
  };
  EXPECT_EQ(configuration_of_a_call(), "callbridge");
  driver_.Post(kConfigurations, R"({"id":"shop"})");
  driver_.Post(voice_,
               R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"shop"}})");
  EXPECT_EQ(configuration_of_a_call(), "shop");
  driver_.Send("PUT", voice_, R"({"action":{"type":"FORWARD_TO_IVR"}})");
  EXPECT_EQ(configuration_of_a_call(), "callbridge");
  driver_.Send("PUT", voice_,
               R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"shop"}})");
  driver_.Send("DELETE", voice_);
  EXPECT_EQ(configuration_of_a_call(), "callbridge");
  driver_.Post(voice_,
               R"({"action":{"type":"FORWARD_TO_SUBSCRIPTION","callsConfigurationId":"shop"}})");
  driver_.Send("DELETE", kConfigurations + "/shop");
  EXPECT_EQ(configuration_of_a_call(), "callbridge");
}

TEST(Scopes, OpenWhatTheyName) {
  Settings settings;
  settings.scopes = {"calls:logs:read", "subscriptions:manage"};
  ModelDriver driver(settings);
  EXPECT_EQ(driver.Get("/calls/1/calls").status, 200);
  EXPECT_EQ(driver.Get(kProfiles).status, 200);
  for (const std::string& target : {kConfigurations, std::string("/numbers/1/numbers")}) {
    const Response refused = driver.Get(target);
    EXPECT_EQ(refused.status, 403) << target;
    EXPECT_EQ(At(refused.body, "/requestError/serviceException/messageId"), "FORBIDDEN");
  }
  EXPECT_EQ(driver.Post("/calls/1/conferences", R"({"callsConfigurationId":"callbridge"})").status,
            403);
}

TEST(Applications, AreKeptIfTheAccountHasThem) {
  ModelDriver driver;
  const std::string body = R"({"name":"n","subscribedEvents":["CALL_RECEIVED"],)"
                           R"("webhook":{"receiveUrl":"https://a","eventUrl":"https://b"}})";
  EXPECT_EQ(driver.Post(kApplications, body).status, 404);
  ASSERT_TRUE(driver.model().SetSwitch("legacy-applications", "on").ok());
  const std::string id = At(driver.Post(kApplications, body).body, "/id");
  EXPECT_NE(id, "");
  EXPECT_EQ(At(driver.Get(kApplications).body, "/results/0/name"), "n");
  EXPECT_EQ(At(driver.Get(kApplications).body, "/results/0/webhook"), "");
  EXPECT_EQ(driver.Send("PUT", kApplications + "/" + id, body).status, 200);
  EXPECT_EQ(At(driver.Get(kApplications + "/" + id).body, "/webhook/eventUrl"), "https://b");
  EXPECT_EQ(driver.Send("PUT", kApplications + "/none", body).status, 404);
}

TEST(Applications, StandWhereConfigurationsStandOnANewerAccount) {
  Settings settings;
  settings.configurations.clear();
  ModelDriver driver(settings);
  ASSERT_TRUE(driver.model().SetSwitch("legacy-applications", "on").ok());
  const std::string id =
      At(driver
             .Post(kApplications, R"({"name":"n","subscribedEvents":["CALL_RECEIVED"],)"
                                  R"("webhook":{"receiveUrl":"https://a","eventUrl":"https://b"}})")
             .body,
         "/id");
  const std::string call = driver.Incoming();
  driver.Run(std::chrono::seconds(1));
  EXPECT_EQ(At(driver.Last("CALL_RECEIVED").body, "/applicationId"), id);
  EXPECT_EQ(At(driver.Last("CALL_RECEIVED").body, "/callsConfigurationId"), "");
  EXPECT_EQ(At(driver.Get("/calls/1/calls/" + call).body, "/applicationId"), id);
  const std::string conferences = "/calls/1/conferences";
  const Response made = driver.Post(conferences, R"({"applicationId":")" + id + R"("})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(At(made.body, "/applicationId"), id);
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
  EXPECT_EQ(At(driver.Get("/calls/1/calls?applicationId=" + id).body, "/paging/totalResults"), "1");
  EXPECT_EQ(At(driver.Get(conferences + "?applicationId=none").body, "/paging/totalResults"), "0");
  EXPECT_EQ(driver.Post(conferences, R"({"applicationId":"none"})").status, 404);
  EXPECT_EQ(driver.Post(conferences, R"({"callsConfigurationId":")" + id + R"("})").status, 400);
  driver.Post("/calls/1/calls/" + call + "/hangup", "{}");
  driver.Run(std::chrono::seconds(1));
  EXPECT_EQ(At(driver.Last("CALL_FAILED").body, "/properties/callLog/applicationIds/0"), id);
}

}  // namespace
}  // namespace callbridge::simulator
