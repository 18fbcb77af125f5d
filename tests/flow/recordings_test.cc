// Recordings at the edge of a session: starts that are refused when it is over, and how long it
// asks for files when the provider only refuses.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

bool AsksForFiles(const internal::v1::Session& session) {
  return std::any_of(session.open_commands().begin(), session.open_commands().end(),
                     [](const auto& open) { return open.command().has_look_at_recording(); });
}

// A key without the scope for recordings is refused each time. The session must not ask for ever,
// because it is not deleted as long as it does.
TEST(RecordedFiles, AreNotAskedForADayAfterTheEnd) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call silent recorded", "does AnswerCaller", "does CreateConference",
           "does AddCaller", "PARTICIPANT_JOINED caller", "does DialCallee",
           "PARTICIPANT_JOINED callee-1", "does StartRecording",
           "CONFERENCE_RECORDING_STARTED recording-1", "CALL_FINISHED caller NORMAL_HANGUP",
           "does HangUpConference", "CALL_FINISHED callee-1 NORMAL_HANGUP"});
  ASSERT_TRUE(scenario.session().has_ended()) << scenario.account();
  int looks = 0;
  int minutes = 0;
  for (; minutes < 48 * 60 && scenario.session().timers_size() > 0; ++minutes) {
    scenario.Play("wait 60s");
    if (!AsksForFiles(scenario.session())) continue;
    ++looks;
    PlayAll(scenario, {"sends LookAtRecording", "refused LookAtRecording 403"});
  }
  EXPECT_GE(minutes, 24 * 60);
  EXPECT_LE(minutes, 31 * 60);
  EXPECT_LE(looks, 20);
  const internal::v1::Recorder& recorder = scenario.session().recordings().recorders(0);
  EXPECT_EQ(recorder.recording().failure(), v1::RECORDING_FAILURE_FILES_NOT_FOUND);
}

// The call is over before its start is answered, and there is an earlier recording: the refused one
// is forgotten, and nothing else.
TEST(RefusedRecording, IsForgottenAlsoAfterTheEnd) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call silent recorded-legs", "does AnswerCaller",
                     "does CreateConference", "does AddCaller", "PARTICIPANT_JOINED caller",
                     "does DialCallee", "PARTICIPANT_JOINED callee-1", "sends StartRecording#1",
                     "sends StartRecording#2", "CALL_FINISHED callee-1 NORMAL_HANGUP",
                     "does HangUpConference", "CALL_FINISHED caller NORMAL_HANGUP"});
  ASSERT_TRUE(scenario.session().has_ended()) << scenario.account();
  PlayAll(scenario, {"refused StartRecording#1 404", "refused StartRecording#2 404"});
  EXPECT_EQ(scenario.session().recordings().recorders_size(), 0) << scenario.account();
}

}  // namespace
}  // namespace callbridge::flow
