// The logs of a run in which all sorts of things go wrong. Every other test holds its own logs
// against the same promises.
#include "tests/end_to_end/logs.h"

#include <gmock/gmock.h>

#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Logs : public EndToEnd {};

TEST_F(Logs, TellAnOperatorWhatWentWrongWithoutNumbersTextsAndSecrets) {
  SystemOptions options;
  options.log_level = "debug";
  Boot(options);
  provider().SetFaults({{"error-after", "0.1"}, {"sound-error", "0.3"}, {"throttled", "0.1"}});
  const std::string unread =
      std::string("{\"to\":\"") + kOfferedDid + "\",\"text\":\"" + kGreeting + "\",";
  EXPECT_EQ(system().PostWebhook(unread).status, 200);
  EXPECT_EQ(system().PostWebhook("{}", false).status, 401);
  provider().StartCall(kCaller, kUnroutedDid, 5);
  v1::StartBridgeRequest wrong = DialBoth("wrong");
  wrong.set_plan_name(kGreeting);
  EXPECT_FALSE(system().client().StartBridge(wrong).ok());
  const std::string session = Start(DialBoth("right", kBusyCallee)).session_id();
  ToEnd(session);
  provider().ClearFaults();
  system().ExpectNothingLeft();
  system().Stop();

  const std::string server = ReadFile(system().folder() / "server.err");
  const std::string ingress = ReadFile(system().folder() / "webhook.err");
  EXPECT_THAT(server, AllOf(HasSubstr("server_listening"), HasSubstr("webhook_quarantined"),
                            HasSubstr("call_to_unrouted_number"), HasSubstr("server_draining")));
  EXPECT_THAT(ingress, AllOf(HasSubstr("webhook_listening"), HasSubstr("webhook_unauthorized")));
}

// So that the check above, and the one after every test, can fail.
TEST_F(Logs, WithANumberASecretOrTooManyLinesAreNoticed) {
  Boot();
  const std::filesystem::path folder = system().folder();
  WriteFile(folder / "bad-number.err", std::string("{\"to\":\"") + kCallee + "\"}\n");
  WriteFile(folder / "bad-text.out", std::string("said ") + kApology + "\n");
  WriteFile(folder / "bad-key.err", std::string("Authorization: App ") + kApiKey + "\n");
  WriteFile(folder / "many.err",
            "{\"session\":\"s_1\"}\n{\"session\":\"s_1\"}\n"
            "{\"session\":\"s_1\"}\n{\"session\":\"s_2\"}\n");
  EXPECT_THAT(FindLogDefects(folder, {"bad"}), SizeIs(3));
  EXPECT_THAT(FindLogDefects(folder, {"many"}), IsEmpty());
  WriteFile(folder / "many-more.err", "{\"session\":\"s_1\"}\n");
  EXPECT_THAT(FindLogDefects(folder, {"many"}), SizeIs(1));
  EXPECT_THAT(LogTails(folder), AllOf(HasSubstr("---- many.err"), HasSubstr("s_2")));
}

}  // namespace
}  // namespace callbridge::end_to_end
