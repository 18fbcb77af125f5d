// Twenty bridges over a provider that loses, repeats and reorders webhooks and fails requests in
// every way it knows.
#include <gmock/gmock.h>

#include <map>

#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using Outcome = v1::Outcome;

// What may decide a bridge of a faulty provider besides the people in it.
bool IsTheProvidersFault(v1::EndReason reason) {
  switch (reason) {
    case v1::END_REASON_LOST:
    case v1::END_REASON_PROVIDER_REFUSED:
    case v1::END_REASON_PROVIDER_THROTTLED:
    case v1::END_REASON_PROVIDER_UNAVAILABLE:
      return true;
    default:
      return false;
  }
}

// One bridge and how it ends over a faultless provider.
struct Bridge {
  std::string session;
  Outcome::Result expected;
};

class Faults : public EndToEnd {
 protected:
  // Who is called, by the end of the number; see SetPeople below.
  struct Kind {
    const char* callee;
    Outcome::Result expected;
  };
  static constexpr Kind kKinds[] = {
      {"+447700900456", Outcome::RESULT_COMPLETED},
      {"+447700900556", Outcome::RESULT_COMPLETED},
      {kBusyCallee, Outcome::RESULT_CALLEE_UNREACHED},
      {"+447700900656", Outcome::RESULT_COMPLETED},
      {"+447700900102", Outcome::RESULT_CALLEE_UNREACHED},
      // The dial is refused with 403: the operator's problem (docs/api.md).
      {"+447700900109", Outcome::RESULT_FAILED},
  };

  void StartCalls(int count) {
    for (int i = 0; i < count; ++i) calls_.push_back(provider().StartCall(kCaller, kAnsweredDid));
  }

  std::vector<Bridge> StartBridges(int count) {
    std::vector<Bridge> bridges;
    for (int i = 0; i < count; ++i) {
      const Kind& kind = kKinds[static_cast<std::size_t>(i) % std::size(kKinds)];
      v1::StartBridgeRequest request = DialBoth("bridge-" + std::to_string(i), kind.callee);
      request.mutable_plan()->mutable_ring_timeout()->set_seconds(6);
      bridges.push_back({Start(request).session_id(), kind.expected});
    }
    for (const std::string& call : calls_) {
      const v1::Session session = system().AwaitSessionOf(call);
      bridges.push_back({session.session_id(), Outcome::RESULT_COMPLETED});
    }
    return bridges;
  }

  void ExpectClass(const Bridge& bridge) {
    ASSERT_TRUE(system().server().StaysAliveFor(std::chrono::milliseconds(0)))
        << "the server has died";
    const Reading reading = ToEnd(bridge.session);
    const Outcome outcome = reading.Outcome();
    SCOPED_TRACE(testing::PrintToString(reading.Story()));
    if (outcome.result() == bridge.expected) {
      ++as_expected_;
      return;
    }
    EXPECT_TRUE(IsTheProvidersFault(outcome.reason())) << outcome.ShortDebugString();
    EXPECT_NE(outcome.result(), Outcome::RESULT_CANCELLED);
    EXPECT_NE(outcome.result(), Outcome::RESULT_CALLER_ABANDONED);
  }

  int as_expected_ = 0;
  std::vector<std::string> calls_;
};

TEST_F(Faults, OfWebhooksAndRequestsLeaveTwentyBridgesInTheRightClassAndNothingAlive) {
  SystemOptions options;
  options.webhook_repeats = 2;
  options.simulator_arguments = {"--delay", "inbound-ring=10s"};
  Boot(options);
  // They talk for 5 s: longer than it takes to prove a join whose events were held back or lost.
  provider().SetPeople({{"*56", "answers:2,hangs-up:50"}});
  provider().SetFaults({{"duplicate", "0.2"},
                        {"reorder", "0.3"},
                        {"unknown-event", "0.1"},
                        {"event-before-response", "0.2"},
                        {"throttled", "0.05"},
                        {"error-before", "0.03"},
                        {"error-after", "0.03"},
                        {"reset-before", "0.02"},
                        {"reset-after", "0.03"}});
  // A call whose very first event is lost is nobody's, so losses begin after those. None of the six
  // may be without a session.
  StartCalls(6);
  provider().SetFaults({{"drop", "0.05"}});
  for (const Bridge& bridge : StartBridges(14)) ASSERT_NO_FATAL_FAILURE(ExpectClass(bridge));
  // Some bridges may fall to the provider's faults; most must not.
  RecordProperty("as_expected", as_expected_);
  EXPECT_GE(as_expected_, 15);
  system().ExpectNothingLeft();
  const SimulatorState state = provider().State();
  EXPECT_GT(state.faults_struck, 5);
  EXPECT_EQ(state.webhooks.refused, 0);
  // One caller and one callee each: a third call of a session is one that was dialled twice.
  std::map<std::string, int> calls;
  for (const SimulatedCall& call : state.calls) ++calls[call.session];
  calls.erase("");
  for (const auto& [session, count] : calls) EXPECT_LE(count, 2) << session;
}

TEST_F(Faults, AllEventsBeforeTheirResponsesChangeNothing) {
  Boot();
  provider().SetFaults({{"event-before-response", "1"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "prompt_finished ANNOUNCEMENT FULL");
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
  EXPECT_EQ(provider().State().overlaps, 0);
}

TEST_F(Faults, EveryEventTwiceInArraysWithNullFieldsChangesNothing) {
  Boot();
  provider().SetFaults({{"duplicate", "1"},
                        {"array", "0.5"},
                        {"null-fields", "0.5"},
                        {"unknown-field", "0.5"},
                        {"zulu-times", "0.3"},
                        {"colon-times", "0.3"}});
  const std::string call = provider().StartCall(kCaller, kUnansweredDid);
  const Reading reading = ToEnd(system().AwaitSessionOf(call).session_id());
  EXPECT_EQ(reading.Outcome().result(), Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(reading.Outcome().reason(), v1::END_REASON_NO_ANSWER);
  system().ExpectNothingLeft();
}

TEST_F(Faults, AllWebhooksLostAfterTheFirstStillConnectAndEndTheCall) {
  Boot();
  provider().SetFaults({{"drop-from", "2"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "parties_connected");
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
}

}  // namespace
}  // namespace callbridge::end_to_end
