// What the caller hears, in courses that the scenarios of tests/scenarios have no words for:
// recorded prompts, many runs of the music.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "server/base/limits.h"
#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Input;
using internal::v1::Lane;
using internal::v1::Timer;
using internal::v1::Transition;

// The caller is in the conference and begins to hear the greeting, command 4, which is a recording.
void PlayUntilARecordedGreeting(Scenario& scenario) {
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  input.mutable_incoming_call()->mutable_plan()->mutable_greeting()->mutable_audio()->set_file_id(
      "welcome");
  scenario.Step(input);
  PlayAll(scenario, {"does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4"});
}

TEST(Lane, AnErrorOfPlayingEndsARecordedPromptAndOneOfSayingDoesNot) {
  Scenario scenario;
  PlayUntilARecordedGreeting(scenario);
  ASSERT_TRUE(scenario.session().has_greeting()) << PhaseName(scenario.session());
  scenario.Play("ERROR SAY");
  EXPECT_TRUE(scenario.session().has_greeting()) << PhaseName(scenario.session());
  scenario.Play("ERROR PLAY");
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
}

// The stop was taken, and the service stood still before it left, or died.
TEST(Lane, StopsTheMusicAgainAfterAPauseBeforeAnythingElseIsHeard) {
  for (const char* pause : {"1700ms", "5s"}) {
    Scenario scenario;
    PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                       "does 4", "SAY_FINISHED 4", "does 5", "does 6", "CALL_RINGING callee-1",
                       "PARTICIPANT_JOINED callee-1", "sends 7"});
    PlayAll(scenario, {absl::StrCat("pause ", pause), "not-sent 7"});
    const std::string output = scenario.Play("wait 0s");
    EXPECT_EQ(output.find("PlayPrompt"), std::string::npos) << output;
    EXPECT_EQ(output.find("MusicStopped"), std::string::npos) << output;
    EXPECT_NE(output.find("StopPlay"), std::string::npos) << output;
    EXPECT_TRUE(scenario.session().has_stopping_music()) << PhaseName(scenario.session());
    // The bridge goes on without the music's end, as without a pause.
    PlayAll(scenario, {"sends 8", "wait 1500ms"});
    EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
  }
}

base::Time PromptDeadlineOf(const Scenario& scenario) {
  for (const Timer& timer : scenario.session().timers()) {
    if (timer.kind() == Timer::KIND_PROMPT) return base::FromTimestamp(timer.due_time());
  }
  return {};
}

// What a prompt takes until the provider accepts it is no part of its length.
TEST(Lane, WaitsOnlyALittleLongerForAPromptWhoseLengthIsKnown) {
  using std::chrono::milliseconds;
  for (const auto& [length, deadline] : {std::pair{milliseconds(400), milliseconds(2'400)},
                                         // Never later than its text allows, from when it was sent.
                                         std::pair{milliseconds(9'000), milliseconds(4'750)}}) {
    Scenario scenario;
    PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller"});
    EXPECT_EQ(PromptDeadlineOf(scenario), scenario.now() + milliseconds(5'750));
    PlayAll(scenario, {"wait 1s", "sends 4", "wait 1s"});
    EXPECT_EQ(PromptDeadlineOf(scenario), scenario.now() + milliseconds(4'750));
    internal::v1::Input done;
    done.mutable_command_result()->set_number(4);
    done.mutable_command_result()->set_attempt(1);
    done.mutable_command_result()->set_verdict(internal::v1::CommandResult::VERDICT_DONE);
    *done.mutable_prompt_lengths()->mutable_greeting() = base::ToProtoDuration(length);
    scenario.Step(done);
    EXPECT_EQ(PromptDeadlineOf(scenario), scenario.now() + deadline);
  }
}

// The rates let no stop of the music leave: none counts, and the announcement waits.
TEST(Lane, SaysNothingOverMusicWhoseStopsWereThrottled) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
           "SAY_FINISHED 4", "does 5", "does 6", "PARTICIPANT_JOINED callee-1"});
  for (int stop = 0; stop < 9; ++stop) {
    EXPECT_TRUE(scenario.session().has_stopping_music()) << stop;
    PlayAll(scenario, {"sends StopPlay", "throttled StopPlay", "wait 500ms"});
  }
  // One arrives at last.
  const std::string output = scenario.Play("does StopPlay");
  EXPECT_EQ(output.find("PlayPrompt"), std::string::npos) << output;
  PlayAll(scenario, {"PLAY_FINISHED 5 cut"});
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
}

// Rounds are late, and the provider throttles: not for ever.
TEST(Lane, GoesOnThoughEveryStopIsThrottledAndEveryRoundIsLate) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
           "SAY_FINISHED 4", "does 5", "does 6", "PARTICIPANT_JOINED callee-1"});
  for (int round = 0; round < 8 && scenario.session().has_stopping_music(); ++round) {
    PlayAll(scenario, {"sends StopPlay", "throttled StopPlay", "pause 2200ms", "wait 0s"});
  }
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
}

// Music that ends again and again, long before the callee answers.
TEST(Lane, StaysSilentAfterSoManyRunsOfTheMusic) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call long-ring", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
           "does 4", "SAY_FINISHED 4", "does 5", "does 6", "CALL_RINGING callee-1"});
  for (int run = 1; run <= base::kMusicRunsMax; ++run) {
    ASSERT_EQ(CallersLane(scenario.session()).music_runs(), run);
    ASSERT_EQ(CallersLane(scenario.session()).content(), Lane::CONTENT_MUSIC) << run;
    const std::string number = absl::StrCat(CallersLane(scenario.session()).command());
    if (run > 1) scenario.Play("does " + number);
    PlayAll(scenario, {"wait 2s", "PLAY_FINISHED " + number});
  }
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
  EXPECT_EQ(CallersLane(scenario.session()).content(), Lane::CONTENT_UNSPECIFIED);
  // Who answers now is connected like anybody else.
  PlayAll(scenario, {"CALL_ESTABLISHED callee-1", "PARTICIPANT_JOINED callee-1"});
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
}

TEST(Lane, ARepeatedNoticeOfASoundThatIsOverSetsNoDeadlineForTheNext) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "sends 4", "SAY_FINISHED 4", "sends 5"});
  ASSERT_EQ(CallersLane(scenario.session()).command(), 5);
  const auto sent_time = CallersLane(scenario.session()).sent_time();
  PlayAll(scenario, {"wait 1s", "sends 4"});
  EXPECT_EQ(CallersLane(scenario.session()).sent_time().SerializeAsString(),
            sent_time.SerializeAsString());
  for (const Timer& timer : scenario.session().timers()) {
    EXPECT_NE(timer.kind(), Timer::KIND_PROMPT);
  }
}

// The stop overtook the play, so a further one followed its answer: there are no more of them than
// may be.
TEST(Lane, StopsAHeadSoManyTimesAndNoMore) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "sends 5", "does 6", "CALL_ESTABLISHED callee-1",
                     "does 7", "done 5", "does 8", "wait 500ms", "does 9"});
  ASSERT_EQ(CallersLane(scenario.session()).stops(), base::kStopPlaysMax);
  scenario.Play("wait 500ms");
  EXPECT_EQ(CallersLane(scenario.session()).stops(), base::kStopPlaysMax);
  EXPECT_EQ(scenario.session().last_command(), 9);
  // Nothing proves its end, and the bridge goes on.
  PlayAll(scenario, {"PARTICIPANT_JOINED callee-1", "wait 500ms"});
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
}

// Music whose answer was awaited longer than its end: what comes of it no longer touches what is
// heard now.
TEST(Lane, ASoundThatWasGivenUpAndNeverLeftTouchesNoLaterOne) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "sends 5", "does 6", "CALL_ESTABLISHED callee-1",
                     "sends 7", "PARTICIPANT_JOINED callee-1", "wait 1500ms"});
  ASSERT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
  // The announcement waits until neither the music nor its stop can reach the caller any more.
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_HELD);
  scenario.Play("not-sent 5");
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_HELD);
  scenario.Play("refused 7 400");
  const std::int32_t announcement = CallersLane(scenario.session()).command();
  ASSERT_NE(announcement, 0);
  scenario.Play(absl::StrCat("does ", announcement));
  EXPECT_EQ(CallersLane(scenario.session()).command(), announcement);
  EXPECT_EQ(CallersLane(scenario.session()).state(), Lane::STATE_PLAYING);
  EXPECT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
}

}  // namespace
}  // namespace callbridge::flow
