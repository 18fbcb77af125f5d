// Rubbish at every door: the ingress, the settings file, a second server over the same store.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr seconds kExitLimit{20};

class Refusals : public EndToEnd {};

TEST_F(Refusals, AnAuthenticWebhookThatCannotBeReadIsKeptForAPerson) {
  Boot();
  const std::string body = std::string("{\"type\":\"CALL_RECEIVED\",\"from\":\"") + kCaller + "\",";
  EXPECT_EQ(system().PostWebhook(body).status, 200);
  const CommandResult shown = system().RunCommand({"quarantine"});
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("CALL_RECEIVED"), HasSubstr("+44********00"),
                               Not(HasSubstr(kCaller))));
  EXPECT_THAT(shown.err, HasSubstr("1 shown, 1 kept"));
  const CommandResult whole = system().RunCommand({"quarantine", "--show-numbers"});
  EXPECT_THAT(whole.out, HasSubstr(kCaller));
  // And the next call is served as if nothing had been.
  const std::string call = provider().StartCall(kCaller, kBusyDid);
  const Reading reading = ToEnd(system().AwaitSessionOf(call).session_id());
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
  system().ExpectNothingLeft();
}

TEST_F(Refusals, AWrongSignatureAHugeBodyAndAnotherPathAreRefused) {
  Boot();
  const std::string event =
      R"({"type":"CALL_RECEIVED","callId":"c1","timestamp":"2026-01-15T12:00:00Z"})";
  EXPECT_EQ(system().PostWebhook(event, false).status, 401);
  EXPECT_EQ(system().PostWebhook(std::string(300 * 1024, ' ')).status, 413);
  EXPECT_EQ(system().PostWebhook("").status, 200);
  EXPECT_EQ(system().PostWebhook("[]").status, 200);
  EXPECT_EQ(system().PostWebhook("\xff\xfe\x00garbage").status, 200);
  EXPECT_EQ(system().PostWebhook(R"({"type":"SOMETHING_NEW","callId":"c1"})").status, 200);
  const auto sessions = system().client().ListSessions({});
  ASSERT_TRUE(sessions.ok()) << sessions.status();
  EXPECT_EQ(sessions->sessions_size(), 0) << "a refused webhook reached the inbox";
}

// Nothing was done in it: neither is a command sent, nor does the next start take it for a crash.
TEST_F(Refusals, AStartThatFailsIsNoCrash) {
  SystemOptions options;
  options.in_server_ingress = true;
  Boot(options);
  system().server().Signal(SIGTERM);
  ASSERT_EQ(system().server().WaitExit(kExitLimit), std::optional<int>(0));
  // The last port that it listens on is the simulator's.
  std::string settings = ReadFile(system().folder() / "settings.yaml");
  const std::string base_url = "base_url: http://";
  const std::size_t simulator = settings.find(base_url) + base_url.size();
  const std::string taken = settings.substr(simulator, settings.find('\n', simulator) - simulator);
  const std::size_t ingress = settings.find("webhook:\n  listen: ") + 19;
  settings.replace(ingress, settings.find('\n', ingress) - ingress, taken);
  WriteFile(system().folder() / "taken.yaml", settings);
  const auto failed = system().Launch("callbridge-server", "failed", "taken.yaml");
  EXPECT_EQ(failed->WaitExit(kExitLimit), std::optional<int>(1));
  EXPECT_THAT(ReadFile(system().folder() / "failed.err"), HasSubstr("webhook.listen: "));
  ASSERT_NO_FATAL_FAILURE(system().StartServer());
  // The first start's line stands there already.
  const std::string started = R"("event":"worker_started")";
  ASSERT_TRUE(Await(system().server(), kExitLimit, [&] {
    const std::string log = ReadFile(system().folder() / "server.err");
    const std::size_t first = log.find(started);
    return first != std::string::npos && log.find(started, first + 1) != std::string::npos;
  })) << "the second start is not told";
  EXPECT_THAT(ReadFile(system().folder() / "server.err"),
              AllOf(HasSubstr(R"("after_crash":false)"), Not(HasSubstr(R"("after_crash":true)"))));
}

TEST_F(Refusals, AnUnknownSettingIsRefusedWithItsPlace) {
  Boot();
  system().WriteSettings("wrong.yaml", "limits:\n  session_max: 3\n");
  const std::string settings = ReadFile(system().folder() / "wrong.yaml");
  const auto line = std::count(settings.begin(), settings.end(), '\n');
  for (const char* program : {"callbridge-server", "callbridge-webhook"}) {
    const std::string log = std::string("refused-") + program;
    const auto refused = system().Launch(program, log, "wrong.yaml");
    EXPECT_EQ(refused->WaitExit(kExitLimit), std::optional<int>(1)) << program;
    EXPECT_THAT(ReadFile(system().folder() / (log + ".err")),
                AllOf(HasSubstr("wrong.yaml:" + std::to_string(line) + ":3: "),
                      HasSubstr("session_max"), HasSubstr("sessions_max")));
  }
}

TEST_F(Refusals, ASecondServerOverTheSameStoreIsRefused) {
  Boot();
  const auto second = system().Launch("callbridge-server", "second");
  EXPECT_EQ(second->WaitExit(kExitLimit), std::optional<int>(1));
  EXPECT_THAT(ReadFile(system().folder() / "second.err"),
              AllOf(HasSubstr("callbridge.db"), HasSubstr("is in use by another process")));
  // The first one did not notice.
  EXPECT_TRUE(system().client().ListSessions({}).ok());
}

TEST_F(Refusals, AStoreOfAnotherServiceIsRefused) {
  Boot();
  system().Stop();
  std::string settings = ReadFile(system().folder() / "settings.yaml");
  settings.replace(settings.find("service_id: e2e"), 15, "service_id: other");
  WriteFile(system().folder() / "other.yaml", settings);
  const auto other = system().Launch("callbridge-server", "other", "other.yaml");
  EXPECT_EQ(other->WaitExit(kExitLimit), std::optional<int>(1));
  EXPECT_THAT(ReadFile(system().folder() / "other.err"),
              AllOf(HasSubstr("\"e2e\""), HasSubstr("\"other\"")));
}

}  // namespace
}  // namespace callbridge::end_to_end
