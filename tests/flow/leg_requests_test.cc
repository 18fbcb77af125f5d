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
  EXPECT_TRUE(update.muted());
  // The last one took something back.
  EXPECT_LE(scenario.session().inputs(), base::kInputsBeforeRequestsAreRefused + 1);
  // The bridge goes on, and its end has what it needs.
  PlayAll(scenario, {"does DialCallee", "PARTICIPANT_JOINED callee-1"});
  EXPECT_TRUE(scenario.session().has_connected());
  scenario.Play("CALL_FINISHED caller NORMAL_HANGUP");
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_COMPLETED);
}

// What was begun can be ended, however much the session has had.
TEST(Requests, ThatTakeSomethingBackAreTakenFromAFullSession) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call silent recorded", "does AnswerCaller", "does CreateConference",
                     "does AddCaller", "PARTICIPANT_JOINED caller", "does DialCallee",
                     "PARTICIPANT_JOINED callee-1", "does StartRecording",
                     "CONFERENCE_RECORDING_STARTED recording-1", "say caller r-1"});
  internal::v1::Input mute;
  mute.mutable_update_leg()->set_leg_id("caller");
  mute.mutable_update_leg()->set_muted(true);
  scenario.Step(mute);
  internal::v1::Input deafen;
  deafen.mutable_update_leg()->set_leg_id("caller");
  while (scenario.session().inputs() < base::kInputsBeforeRequestsAreRefused) {
    deafen.mutable_update_leg()->set_deafened(!scenario.session().legs(0).audio().deafen_wanted());
    scenario.Step(deafen);
  }
  EXPECT_EQ(scenario.Step(mute).reply().error(), v1::ERROR_REASON_TOO_MANY_REQUESTS);
  mute.mutable_update_leg()->set_muted(false);
  EXPECT_EQ(scenario.Step(mute).reply().error(), v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_FALSE(scenario.session().legs(0).audio().mute_wanted());
  scenario.Play("stop-sounds caller");
  EXPECT_FALSE(scenario.session().lanes(0).has_requested()) << scenario.account();
  scenario.Play("record stop");
  EXPECT_EQ(scenario.session().recordings().recorders(0).progress(),
            internal::v1::Recorder::PROGRESS_STOPPING)
      << scenario.account();
}

}  // namespace
}  // namespace callbridge::flow
