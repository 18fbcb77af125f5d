// The notice before recording in plans: what is refused with which words, what is filled in, and
// that the operator's notice stays whatever a request says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/settings/plan_resolution.h"
#include "server/settings/plan_validation.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using callbridge::v1::Plan;
using callbridge::v1::RecordingNotice;
using callbridge::v1::RecordingPlan;
using config::v1::Settings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Plan Noticed() {
  Plan plan;
  plan.mutable_recording()->set_mode(callbridge::v1::RECORDING_MODE_CONFERENCE);
  plan.mutable_recording()->mutable_notice()->mutable_prompt()->set_text("This is recorded.");
  return plan;
}

RecordingNotice& NoticeOf(Plan& plan) { return *plan.mutable_recording()->mutable_notice(); }

std::vector<Finding> ViolationsOf(const Plan& plan) {
  Findings findings;
  ValidatePlan(plan, AudioFiles(), "plan", findings);
  return findings.violations;
}

std::vector<std::string> PathsOf(const Plan& plan) {
  std::vector<std::string> paths;
  for (const Finding& finding : ViolationsOf(plan)) paths.push_back(finding.path);
  return paths;
}

TEST(Notice, MustBeAText) {
  Plan plan = Noticed();
  EXPECT_THAT(PathsOf(plan), IsEmpty());
  NoticeOf(plan).mutable_prompt()->set_text("");
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.prompt.text"));
  NoticeOf(plan).mutable_prompt()->mutable_audio()->set_file_id("f-1");
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.prompt.text"));
  EXPECT_THAT(ViolationsOf(plan).front().description, HasSubstr("a file proves nothing"));
  NoticeOf(plan).clear_prompt();
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.prompt.text"));
  NoticeOf(plan).mutable_prompt()->set_text(std::string(2'001, 'a'));
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.prompt.text"));
  NoticeOf(plan).mutable_prompt()->set_text("Recorded.");
  NoticeOf(plan).mutable_prompt()->mutable_voice()->set_speaking_rate(9);
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.prompt.voice.speaking_rate"));
}

TEST(Notice, IsRefusedByOneKey) {
  Plan plan = Noticed();
  for (const char* key : {"0", "9", "A", "D", "*", "#"}) {
    NoticeOf(plan).set_refusing_key(key);
    EXPECT_THAT(PathsOf(plan), IsEmpty()) << key;
  }
  for (const char* key : {"12", "a", "E", " ", "\xc3\xa9"}) {
    NoticeOf(plan).set_refusing_key(key);
    EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.refusing_key")) << key;
  }
}

TEST(Notice, SaysWhatARefusalMeansOnlyIfSomebodyCanRefuse) {
  Plan plan = Noticed();
  NoticeOf(plan).set_refusal(RecordingNotice::REFUSAL_END);
  NoticeOf(plan).mutable_refusal_timeout()->set_seconds(3);
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.refusal",
                                         "plan.recording.notice.refusal_timeout"));
  NoticeOf(plan).set_refusing_key("9");
  EXPECT_THAT(PathsOf(plan), IsEmpty());
  NoticeOf(plan).set_refusal(static_cast<RecordingNotice::Refusal>(99));
  NoticeOf(plan).mutable_refusal_timeout()->set_seconds(31);
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.refusal",
                                         "plan.recording.notice.refusal_timeout"));
  NoticeOf(plan).clear_refusal();
  for (const int seconds : {1, 30}) {
    NoticeOf(plan).mutable_refusal_timeout()->set_seconds(seconds);
    EXPECT_THAT(PathsOf(plan), IsEmpty()) << seconds;
  }
  NoticeOf(plan).mutable_refusal_timeout()->set_seconds(0);
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.notice.refusal_timeout"));
}

TEST(Notice, IsRefusedTogetherWithARecordingFromTheJoin) {
  Plan plan = Noticed();
  plan.mutable_recording()->set_start(RecordingPlan::START_JOINED);
  EXPECT_THAT(PathsOf(plan), ElementsAre("plan.recording.start"));
  EXPECT_THAT(ViolationsOf(plan).front().description, HasSubstr("use CONNECTED"));
}

constexpr char kOperatorsNotice[] =
    "plans: {default: {voice: {language: de}, recording: {notice: {prompt: {text: Hallo},\n"
    "                                                       refusing_key: \"9\"}}}}\n";

TEST(Notice, OfTheSettingsCountsForEveryRecording) {
  const Settings settings = MustParse(kGoodYaml + std::string(kOperatorsNotice));
  Plan request;
  const auto resolved = ResolvePlan(settings, "", request);
  ASSERT_TRUE(resolved.ok());
  // Nothing is recorded by itself, but a client may ask later.
  EXPECT_EQ(resolved->recording().mode(), callbridge::v1::RECORDING_MODE_UNSPECIFIED);
  const RecordingNotice& notice = resolved->recording().notice();
  EXPECT_EQ(notice.prompt().text(), "Hallo");
  EXPECT_EQ(notice.prompt().voice().language(), "de");
  EXPECT_EQ(notice.refusal(), RecordingNotice::REFUSAL_UNRECORDED);
  EXPECT_EQ(notice.refusal_timeout().seconds(), 3);
  request.mutable_recording()->set_mode(callbridge::v1::RECORDING_MODE_LEGS);
  const auto recorded = ResolvePlan(settings, "", request);
  EXPECT_EQ(recorded->recording().mode(), callbridge::v1::RECORDING_MODE_LEGS);
  EXPECT_EQ(recorded->recording().notice().prompt().text(), "Hallo");
  EXPECT_EQ(ResolvePlan(settings, "", Noticed())->recording().notice().prompt().text(),
            "This is recorded.");
  EXPECT_FALSE(ResolvePlan(settings, "", Noticed())->recording().notice().has_refusal_timeout());
}

TEST(Notice, OfTheSettingsForbidsARequestToRecordFromTheJoin) {
  const Settings settings = MustParse(kGoodYaml + std::string(kOperatorsNotice));
  Plan request;
  request.mutable_recording()->set_mode(callbridge::v1::RECORDING_MODE_LEGS);
  request.mutable_recording()->set_start(RecordingPlan::START_JOINED);
  EXPECT_THAT(PathsOf(request), IsEmpty()) << "the request alone is valid";
  const auto bridge = ResolveBridge(settings, "", request, {}, "");
  EXPECT_EQ(bridge.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(bridge.status().message()), HasSubstr("together with a notice"));
}

TEST(Notice, AndARecordingFromTheJoinAreRefusedInDifferentPlansOfTheSettings) {
  const std::string yaml =
      kGoodYaml + std::string(
                      "plans: {default: {recording: {notice: {prompt: {text: Hallo}}}},\n"
                      "        vip: {recording: {mode: conference, start: joined}}}\n");
  EXPECT_THAT(ProblemsOf(yaml), HasSubstr("plans.vip.recording.start"));
}

}  // namespace
}  // namespace callbridge::settings
