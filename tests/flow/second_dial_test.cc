// A dial of unknown fate whose call no complete look has shown was made once more: what becomes of
// the second one decides, and nothing is waited for that cannot come.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

// The second dial waits for its turn; it is the command DialCallee still.
void PlayUntilTheSecondDial(Scenario& scenario) {
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"unknown 6", "wait 2s", "does FindCallee", "wait 2s", "does FindCallee",
                     "wait 2s", "does FindCallee"});
  ASSERT_EQ(scenario.session().legs_size(), 2);
  ASSERT_TRUE(scenario.session().legs(1).redialled());
}

// The caller does not hear music until the first dial's ring timeout.
TEST(SecondDial, ThatComesToNothingEndsTheWaitAtOnceForItsOwnReason) {
  struct Row {
    std::vector<std::string> inputs;
    v1::Outcome::Result result;
    v1::EndReason reason;
  };
  const std::vector<Row> rows = {
      {{"sends DialCallee", "refused DialCallee 403"},
       v1::Outcome::RESULT_FAILED,
       v1::END_REASON_PROVIDER_ACCOUNT},
      {{"does DialCallee", "CALL_FAILED callee-1 BUSY"},
       v1::Outcome::RESULT_CALLEE_UNREACHED,
       v1::END_REASON_BUSY},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.inputs.back());
    Scenario scenario;
    PlayUntilTheSecondDial(scenario);
    PlayAll(scenario, row.inputs);
    ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
    PlayAll(scenario, {"PLAY_FINISHED PlayMusic", "does PlayPrompt", "sound-over"});
    EXPECT_EQ(scenario.session().outcome().result(), row.result);
    EXPECT_EQ(scenario.session().outcome().reason(), row.reason);
  }
}

// The second dial cannot leave, and no later look is answered either: the first one's call was
// absent, so the leg is over when all deadlines have passed, and needs nobody's attention.
TEST(SecondDial, ThatNeverLeftDoesNotKeepItsLegForEver) {
  Scenario scenario;
  PlayUntilTheSecondDial(scenario);
  PlayAll(scenario, {"sends DialCallee", "not-sent DialCallee", "wait 20s"});
  ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
  PlayAll(scenario, {"PLAY_FINISHED PlayMusic", "does PlayPrompt", "sound-over"});
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_PROVIDER_UNAVAILABLE);
  PlayAll(scenario,
          {"does HangUpConference", "CALL_FINISHED caller NORMAL_HANGUP API", "wait 100s"});
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  ASSERT_TRUE(scenario.session().legs(1).has_end());
  EXPECT_EQ(scenario.session().legs(1).end().reason(), v1::END_REASON_LOST);
  EXPECT_TRUE(scenario.session().legs(1).end().inferred());
  EXPECT_EQ(scenario.session().issues_size(), 0);
  EXPECT_EQ(scenario.session().timers_size(), 0);
}

// The call of the first dial was late: it is heard of all the same, and hung up.
TEST(SecondDial, ThatNeverLeftHidesNoLateCallOfTheFirst) {
  Scenario scenario;
  PlayUntilTheSecondDial(scenario);
  PlayAll(scenario,
          {"sends DialCallee", "not-sent DialCallee", "wait 20s", "PLAY_FINISHED PlayMusic",
           "does PlayPrompt", "sound-over", "CALL_RINGING callee-1"});
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  EXPECT_FALSE(scenario.session().legs(1).lost());
  bool hung_up = false;
  for (const auto& open : scenario.session().open_commands()) {
    hung_up |= open.command().hang_up_call().call_id() == "call-callee-1";
  }
  EXPECT_TRUE(hung_up);
}

}  // namespace
}  // namespace callbridge::flow
