// callbridge-admin doctor: what it finds, and what it tells to do.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <sqlite3.h>

#include "server/admin/plan.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Doctor : public AdminTest {
 protected:
  void Prepare() {
    const Result first = Run({"setup"});
    ASSERT_EQ(first.status, ExitStatus::kOk) << first.out << first.err;
  }
  Result Examine() {
    Result result = Run({"doctor"});
    EXPECT_THAT(world_.writes, IsEmpty());
    return result;
  }
};

TEST_F(Doctor, FindsNothingInAPreparedAccount) {
  Prepare();
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("good       key: the provider accepts it"),
                                HasSubstr("good       clock: agrees"),
                                HasSubstr("/infobip/events refuses a webhook without credentials"),
                                HasSubstr("0 found"), HasSubstr("callbridge status")));
}

TEST_F(Doctor, TellsOfAnEmptyAccountWhatSetupWouldMake) {
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  for (const char* thing : {"calls configuration shop-calls", "security setting callbridge-shop",
                            "notification profile callbridge-shop", "subscription callbridge-shop",
                            "number +44********01"}) {
    EXPECT_THAT(result.out, HasSubstr(thing));
  }
  EXPECT_THAT(result.out, HasSubstr("mend: callbridge-admin setup --config "));
}

TEST_F(Doctor, WritesOneObjectForScripts) {
  const Result result = Run({"doctor", "--json"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  simdjson::dom::parser parser;
  simdjson::dom::element report;
  ASSERT_EQ(parser.parse(result.out).get(report), simdjson::SUCCESS) << result.out;
  EXPECT_EQ(simdjson::minify(report["account"]), "\"default\"");
  EXPECT_EQ(simdjson::minify(report["exit_status"]), "1");
  EXPECT_EQ(simdjson::minify(report["findings"].at(0)["check"]), "\"configuration\"");
  for (const char* member : {"what", "why", "mend"}) {
    EXPECT_NE(simdjson::minify(report["findings"].at(0)[member]), "\"\"") << member;
  }
  for (const char* kind : {"good", "notes"}) {
    EXPECT_NE(simdjson::minify(report[kind].at(0)["what"]), "") << kind;
  }
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1);
}

TEST_F(Doctor, SaysOnlyThatTheKeyIsWrong) {
  folder_.Write("api-key", "another-key");
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, AllOf(HasSubstr("FOUND      key: the provider refuses it"),
                                HasSubstr("1 found"), Not(HasSubstr("subscription"))));
}

TEST_F(Doctor, TellsMissingAndSurplusEventsApart) {
  Prepare();
  Ask("PUT", kSubscription,
      R"({"name":")" + At(kSubscription, "/name") +
          R"(","events":["CALL_RECEIVED","PARTICIPANT_STARTED_TALKING"],)"
          R"("criteria":[{"callsConfigurationId":"shop-calls"}],)"
          R"("profile":{"profileId":"callbridge-shop-default"}})");
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("events are missing: CALL_DISCONNECTED, CALL_ESTABLISHED"),
                    HasSubstr("events are not used: PARTICIPANT_STARTED_TALKING"),
                    HasSubstr("setup --overwrite")));
}

TEST(Differences, NameEventsThatTheProviderDoesNotKnow) {
  Subscription wanted;
  wanted.events = {"CALL_RECEIVED"};
  Subscription found = wanted;
  found.events = {"CALL_RECIEVED", "CALL_RECEIVED", "TRANSCRIPTION"};
  EXPECT_THAT(Differences(found, wanted), ElementsAre("events are unknown: CALL_RECIEVED",
                                                      "events are not used: TRANSCRIPTION"));
}

TEST_F(Doctor, FindsAnotherSubscriptionOfTheSameCalls) {
  Prepare();
  const std::string profile = R"("profile":{"profileId":"callbridge-shop-default"}})";
  Ask("POST", "/subscriptions/1/subscription/VOICE_VIDEO",
      R"({"subscriptionId":"of-all","events":["CALL_RECEIVED"],)" + profile);
  Ask("POST", "/subscriptions/1/subscription/VOICE_VIDEO",
      R"({"subscriptionId":"of-another","events":["CALL_RECEIVED"],)"
      R"("criteria":[{"callsConfigurationId":"other"}],)" +
          profile);
  const Result result = Examine();
  EXPECT_THAT(result.out, AllOf(HasSubstr("subscription of-all sends events of the same calls"),
                                Not(HasSubstr("subscription of-another"))));
}

TEST_F(Doctor, FindsAClockThatIsWrong) {
  Prepare();
  world_.ahead = std::chrono::minutes(5);
  const Result behind = Examine();
  EXPECT_THAT(behind.out, HasSubstr("this machine's clock is 300 s behind the provider's"));
  EXPECT_THAT(behind.out, HasSubstr("timedatectl set-ntp true"));
}

TEST_F(Doctor, FindsAProxyThatDoesNotPassThePathOn) {
  Prepare();
  world_.ingress = {};
  EXPECT_THAT(Examine().out,
              HasSubstr("/infobip/events answers 404 to GET; the ingress answers 405"));
  world_.ingress = {{"GET /infobip/events", 0}};
  const Result gone = Examine();
  EXPECT_EQ(gone.status, ExitStatus::kFindings);
  EXPECT_THAT(gone.out, HasSubstr("/infobip/events is not reached by the public URL"));
}

TEST_F(Doctor, FindsAnIngressThatLetsStrangersIn) {
  Prepare();
  world_.ingress["POST /infobip/events"] = 200;
  EXPECT_THAT(Examine().out, HasSubstr("accepts a webhook without credentials"));
}

TEST_F(Doctor, AsksAnIngressOfEitherAuthenticationForItsRefusal) {
  folder_.Write("password", "the-password-of-webhooks");
  WriteSettings({{"hmac: {secret_files: [FOLDER/secret]}",
                  "basic: {credentials: [{username: webhooks, password_file: FOLDER/password}]}"}});
  world_.ingress["POST /infobip/events"] = 200;
  EXPECT_THAT(Examine().out, HasSubstr("accepts a webhook without credentials"));
}

TEST_F(Doctor, NeverShowsTheKeyToTheIngress) {
  Examine();
  EXPECT_EQ(world_.shown_to_ingress, "");
}

TEST_F(Doctor, NamesTheSettingThatIsMissing) {
  WriteSettings({{"  public_url: https://hooks.example.com\n", ""}});
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, HasSubstr("FOUND      settings: webhook.public_url: required here"));
}

TEST_F(Doctor, SaysWhatItCouldNotCheck) {
  Prepare();
  ASSERT_TRUE(model_.SetFault("operations", "get-profile").ok());
  ASSERT_TRUE(model_.SetFault("error-before", "1").ok());
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFailed) << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("unchecked  profile: 500 GENERAL_ERROR"),
                                HasSubstr("good       subscription")));
}

TEST_F(Doctor, SaysThatItCouldNotLookAtRecordings) {
  Prepare();
  ASSERT_TRUE(model_.SetFault("operations", "list-conference-recordings").ok());
  ASSERT_TRUE(model_.SetFault("error-before", "1").ok());
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFailed) << result.out;
  EXPECT_THAT(result.out, HasSubstr("unchecked  recording: list of recordings: 500"));
}

class DoctorInScope : public AdminTest {
 protected:
  static simulator::Settings OfLogs() {
    simulator::Settings settings = Sold();
    settings.scopes = {"calls:configuration:manage", "numbers:manage"};
    return settings;
  }
  DoctorInScope() : AdminTest(OfLogs()) {}
};

TEST_F(DoctorInScope, NamesEachScopeThatIsMissing) {
  const Result result = Run({"doctor"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("give the key the scope subscriptions:manage"),
                    HasSubstr("the key may not list calls: 403 FORBIDDEN"),
                    HasSubstr("the key may not list conferences: 403 FORBIDDEN"),
                    HasSubstr("FOUND      configuration: calls configuration shop-calls")));
}

class DoctorOfStore : public Doctor {
 protected:
  DoctorOfStore() : path_(folder_.Path("callbridge.db")) {
    WriteSettings({{"store: {memory: {}}", "store: {sqlite: {path: " + path_ + "}}"}});
  }
  // Writes the version of the file's tables.
  void SetVersion(int version) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    const std::string sql = "PRAGMA user_version = " + std::to_string(version);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_close(database), SQLITE_OK);
  }

  const std::string path_;
};

TEST_F(DoctorOfStore, ReadsTheVersionOfTheFile) {
  EXPECT_THAT(Examine().out, HasSubstr("there is no file yet"));
  ASSERT_TRUE(store::OpenSqliteStore(path_, {.stop = {}, .new_id = false}).ok());
  EXPECT_THAT(Examine().out, AllOf(HasSubstr("good       store: the file has version"),
                                   HasSubstr("good       free disk")));
  SetVersion(1);
  EXPECT_THAT(Examine().out, HasSubstr("note       store: the file has version 1"));
  SetVersion(1'000);
  EXPECT_THAT(Examine().out, HasSubstr("FOUND      store: the file has version 1000"));
}

TEST_F(DoctorOfStore, FindsAFullDiskAndAMissingFolder) {
  WriteSettings({{"store: {memory: {}}",
                  "limits: {free_disk_bytes_min: 1125899906842624}\nstore: {sqlite: {path: " +
                      path_ + "}}"}});
  EXPECT_THAT(Examine().out, HasSubstr("FOUND      free disk:"));
  WriteSettings(
      {{"store: {memory: {}}", "store: {sqlite: {path: " + folder_.Path("away") + "/a.db}}"}});
  EXPECT_THAT(Examine().out, HasSubstr("run doctor where the server runs"));
}

TEST_F(Doctor, LooksWhetherTheKeyMayRecord) {
  Run({"setup"});
  EXPECT_THAT(Run({"doctor"}).out, HasSubstr("good       recording: the key may list recordings"));
  model_.SetScopes(
      {"calls:configuration:manage", "subscriptions:manage", "numbers:manage", "calls:logs:read"});
  const Result idle = Run({"doctor"});
  EXPECT_THAT(idle.out, HasSubstr("no plan records"));
  EXPECT_THAT(idle.out, Not(HasSubstr("finding    recording")));
  WriteSettings({{"routes:", "plans: {default: {recording: {mode: conference}}}\nroutes:"}});
  const Result result = Run({"doctor"});
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, AllOf(HasSubstr("the key may not list recordings"),
                                HasSubstr("calls:recording:read")));
}

}  // namespace
}  // namespace callbridge::admin
