// A crowd of bridges while processes are killed, stand still, or the provider is not there.
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/end_to_end/chaos.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Longer than a command may wait to be sent (1 s).
constexpr milliseconds kStandsStill{2'500};
// The shortest time after which every request of before has timed out (8 s); with the variable set,
// the whole minute.
constexpr seconds kShortAbsence{9};
constexpr char kWholeMinute[] = "CALLBRIDGE_CHAOS_WHOLE_MINUTE";

seconds ProviderAbsence() {
  return std::getenv(kWholeMinute) != nullptr ? seconds(60) : kShortAbsence;
}

class ChaosCrash : public Chaos {};

TEST_F(ChaosCrash, OfTheServerTwiceLosesNoBridgeAndDialsNobodyTwice) {
  SystemOptions options;
  options.webhook_repeats = 5;
  BootObserved(options);
  StartTraffic({.seed = 11, .bridges = 14});
  AwaitSessions(v1::Session::STATE_RINGING, 1);
  KillServer(milliseconds(500));
  AwaitSessions(v1::Session::STATE_CONNECTED, 1);
  KillServer(milliseconds(0));
  StartTrafficAfterwards();
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 2);
}

// What happened meanwhile is never posted again: looks must find it.
TEST_F(ChaosCrash, OfTheIngressTwiceLosesNoBridge) {
  BootObserved();
  StartTraffic({.seed = 22, .bridges = 14});
  AwaitSessions(v1::Session::STATE_RINGING, 1);
  KillIngress(milliseconds(1'500));
  AwaitSessions(v1::Session::STATE_CONNECTED, 1);
  KillIngress(milliseconds(300));
  StartTrafficAfterwards();
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 2);
  EXPECT_GT(provider().State().webhooks.given_up, 0) << "no webhook was lost";
}

TEST_F(ChaosCrash, ProcessesThatStandStillLoseNothing) {
  BootObserved();
  StartTraffic({.seed = 33, .bridges = 14});
  AwaitSessions(v1::Session::STATE_RINGING, 1);
  Pause(Part::kServer, kStandsStill);
  AwaitSessions(v1::Session::STATE_CONNECTED, 1);
  Pause(Part::kIngress, kStandsStill);
  Pause(Part::kServer, kStandsStill);
  StartTrafficAfterwards();
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 2);
  const SimulatedWebhooks webhooks = provider().State().webhooks;
  EXPECT_EQ(webhooks.refused + webhooks.failed + webhooks.given_up, 0);
}

TEST_F(ChaosCrash, TheProvidersAbsenceEndsNoSessionTwiceAndLeavesNothingAlive) {
  BootObserved();
  StartTraffic({.seed = 44, .bridges = 10, .apart = milliseconds(150)});
  AwaitTrafficStarted();
  DuringOutage(Part::kProvider, [&] {
    // These are accepted by the service and cannot be begun.
    StartTraffic({.seed = 45,
                  .bridges = 3,
                  .apart = milliseconds(400),
                  .name = "meanwhile",
                  .kinds = Traffic::ProgramsOnly()});
    Pause(Part::kProvider, ProviderAbsence());
  });
  // And afterwards everything is as before.
  StartTrafficAfterwards();
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 2);
}

}  // namespace
}  // namespace callbridge::end_to_end
