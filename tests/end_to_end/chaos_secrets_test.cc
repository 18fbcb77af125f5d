// Keys and secrets that are replaced while bridges run: by right ones, and by wrong ones.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>

#include "tests/end_to_end/chaos.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kEvent[] =
    R"({"type":"CALL_RECEIVED","callId":"nobody","timestamp":"2026-01-15T12:00:00Z"})";
constexpr seconds kExitLimit{20};
constexpr seconds kOnTheWayLimit{20};

class ChaosSecrets : public Chaos {
 protected:
  // As an operator does it: the file, then the restart.
  void RestartServerWithKey(const std::string& key) {
    WriteFile(system().folder() / "api-key", key + "\n");
    DuringOutage(Part::kServer, [&] {
      system().server().Signal(SIGTERM);
      EXPECT_EQ(system().server().WaitExit(kExitLimit), std::optional<int>(0));
      StartServerAgain();
    });
  }
  void RestartIngressWithSecrets(const std::vector<std::string>& files) {
    system().SetWebhookSecrets(files);
    DuringOutage(Part::kIngress, [&] {
      system().ingress().Signal(SIGTERM);
      EXPECT_EQ(system().ingress().WaitExit(kExitLimit), std::optional<int>(0));
      ASSERT_NO_FATAL_FAILURE(system().StartIngress());
    });
  }
  // Until no bridge needs the provider for its result: each one connects people, or rings a callee
  // who never answers.
  void AwaitNobodyOnTheWay() {
    v1::ListSessionsRequest request;
    for (const auto state : {v1::Session::STATE_PREPARING, v1::Session::STATE_GREETING,
                             v1::Session::STATE_RINGING, v1::Session::STATE_JOINING}) {
      request.add_states(state);
    }
    const auto rings_in_vain = [](const v1::Session& session) {
      return session.state() == v1::Session::STATE_RINGING && session.legs_size() == 2 &&
             session.legs(1).endpoint().phone().number() == kSilentCallee;
    };
    EXPECT_TRUE(Await(system().simulator(), kOnTheWayLimit, [&] {
      const auto listed = system().client().ListSessions(request);
      return listed.ok() &&
             std::all_of(listed->sessions().begin(), listed->sessions().end(), rings_in_vain);
    })) << "somebody is still on the way";
  }
  void ExpectResult(const std::string& session, v1::Outcome::Result result, v1::EndReason reason) {
    const v1::Outcome outcome = ToEnd(session).Outcome();
    EXPECT_EQ(outcome.result(), result) << outcome.ShortDebugString();
    EXPECT_EQ(outcome.reason(), reason) << outcome.ShortDebugString();
  }
};

TEST_F(ChaosSecrets, AWrongApiKeyFailsNewBridgesByTheOperatorsFaultUntilItIsRightAgain) {
  SystemOptions options;
  options.webhook_repeats = 5;
  BootObserved(options);
  StartTraffic({.seed = 77, .bridges = 6, .apart = milliseconds(150)});
  AwaitTrafficStarted();
  AwaitSessions(v1::Session::STATE_CONNECTED, 1);
  AwaitNobodyOnTheWay();
  RestartServerWithKey("another-key");
  const std::string failed = Start(DialBoth("wrong-key")).session_id();
  ExpectResult(failed, v1::Outcome::RESULT_FAILED, v1::END_REASON_PROVIDER_ACCOUNT);
  RestartServerWithKey(kApiKey);
  provider().SetPeople({{kCallee, "answers:2,hangs-up:10"}});
  const std::string right = Start(DialBoth("right-key")).session_id();
  ExpectResult(right, v1::Outcome::RESULT_COMPLETED, v1::END_REASON_HUNG_UP);
  // 401 counts as unlawful at the simulator.
  const history::History history = SettleAndJudge(false);
  EXPECT_EQ(CountResults(history, v1::Outcome::RESULT_FAILED), 1);
}

TEST_F(ChaosSecrets, AWebhookSecretIsRotatedInAndAWrongOneStopsWebhooksButNoSession) {
  SystemOptions options;
  BootObserved(options);
  // What PostWebhook signs with when it is not to sign well.
  WriteFile(system().folder() / "next-secret", "another secret\n");
  EXPECT_EQ(system().PostWebhook(kEvent, false).status, 401);
  StartTraffic({.seed = 88, .bridges = 8, .apart = milliseconds(150)});
  AwaitTrafficStarted();

  RestartIngressWithSecrets({"next-secret", "webhook-secret"});
  EXPECT_EQ(system().PostWebhook(kEvent).status, 200);
  EXPECT_EQ(system().PostWebhook(kEvent, false).status, 200);
  provider().SetPeople({{kCallee, "answers:2,hangs-up:30"}});
  const std::string session = Start(DialBoth("rotated")).session_id();
  Until(session, "parties_connected");

  // The provider does not know this one: nothing that it posts is taken, and looks must do.
  DuringOutage(Part::kIngress, [&] {
    RestartIngressWithSecrets({"next-secret"});
    EXPECT_EQ(system().PostWebhook(kEvent).status, 401);
    ExpectResult(session, v1::Outcome::RESULT_COMPLETED, v1::END_REASON_HUNG_UP);
    const std::string unheard = Start(DialBoth("unheard")).session_id();
    ExpectResult(unheard, v1::Outcome::RESULT_COMPLETED, v1::END_REASON_HUNG_UP);
    EXPECT_GT(provider().State().webhooks.refused, 0);
  });
  RestartIngressWithSecrets({"webhook-secret"});
  EXPECT_EQ(system().PostWebhook(kEvent, false).status, 401);
  StartTraffic({.seed = 89, .bridges = 2, .name = "after", .kinds = {Traffic::Kind::kAnswered}});
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 4);
}

}  // namespace
}  // namespace callbridge::end_to_end
