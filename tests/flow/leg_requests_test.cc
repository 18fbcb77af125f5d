// What clients ask of a leg, at the bounds that stories do not reach.
#include <gtest/gtest.h>

#include "server/base/limits.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

// A client that never stops asking cannot take from a session what its calls and its end need.
TEST(UpdateLeg, IsRefusedWhenTheSessionHasHadMuchInput) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call silent", "does AnswerCaller", "does CreateConference",
                     "does AddCaller", "PARTICIPANT_JOINED caller"});
  internal::v1::Input input;
  internal::v1::UpdateLeg& update = *input.mutable_update_leg();
  update.set_leg_id("caller");
  v1::ErrorReason answer = v1::ERROR_REASON_UNSPECIFIED;
  int taken = 0;
  for (; answer == v1::ERROR_REASON_UNSPECIFIED && taken < base::kInputsPerSessionMax; ++taken) {
    update.set_muted(taken % 2 == 0);
    answer = scenario.Step(input).reply().error();
  }
  EXPECT_EQ(answer, v1::ERROR_REASON_TOO_MANY_REQUESTS);
  EXPECT_EQ(scenario.session().inputs(), base::kInputsBeforeRequestsAreRefused);
  // The bridge goes on, and its end has what it needs.
  PlayAll(scenario, {"does DialCallee", "PARTICIPANT_JOINED callee-1"});
  EXPECT_TRUE(scenario.session().has_connected());
  scenario.Play("CALL_FINISHED caller NORMAL_HANGUP");
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_COMPLETED);
}

}  // namespace
}  // namespace callbridge::flow
