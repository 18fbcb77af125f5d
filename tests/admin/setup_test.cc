// callbridge-admin setup: what it makes, leaves, changes, and says.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "server/provider/event_decoding.h"
#include "tests/admin/admin_fixture.h"
#include "tests/api/certificates.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class Setup : public AdminTest {
 protected:
  // A prepared account.
  void Prepare() {
    const Result first = Run({"setup"});
    ASSERT_EQ(first.status, ExitStatus::kOk) << first.out << first.err;
  }
};

TEST_F(Setup, MakesEverythingInAnEmptyAccount) {
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.err;
  EXPECT_THAT(world_.writes,
              ElementsAre("POST /calls/1/configurations", "POST /subscriptions/1/security",
                          "POST /subscriptions/1/profiles",
                          "POST /subscriptions/1/subscription/VOICE_VIDEO",
                          "POST " + VoicePath("442079460001")));
  EXPECT_THAT(result.out, AllOf(HasSubstr("created       calls configuration shop-calls"),
                                HasSubstr("5 created, 0 changed, 0 removed.")));
  EXPECT_EQ(At(kConfiguration, "/name"), "Callbridge shop/default");
  EXPECT_EQ(At(kProfile, "/webhook/notifyUrl"), "https://hooks.example.com/infobip/events");
  EXPECT_EQ(At(kProfile, "/maxBucketSize"), "1");
  EXPECT_EQ(At(kSubscription, "/criteria/0/callsConfigurationId"), "shop-calls");
  EXPECT_EQ(At(kSubscription, "/profile/profileId"), "callbridge-shop-default");
  EXPECT_EQ(At(VoicePath("442079460001"), "/action/type"), "FORWARD_TO_SUBSCRIPTION");
  EXPECT_EQ(At(VoicePath("442079460001"), "/action/callsConfigurationId"), "shop-calls");
  EXPECT_EQ(model_.world().journal.violations_seen, 0);
}

TEST_F(Setup, SubscribesToExactlyTheEventsThatAreUsed) {
  Prepare();
  std::set<std::string> subscribed;
  for (int i = 0;; ++i) {
    const std::string name = At(kSubscription, "/events/" + std::to_string(i));
    if (name.empty()) break;
    subscribed.insert(name);
  }
  const auto used = provider::UsedEventTypes();
  EXPECT_EQ(subscribed, std::set<std::string>(used.begin(), used.end()));
}

TEST_F(Setup, GivesTheProviderTheSecretThatTheIngressExpects) {
  Prepare();
  const std::string id = At(kProfile, "/security/authId");
  EXPECT_THAT(id, StartsWith("callbridge-shop-default-"));
  EXPECT_EQ(At("/subscriptions/1/security/" + id, "/type"), "HMAC");
  EXPECT_EQ(At("/subscriptions/1/security/" + id, "/credentials/secretKey"), kSecret);
  EXPECT_EQ(At("/subscriptions/1/security/" + id, "/credentials/algorithm"), "HMAC_SHA_256");
}

TEST_F(Setup, ChangesNothingTheSecondTime) {
  Prepare();
  const Result second = Run({"setup"});
  EXPECT_EQ(second.status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_THAT(second.out, AllOf(HasSubstr("Nothing was changed."), Not(HasSubstr("created  "))));
}

TEST_F(Setup, ChangesOnlyTheProfileAndItsMarkForAnotherUrl) {
  Prepare();
  WriteSettings({{kPublicUrl, "https://new.example.com"}});
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes,
              ElementsAre(std::string("PUT ") + kProfile, std::string("PUT ") + kSubscription));
  EXPECT_THAT(result.out, HasSubstr("the URL is https://hooks.example.com/infobip/events and not "
                                    "https://new.example.com/infobip/events"));
  EXPECT_EQ(At(kProfile, "/webhook/notifyUrl"), "https://new.example.com/infobip/events");
  EXPECT_EQ(Run({"setup"}).out.find("changed  "), std::string::npos);
}

TEST_F(Setup, MovesToANewSecretAndRemovesTheOldOne) {
  Prepare();
  const std::string old_id = At(kProfile, "/security/authId");
  folder_.Write("new-secret", "another-secret-of-webhooks");
  WriteSettings({{"[FOLDER/secret]", "[FOLDER/new-secret, FOLDER/secret]"}});
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out;
  const std::string new_id = At(kProfile, "/security/authId");
  EXPECT_NE(new_id, old_id);
  EXPECT_EQ(At("/subscriptions/1/security/" + new_id, "/credentials/secretKey"),
            "another-secret-of-webhooks");
  EXPECT_EQ(Ask("GET", "/subscriptions/1/security/" + old_id).status, 404);
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Setup, KeepsWhatAPersonTunedInTheProfile) {
  Prepare();
  Ask("PUT", kProfile,
      R"({"webhook":{"notifyUrl":"https://hooks.example.com/infobip/events"},"security":{"authId":")" +
          At(kProfile, "/security/authId") +
          R"("},"maxBucketSize":1,"windowSize":100,"rateLimit":50,"enabledSSLProtocols":["TLSv1.3"]})");
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, IsEmpty());
  WriteSettings({{kPublicUrl, "https://new.example.com"}});
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_EQ(At(kProfile, "/windowSize"), "100");
  EXPECT_EQ(At(kProfile, "/rateLimit"), "50");
  EXPECT_EQ(At(kProfile, "/enabledSSLProtocols/0"), "TLSv1.3");
}

TEST_F(Setup, ShowsRequestsAndSendsNoneInADryRun) {
  const Result result = Run({"setup", "--dry-run"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.err;
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("would create"), HasSubstr("POST /subscriptions/1/profiles"),
                    HasSubstr(R"("secretKey":"***")"), HasSubstr("if this were no dry run")));
  EXPECT_EQ(Ask("GET", kProfile).status, 404);
}

TEST_F(Setup, ShowsNoSecretAndNoWholeNumber) {
  folder_.Write("token", "a-token-of-the-edge");
  WriteSettings({{"    calls_configuration_id: shop-calls",
                  "    calls_configuration_id: shop-calls\n    setup: {header: {name: X-Edge, "
                  "value_file: FOLDER/token}}"}});
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"setup", "--dry-run"}, {"setup"}, {"doctor"}}) {
    const Result result = Run(arguments);
    for (const char* hidden : {kSecret, kApiKey, "a-token-of-the-edge", "2079460001"}) {
      EXPECT_THAT(result.out + result.err, Not(HasSubstr(hidden)));
    }
  }
  EXPECT_EQ(At(kProfile, "/headers/X-Edge"), "a-token-of-the-edge");
  EXPECT_THAT(Run({"setup", "--show-numbers"}).out, HasSubstr("+442079460001"));
}

TEST_F(Setup, SetsUpBasicAClientCertificateAndAHeader) {
  folder_.Write("token", "a-token-of-the-edge");
  WriteSettings({{"  hmac: {secret_files: [FOLDER/secret]}",
                  "  basic: {credentials: [{username: infobip, password_file: FOLDER/secret}]}"},
                 {"    calls_configuration_id: shop-calls",
                  "    calls_configuration_id: shop-calls\n    setup: {header: {name: X-Edge, "
                  "value_file: FOLDER/token}, client_certificate_id: certificate-1}"}});
  Prepare();
  const std::string security = "/subscriptions/1/security/" + At(kProfile, "/security/authId");
  EXPECT_EQ(At(security, "/type"), "BASIC");
  EXPECT_EQ(At(security, "/credentials/username"), "infobip");
  EXPECT_EQ(At(security, "/credentials/password"), kSecret);
  EXPECT_EQ(At(kProfile, "/clientCertificateId"), "certificate-1");
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Setup, LeavesASubscriptionThatWasChangedByHand) {
  Prepare();
  const std::string name = At(kSubscription, "/name");
  Ask("PUT", kSubscription,
      R"({"name":")" + name +
          R"(","events":["CALL_RECEIVED","CALL_RECORDING_DELETED"],)"
          R"("profile":{"profileId":"callbridge-shop-default"}})");
  const Result left = Run({"setup"});
  EXPECT_EQ(left.status, ExitStatus::kFindings);
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_THAT(left.out,
              AllOf(HasSubstr("left          subscription callbridge-shop-default: was changed by "
                              "hand: events are missing: CALL_DISCONNECTED"),
                    HasSubstr("events are not used: CALL_RECORDING_DELETED"),
                    HasSubstr("the filter is not set and not callsConfigurationId shop-calls"),
                    HasSubstr("setup --overwrite")));
  EXPECT_EQ(Run({"setup", "--overwrite"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, ElementsAre(std::string("PUT ") + kSubscription));
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
}

TEST_F(Setup, LeavesThingsOfItsNamesThatSomebodyElseMade) {
  Ask("POST", "/calls/1/configurations", R"({"id":"shop-calls","name":"the shop's own"})");
  Ask("POST", "/subscriptions/1/profiles",
      R"({"profileId":"callbridge-shop-default","webhook":{"notifyUrl":"https://other.example.com"}})");
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("as it is      calls configuration shop-calls"),
            HasSubstr("left          notification profile callbridge-shop-default: somebody "
                      "else made or changed it: the URL is https://other.example.com")));
  EXPECT_EQ(At(kProfile, "/webhook/notifyUrl"), "https://other.example.com");
}

TEST_F(Setup, LeavesANumberThatLeadsElsewhere) {
  Ask("POST", VoicePath("442079460001"), R"({"action":{"type":"FORWARD_TO_IVR"}})");
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, HasSubstr("leads to FORWARD_TO_IVR, which somebody else set"));
  EXPECT_EQ(At(VoicePath("442079460001"), "/action/type"), "FORWARD_TO_IVR");
  EXPECT_EQ(Run({"setup", "--overwrite"}).status, ExitStatus::kOk);
  EXPECT_EQ(At(VoicePath("442079460001"), "/action/type"), "FORWARD_TO_SUBSCRIPTION");
}

TEST_F(Setup, MovesItsOwnNumbersToAnotherConfiguration) {
  Prepare();
  WriteSettings({{"shop-calls", "shop-calls-2"}});
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_EQ(At(VoicePath("442079460001"), "/action/callsConfigurationId"), "shop-calls-2");
}

TEST_F(Setup, SaysThatANumberIsNotTheAccounts) {
  WriteSettings({{"+442079460001", "+442079469999"}});
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, AllOf(HasSubstr("number +44********99: the account does not own it"),
                                HasSubstr("correct routes[0].number")));
}

// The list of owned numbers may show others that only contain the number.
TEST_F(Setup, DoesNotTakeALongerNumberForTheRoutes) {
  WriteSettings({{"\"+442079460001\"", "\"+44207946000\""}});
  EXPECT_THAT(Run({"setup"}).out, HasSubstr("the account does not own it"));
}

TEST_F(Setup, StopsBeforeAnyChangeIfTheKeyIsWrong) {
  folder_.Write("api-key", "another-key");
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("nothing was changed"), HasSubstr("401 UNAUTHORIZED"),
                                HasSubstr("does not accept the account's key")));
}

TEST_F(Setup, NamesTheSettingThatIsMissing) {
  WriteSettings({{"  public_url: https://hooks.example.com\n", ""}});
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err, HasSubstr("webhook.public_url: required here"));
}

// An ingress that lets only clients with a certificate in needs one at the provider.
TEST_F(Setup, AsksForTheCertificateThatTheIngressDemands) {
  const tests::Certificates certificates;
  const config::v1::WebhookTls files = certificates.IngressFiles();
  WriteSettings({{"  hmac: {secret_files: [FOLDER/secret]}",
                  "  client_certificate: {}\n  tls: {certificate_file: " +
                      files.certificate_file() + ", key_file: " + files.key_file() +
                      ", client_ca_file: " + files.certificate_file() + "}"}});
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err, HasSubstr("accounts.default.setup.client_certificate_id: is required"));
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Setup, RefusesAnIdThatTheProviderWouldRefuse) {
  WriteSettings({{"shop-calls", "shop calls"}});
  EXPECT_THAT(Run({"setup"}).err, HasSubstr("accounts.default.calls_configuration_id: is no id"));
}

TEST_F(Setup, SpacesItsRequestsForNumbers) {
  WriteSettings({{"routes:",
                  "routes:\n  - name: sales\n    number: \"+442079460002\"\n    callees: "
                  "[{endpoint: {phone: {number: \"+447700900457\"}}}]"}});
  ASSERT_TRUE(model_.SetSwitch("throttles", "yes").ok());
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.err;
  EXPECT_GE(waited_, std::chrono::seconds(1));
  EXPECT_EQ(model_.world().journal.counts.at("create-voice").count(429), 0u);
}

TEST_F(Setup, TriesAgainAfterTooManyRequests) {
  ASSERT_TRUE(model_.SetFault("throttled", "1").ok());
  ASSERT_TRUE(model_.SetFault("times", "2").ok());
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_GE(waited_, std::chrono::seconds(2));
}

TEST_F(Setup, GoesOnAfterARequestWhoseFateIsUnknown) {
  ASSERT_TRUE(model_.SetFault("operations", "create-profile").ok());
  ASSERT_TRUE(model_.SetFault("error-after", "1").ok());
  ASSERT_TRUE(model_.SetFault("times", "1").ok());
  const Result cut = Run({"setup"});
  EXPECT_EQ(cut.status, ExitStatus::kFailed);
  EXPECT_THAT(cut.err, HasSubstr("it may have had its effect, so run the command again"));
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, SizeIs(2));
  EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk);
  EXPECT_THAT(world_.writes, IsEmpty());
}

class SetupInScope : public AdminTest {
 protected:
  static simulator::Settings WithoutNumbers() {
    simulator::Settings settings = Sold();
    settings.scopes = {"calls:manage", "subscriptions:manage"};
    return settings;
  }
  SetupInScope() : AdminTest(WithoutNumbers()) {}
};

TEST_F(SetupInScope, StopsBeforeAnyChangeIfAScopeIsMissing) {
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(world_.writes, IsEmpty());
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("number +44********01: 403 FORBIDDEN"), HasSubstr("numbers:manage")));
}

TEST_F(SetupInScope, NeedsNoScopeForNumbersWithoutARoute) {
  WriteSettings({{R"(routes:
  - name: support
    number: "+442079460001"
    callees:
      - endpoint: {phone: {number: "+447700900456"}}
)",
                  ""}});
  const Result result = Run({"setup"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out << result.err;
}

TEST_F(Setup, RefusesACommandLineWithASlip) {
  EXPECT_THAT(Run({"setpu"}).err, HasSubstr("did you mean \"setup\"?"));
  EXPECT_THAT(Run({"setup", "--dryrun"}).err, HasSubstr("did you mean --dry-run?"));
  EXPECT_EQ(Run({"setup", "now"}).status, ExitStatus::kUsage);
  EXPECT_THAT(Run({"setup", "--account", "other"}).err,
              HasSubstr("the settings have no account \"other\""));
}

}  // namespace
}  // namespace callbridge::admin
