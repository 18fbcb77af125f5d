// The notice before recording: which ends of it prove that it was heard, and where a session goes
// while a callee who was dialled apart hears it.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "server/flow/notice_facts.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using Lines = std::vector<std::string>;
using v1::NoticeEvidence;

// The caller has heard the greeting and hears the notice, command 5.
void PlayUntilTheCallersNotice(Scenario& scenario, const std::string& notice = "notice") {
  PlayAll(scenario,
          {"incoming-call recorded " + notice, "does AnswerCaller", "does CreateConference",
           "does AddCaller", "PARTICIPANT_JOINED caller", "does PlayPrompt", "SAY_FINISHED 4"});
}

// The callee has answered apart and hears the notice, command 8.
void PlayUntilTheCalleesNotice(Scenario& scenario) {
  PlayUntilTheCallersNotice(scenario);
  PlayAll(scenario, {"does PlayPrompt", "SAY_FINISHED 5", "does PlayMusic", "does DialCallee",
                     "CALL_ESTABLISHED callee-1"});
}

// Waits until the head of the caller's lane has changed for the notice, or for the notice once
// more.
void WaitForNotice(Scenario& scenario) {
  const std::int32_t before = CallersLane(scenario.session()).command();
  const auto due = [&] {
    const internal::v1::Lane& lane = CallersLane(scenario.session());
    return lane.command() != before && lane.prompt() == v1::PROMPT_KIND_NOTICE;
  };
  for (int waited = 0; waited < 60 && !due(); ++waited) scenario.Play("wait 1s");
  ASSERT_TRUE(due()) << scenario.account();
}

NoticeEvidence EvidenceOf(const Scenario& scenario, int leg) {
  return scenario.session().legs(leg).notice().evidence();
}

TEST(NoticeProof, IsOnlyTheProvidersWordThatItWasHeardToItsEnd) {
  const std::vector<std::pair<Lines, NoticeEvidence::Result>> ends = {
      {{"does 5", "SAY_FINISHED 5"}, NoticeEvidence::RESULT_PROVED},
      // Without a mark, if no sound before it has an open end.
      {{"does 5", "SAY_FINISHED"}, NoticeEvidence::RESULT_PROVED},
      // The event overtakes the answer to the say, or that answer is lost.
      {{"sends 5", "SAY_FINISHED 5"}, NoticeEvidence::RESULT_PROVED},
      {{"sends 5", "unknown 5", "SAY_FINISHED 5"}, NoticeEvidence::RESULT_PROVED},
      {{"does 5", "SAY_FINISHED 5 cut"}, NoticeEvidence::RESULT_UNPROVED},
      {{"does 5", "ERROR SAY"}, NoticeEvidence::RESULT_UNPROVED},
      {{"sends 5", "refused 5 400"}, NoticeEvidence::RESULT_UNPROVED},
      {{"does 5", "wait 12s"}, NoticeEvidence::RESULT_UNPROVED},
      {{"wait 12s"}, NoticeEvidence::RESULT_UNPROVED},
      {{"sends 5", "throttled 5", "wait 12s"}, NoticeEvidence::RESULT_UNPROVED},
      // Of another sound, of another kind, or longer than the notice has lasted.
      {{"does 5", "SAY_FINISHED 4"}, NoticeEvidence::RESULT_UNSPECIFIED},
      {{"does 5", "PLAY_FINISHED 5"}, NoticeEvidence::RESULT_UNSPECIFIED},
      {{"does 5", "SAY_FINISHED 5 9s"}, NoticeEvidence::RESULT_UNSPECIFIED},
      {{"does 5", "DTMF_CAPTURED 5 0 notice heard"}, NoticeEvidence::RESULT_UNSPECIFIED},
      {{"SAY_FINISHED 5"}, NoticeEvidence::RESULT_UNSPECIFIED}};
  for (const auto& [lines, result] : ends) {
    Scenario scenario;
    PlayUntilTheCallersNotice(scenario);
    PlayAll(scenario, lines);
    EXPECT_EQ(EvidenceOf(scenario, 0).result(), result) << scenario.account();
    EXPECT_EQ(EvidenceOf(scenario, 0).complete(), result == NoticeEvidence::RESULT_PROVED)
        << scenario.account();
  }
}

TEST(NoticeProof, WithAKeyNeedsTheCaptureThatHeardItAndBroughtNoSuchKey) {
  const std::vector<std::pair<std::string, NoticeEvidence::Result>> ends = {
      {"DTMF_CAPTURED 5 0 timeout notice heard", NoticeEvidence::RESULT_PROVED},
      {"DTMF_CAPTURED 5 0 timeout heard", NoticeEvidence::RESULT_PROVED},
      {"DTMF_CAPTURED 5 1 notice heard", NoticeEvidence::RESULT_PROVED},
      {"DTMF_CAPTURED 5 1 notice heard refusing", NoticeEvidence::RESULT_REFUSED},
      {"DTMF_CAPTURED 5 1 notice refusing", NoticeEvidence::RESULT_REFUSED},
      {"DTMF_CAPTURED 5 1 heard", NoticeEvidence::RESULT_UNPROVED},
      {"DTMF_CAPTURED 5 1 notice", NoticeEvidence::RESULT_UNPROVED},
      {"DTMF_CAPTURED 5 0 timeout notice", NoticeEvidence::RESULT_UNPROVED},
      {"ERROR CAPTURE_DTMF", NoticeEvidence::RESULT_UNPROVED},
      {"SAY_FINISHED 5", NoticeEvidence::RESULT_UNSPECIFIED}};
  for (const auto& [line, result] : ends) {
    Scenario scenario;
    PlayUntilTheCallersNotice(scenario, "notice-refusable");
    PlayAll(scenario, {"does 5", line});
    EXPECT_EQ(EvidenceOf(scenario, 0).result(), result) << scenario.account();
  }
}

// An earlier capture goes on at the provider, and its event would carry the notice's mark.
TEST(NoticeProof, IsNotTakenFromACaptureThatWasCutBefore) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call silent recorded-on-request notice-refusable", "does AnswerCaller",
           "does CreateConference", "does AddCaller", "PARTICIPANT_JOINED caller",
           "does DialCallee", "PARTICIPANT_JOINED callee-1", "capture caller r-1 4",
           "does CaptureDigits", "stop-sounds caller", "does StopPlay", "wait 10s", "record"});
  PlayAll(scenario, {"sends CaptureDigits#2", "done CaptureDigits#2", "wait 1s",
                     "DTMF_CAPTURED CaptureDigits#2 0 timeout notice heard"});
  EXPECT_EQ(EvidenceOf(scenario, 0).result(), NoticeEvidence::RESULT_UNSPECIFIED)
      << scenario.account();
  EXPECT_EQ(scenario.session().recordings().recorders_size(), 0) << scenario.account();
}

// A say has no keys, so that its late end is never taken for the capture of the refusing key.
TEST(NoticeProof, OfACaptureDoesNotSufferFromAGreetingWhoseEndWasLost) {
  for (const auto& [end, result] : std::vector<std::pair<std::string, NoticeEvidence::Result>>{
           {"0 timeout notice heard", NoticeEvidence::RESULT_PROVED},
           {"1 notice refusing", NoticeEvidence::RESULT_REFUSED}}) {
    Scenario scenario;
    PlayAll(scenario, {"incoming-call recorded notice-refusable", "does AnswerCaller",
                       "does CreateConference", "does AddCaller", "PARTICIPANT_JOINED caller",
                       "does PlayPrompt"});
    WaitForNotice(scenario);
    PlayAll(scenario, {"does CaptureDigits", "DTMF_CAPTURED CaptureDigits " + end});
    EXPECT_EQ(EvidenceOf(scenario, 0).result(), result) << scenario.account();
  }
}

// A refusal counts whenever it is told: the first notice was given up, and the second is heard.
TEST(LateRefusal, CountsWhateverTheSecondNoticeBrings) {
  Scenario scenario;
  PlayUntilTheCallersNotice(scenario, "notice-refusable");
  scenario.Play("does 5");
  WaitForNotice(scenario);
  EXPECT_EQ(EvidenceOf(scenario, 0).result(), NoticeEvidence::RESULT_UNPROVED)
      << scenario.account();
  PlayAll(scenario, {"does CaptureDigits#2", "DTMF_CAPTURED 5 1 notice refusing"});
  EXPECT_EQ(EvidenceOf(scenario, 0).result(), NoticeEvidence::RESULT_REFUSED) << scenario.account();
  // A repetition of the webhook tells nothing new.
  scenario.Play("DTMF_CAPTURED 5 1 notice refusing");
  scenario.Play("DTMF_CAPTURED CaptureDigits#2 0 timeout notice heard");
  EXPECT_EQ(EvidenceOf(scenario, 0).result(), NoticeEvidence::RESULT_REFUSED) << scenario.account();
  EXPECT_EQ(EvidenceOf(scenario, 0).attempt(), 2);
  PlayAll(scenario, {"does DialCallee", "PARTICIPANT_JOINED callee-1"});
  const auto& recorders = scenario.session().recordings().recorders();
  ASSERT_EQ(recorders.size(), 1) << scenario.account();
  EXPECT_EQ(recorders[0].recording().failure(), v1::RECORDING_FAILURE_NOTICE_REFUSED);
}

TEST(LateRefusal, StopsWhatIsRecorded) {
  Scenario scenario;
  PlayUntilTheCallersNotice(scenario, "notice-refusable");
  scenario.Play("does 5");
  WaitForNotice(scenario);
  PlayAll(scenario,
          {"does CaptureDigits#2", "DTMF_CAPTURED CaptureDigits#2 0 timeout notice heard",
           "does PlayMusic", "does DialCallee", "CALL_ESTABLISHED callee-1", "does CaptureDigits",
           "DTMF_CAPTURED CaptureDigits#3 0 timeout notice heard", "does AddCallee",
           "PARTICIPANT_JOINED callee-1", "does StopPlay", "PLAY_FINISHED PlayMusic",
           "does StartRecording", "CONFERENCE_RECORDING_STARTED recording-1"});
  ASSERT_TRUE(scenario.session().recordings().recorders(0).told_on()) << scenario.account();
  scenario.Play("DTMF_CAPTURED 5 1 notice refusing");
  EXPECT_EQ(scenario.session().recordings().recorders(0).progress(),
            internal::v1::Recorder::PROGRESS_STOPPING)
      << scenario.account();
}

// An earlier capture ended untold: the event may be of either, and a refusal is believed.
TEST(LateRefusal, IsBelievedAlsoWhereAProofIsNot) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call silent recorded-on-request notice-refusable",
                     "does AnswerCaller", "does CreateConference", "does AddCaller",
                     "PARTICIPANT_JOINED caller", "does DialCallee", "PARTICIPANT_JOINED callee-1",
                     "capture caller r-1 4", "does CaptureDigits", "stop-sounds caller",
                     "does StopPlay", "wait 10s", "record", "sends CaptureDigits#2",
                     "done CaptureDigits#2", "DTMF_CAPTURED CaptureDigits#2 1 notice refusing"});
  EXPECT_EQ(EvidenceOf(scenario, 0).result(), NoticeEvidence::RESULT_REFUSED) << scenario.account();
}

TEST(NoticeProof, KeepsWhatWasSaidAndHowOften) {
  Scenario scenario;
  PlayUntilTheCallersNotice(scenario);
  PlayAll(scenario, {"does PlayPrompt", "wait 2s", "SAY_FINISHED 5 2s cut", "does PlayPrompt",
                     "wait 3s", "SAY_FINISHED PlayPrompt 3s"});
  const NoticeEvidence evidence = EvidenceOf(scenario, 0);
  EXPECT_EQ(evidence.leg_id(), "caller");
  // Of "This call is recorded."
  EXPECT_EQ(evidence.text_sha256(),
            "8b0b85a94ff81da286bf600a0e4f94372085b4983e6a0f07f4d348a816aeff80");
  EXPECT_EQ(evidence.attempt(), 2);
  EXPECT_EQ(evidence.played_duration().seconds(), 3);
  EXPECT_EQ(base::FromTimestamp(evidence.end_time()), scenario.now());
  EXPECT_EQ(evidence.result(), NoticeEvidence::RESULT_PROVED);
}

// A dial may be answered twice. The second person hears the conference until the hangup is done.
TEST(MayRecord, WaitsForASecondCallThatIsBeingHungUp) {
  Scenario scenario;
  PlayUntilTheCalleesNotice(scenario);
  PlayAll(scenario, {"does PlayPrompt", "SAY_FINISHED 8", "does AddCallee",
                     "PARTICIPANT_JOINED callee-1", "does StopPlay", "PLAY_FINISHED PlayMusic"});
  internal::v1::Session session = scenario.session();
  ASSERT_TRUE(MayRecord(session)) << scenario.account();
  internal::v1::Leg& second = *session.add_legs();
  second = session.legs(1);
  second.set_unwanted(true);
  second.clear_notice();
  EXPECT_FALSE(MayRecord(session));
  second.set_membership(internal::v1::Leg::MEMBERSHIP_LEFT);
  EXPECT_TRUE(MayRecord(session));
}

// Each input that may come while the callee hears the notice apart, or is being moved.
TEST(CalleeApart, GoesWhereTheTableSays) {
  const std::vector<std::pair<std::string, std::string>> cells = {
      {"end", "Ending"},
      {"CALL_FINISHED caller NORMAL_HANGUP", "Ending"},
      {"CALL_FINISHED callee-1 NORMAL_HANGUP", "Apologizing"},
      {"PARTICIPANT_JOINED caller", "StoppingMusic"},
      {"defect", "Ending"}};
  for (const bool moved : {false, true}) {
    for (const auto& [line, phase] : cells) {
      Scenario scenario;
      PlayUntilTheCalleesNotice(scenario);
      if (moved) PlayAll(scenario, {"does PlayPrompt", "SAY_FINISHED 8", "does AddCallee"});
      scenario.Play(line);
      EXPECT_EQ(PhaseName(scenario.session()), phase) << scenario.account();
    }
  }
}

// Nothing more is heard of the callee or the conference: within a bounded time the caller hears the
// apology, and the callee's call is hung up.
TEST(CalleeApart, IsGivenUpWhenNothingMoreIsHeard) {
  for (const bool moved : {false, true}) {
    Scenario scenario;
    PlayUntilTheCalleesNotice(scenario);
    if (moved) PlayAll(scenario, {"does PlayPrompt", "SAY_FINISHED 8", "does AddCallee"});
    int waited = 0;
    for (; waited < 60 && scenario.session().has_stopping_music(); ++waited)
      scenario.Play("wait 1s");
    EXPECT_TRUE(scenario.session().has_apologizing()) << scenario.account();
    EXPECT_LE(waited, moved ? 16 : 40) << scenario.account();
    EXPECT_TRUE(scenario.session().legs(1).unwanted()) << scenario.account();
  }
}

// The join is learned before the notice is over: somebody else has moved the call. The notice goes
// on, and nothing is recorded before its end.
TEST(CalleeApart, WhoWasMovedByAnotherHearsTheNoticeToItsEnd) {
  Scenario scenario;
  PlayUntilTheCalleesNotice(scenario);
  PlayAll(scenario, {"does PlayPrompt", "PARTICIPANT_JOINED callee-1"});
  EXPECT_TRUE(scenario.session().has_stopping_music()) << scenario.account();
  PlayAll(scenario, {"SAY_FINISHED 8", "does StopPlay", "PLAY_FINISHED PlayMusic"});
  EXPECT_TRUE(scenario.session().has_announcing()) << scenario.account();
  EXPECT_EQ(scenario.session().recordings().recorders_size(), 1) << scenario.account();
}

// The music runs out while the callee hears the notice: the caller does not stand in silence.
TEST(CalleeApart, LetsTheMusicBeginAgain) {
  Scenario scenario;
  PlayUntilTheCalleesNotice(scenario);
  PlayAll(scenario, {"does PlayPrompt", "wait 3s", "PLAY_FINISHED PlayMusic"});
  EXPECT_EQ(CallersLane(scenario.session()).content(), internal::v1::Lane::CONTENT_MUSIC)
      << scenario.account();
}

// What a client asks for is heard meanwhile, and the music goes on after it.
TEST(CalleeApart, LetsTheCallerHearAClientsSoundAndThenMusic) {
  Scenario scenario;
  PlayUntilTheCalleesNotice(scenario);
  PlayAll(scenario, {"does PlayPrompt", "say caller r-1", "does StopPlay",
                     "PLAY_FINISHED PlayMusic", "does PlayPrompt"});
  EXPECT_EQ(CallersLane(scenario.session()).requested().request_id(), "r-1") << scenario.account();
  scenario.Play("SAY_FINISHED PlayPrompt");
  EXPECT_EQ(CallersLane(scenario.session()).content(), internal::v1::Lane::CONTENT_MUSIC)
      << scenario.account();
}

TEST(CalleeApart, TalksOfWhichNobodyToldCountFromTheMove) {
  const auto ends = [](const Lines& before) {
    Scenario scenario;
    PlayUntilTheCalleesNotice(scenario);
    PlayAll(scenario, before);
    internal::v1::Input input =
        WebhookOf(scenario, internal::v1::ProviderEvent::TYPE_CALL_FINISHED, "callee-1");
    input.mutable_provider_event()->mutable_call()->set_conference_id("conference-1");
    return scenario.Step(std::move(input)).session().legs(1).untold_talk();
  };
  EXPECT_FALSE(ends({"does PlayPrompt", "wait 6s"})) << "the call was not moved";
  EXPECT_FALSE(ends({"does PlayPrompt", "wait 6s", "SAY_FINISHED 8", "does AddCallee", "wait 1s"}));
  EXPECT_TRUE(ends({"does PlayPrompt", "SAY_FINISHED 8", "does AddCallee", "wait 6s"}));
}

}  // namespace
}  // namespace callbridge::flow
