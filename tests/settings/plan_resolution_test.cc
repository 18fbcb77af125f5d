#include "server/settings/plan_resolution.h"

#include <gtest/gtest.h>

#include "server/base/time.h"
#include "server/settings/session_settings.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using callbridge::v1::Callee;
using callbridge::v1::Plan;
using callbridge::v1::Prompt;
using config::v1::Settings;
using std::chrono::seconds;

Settings WithPlans(const std::string& plans) { return MustParse(kGoodYaml + plans); }

Plan MustResolve(const Settings& settings, const std::string& name, const Plan& overriding = {}) {
  const auto plan = ResolvePlan(settings, name, overriding);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *plan : Plan();
}

TEST(ResolvePlan, FillsInEverythingFromNothing) {
  const Plan plan = MustResolve(Settings(), "");
  EXPECT_EQ(plan.greeting().text(), "Please hold while we connect your call.");
  EXPECT_EQ(plan.greeting().voice().language(), "en");
  EXPECT_EQ(plan.apology().voice().speaking_rate(), 1.0);
  EXPECT_EQ(plan.announcement().text(), "You are being connected now.");
  EXPECT_FALSE(plan.has_music());
  EXPECT_EQ(base::FromProtoDuration(plan.ring_timeout()), seconds(30));
  EXPECT_EQ(base::FromProtoDuration(plan.max_duration()), std::chrono::hours(2));
}

TEST(ResolvePlan, LetsTheRequestWinOverTheNamedPlanOverTheDefaultOverTheBuiltIn) {
  const Settings settings = WithPlans(R"(
plans:
  default: {ring_timeout: 10s, max_duration: 100s, greeting: {text: default}}
  vip: {max_duration: 200s, greeting: {text: vip}}
)");
  Plan overriding;
  overriding.mutable_greeting()->set_text("request");
  const Plan plan = MustResolve(settings, "vip", overriding);
  EXPECT_EQ(plan.greeting().text(), "request");
  EXPECT_EQ(plan.max_duration().seconds(), 200);
  EXPECT_EQ(plan.ring_timeout().seconds(), 10);
  EXPECT_EQ(plan.announcement().text(), "You are being connected now.");
  EXPECT_EQ(MustResolve(settings, "").greeting().text(), "default");
}

TEST(ResolvePlan, TakesAPresentButEmptyPromptForSilence) {
  Plan overriding;
  overriding.mutable_announcement();
  const Plan plan = MustResolve(Settings(), "", overriding);
  EXPECT_TRUE(plan.has_announcement());
  EXPECT_EQ(plan.announcement().content_case(), Prompt::CONTENT_NOT_SET);
  EXPECT_FALSE(plan.announcement().has_voice()) << "callers read it as something that is spoken";
  EXPECT_EQ(plan.greeting().content_case(), Prompt::kText);
}

TEST(ResolvePlan, GivesTheRequestsVoiceToTheSettingsPrompts) {
  const Settings settings =
      WithPlans("plans: {default: {voice: {language: de}, greeting: {text: Guten Tag}}}");
  EXPECT_EQ(MustResolve(settings, "").greeting().voice().language(), "de");
  Plan overriding;
  overriding.mutable_voice()->set_language("de-AT");
  overriding.mutable_voice()->set_gender(callbridge::v1::GENDER_MALE);
  const Plan plan = MustResolve(settings, "", overriding);
  EXPECT_EQ(plan.greeting().voice().language(), "de-at");
  EXPECT_EQ(plan.greeting().voice().gender(), callbridge::v1::GENDER_MALE);
}

TEST(ResolvePlan, ReadsTheBuiltInEnglishTextsWithAnEnglishVoice) {
  Plan overriding;
  overriding.mutable_voice()->set_language("de");
  overriding.mutable_apology()->set_text("Leider nicht.");
  const Plan plan = MustResolve(Settings(), "", overriding);
  EXPECT_EQ(plan.greeting().voice().language(), "en");
  EXPECT_EQ(plan.apology().voice().language(), "de");
  overriding.mutable_voice()->set_language("en-AU");
  EXPECT_EQ(MustResolve(Settings(), "", overriding).greeting().voice().language(), "en-au");
}

TEST(ResolvePlan, KeepsAPromptsOwnVoice) {
  Plan overriding;
  overriding.mutable_voice()->set_language("de");
  overriding.mutable_greeting()->set_text("Bonjour");
  overriding.mutable_greeting()->mutable_voice()->set_language("fr");
  EXPECT_EQ(MustResolve(Settings(), "", overriding).greeting().voice().language(), "fr");
}

TEST(ResolvePlan, WorksOutTheLoopCount) {
  const auto loops = [](int ring, double length, int given) {
    Plan plan;
    plan.mutable_ring_timeout()->set_seconds(ring);
    plan.mutable_music()->mutable_audio()->set_file_id("file-1");
    if (length > 0) {
      *plan.mutable_music()->mutable_audio()->mutable_duration() = base::ToProtoDuration(
          std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(length)));
    }
    plan.mutable_music()->set_loop_count(given);
    return MustResolve(Settings(), "", plan).music().loop_count();
  };
  EXPECT_EQ(loops(30, 0, 0), 20);
  EXPECT_EQ(loops(30, 30, 0), 2);
  EXPECT_EQ(loops(30, 29.5, 0), 3);
  EXPECT_EQ(loops(30, 95, 0), 2);
  EXPECT_EQ(loops(60, 0.1, 0), 100);
  EXPECT_EQ(loops(30, 30, 7), 7);
}

TEST(ResolvePlan, LeavesOutMusicWithoutAudio) {
  const Settings settings =
      WithPlans("plans: {default: {music: {audio: {file_id: f, duration: 10s}}}}");
  EXPECT_EQ(MustResolve(settings, "").music().loop_count(), 4);
  Plan silent;
  silent.mutable_music();
  EXPECT_FALSE(MustResolve(settings, "", silent).has_music());
}

TEST(ResolvePlan, ReplacesNamesOfFilesByTheirIds) {
  const Settings settings = WithPlans(
      "audio_files: {hold: {file_id: f1, duration: 10s}, sorry: {file_id: f2}}\n"
      "plans: {default: {music: {audio: {file_name: hold}}},\n"
      "        short: {apology: {audio: {file_name: sorry, duration: 2s}}}}");
  Plan overriding;
  overriding.mutable_greeting()->mutable_audio()->set_file_name("sorry");
  const Plan plan = MustResolve(settings, "short", overriding);
  EXPECT_EQ(plan.music().audio().file_id(), "f1");
  EXPECT_EQ(plan.music().loop_count(), 4);
  EXPECT_EQ(plan.apology().audio().file_id(), "f2");
  EXPECT_EQ(plan.apology().audio().duration().seconds(), 2);
  EXPECT_EQ(plan.greeting().audio().file_id(), "f2");
  EXPECT_FALSE(plan.greeting().audio().has_duration());
}

TEST(ResolvePlan, TakesTheRecordingWholeAndFillsItsStart) {
  const Settings settings = WithPlans(
      "plans: {default: {recording: {mode: legs, start: requested, beep: true}},\n"
      "        short: {recording: {mode: conference}}}");
  EXPECT_EQ(MustResolve(settings, "").recording().start(),
            callbridge::v1::RecordingPlan::START_REQUESTED);
  const Plan plan = MustResolve(settings, "short");
  EXPECT_EQ(plan.recording().mode(), callbridge::v1::RECORDING_MODE_CONFERENCE);
  EXPECT_EQ(plan.recording().start(), callbridge::v1::RecordingPlan::START_CONNECTED);
  EXPECT_FALSE(plan.recording().beep()) << "nothing of the plan before it";
  Plan unrecorded;
  unrecorded.mutable_recording();
  EXPECT_FALSE(MustResolve(settings, "short", unrecorded).has_recording());
}

TEST(ResolvePlan, NamesTheNearestPlan) {
  const Settings settings = WithPlans("plans: {support: {}}");
  const auto plan = ResolvePlan(settings, "suport", Plan());
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(plan.status().message(),
            "the settings have no plan \"suport\"; did you mean \"support\"?");
}

TEST(ResolveBridge, CoversTheLongestRingWithMusic) {
  Plan plan;
  plan.mutable_music()->mutable_audio()->set_file_id("file-1");
  plan.mutable_music()->mutable_audio()->mutable_duration()->set_seconds(10);
  Callee callee;
  callee.mutable_endpoint()->mutable_phone()->set_number("447700900456");
  callee.mutable_ring_timeout()->set_seconds(60);
  const auto bridge = ResolveBridge(Settings(), "", plan, {callee}, "442079460001");
  ASSERT_TRUE(bridge.ok());
  EXPECT_EQ(bridge->plan.music().loop_count(), 7);
  EXPECT_EQ(bridge->callees[0].endpoint().phone().number(), "+447700900456");
  EXPECT_EQ(bridge->callees[0].caller_id_number(), "+442079460001");
}

TEST(ResolveCallee, FillsInWhatIsAbsentOnly) {
  Plan plan;
  plan.mutable_ring_timeout()->set_seconds(12);
  Callee callee;
  callee.mutable_endpoint()->mutable_sip()->set_username("reception");
  EXPECT_EQ(ResolveCallee(callee, plan, "").ring_timeout().seconds(), 12);
  EXPECT_EQ(ResolveCallee(callee, plan, "").caller_id_number(), "");
  callee.mutable_ring_timeout()->set_seconds(3);
  callee.set_caller_id_number("442079460009");
  EXPECT_EQ(ResolveCallee(callee, plan, "442079460001").ring_timeout().seconds(), 3);
  EXPECT_EQ(ResolveCallee(callee, plan, "442079460001").caller_id_number(), "+442079460009");
}

TEST(MakeSessionSettings, CopiesWhatASessionKeeps) {
  const auto session = MakeSessionSettings(MustParse(kGoodYaml), "default");
  EXPECT_EQ(session.service_id(), "test");
  EXPECT_EQ(session.account(), "default");
  EXPECT_EQ(session.calls_configuration_id(), "bridge");
  EXPECT_EQ(base::FromProtoDuration(session.timing().offer()), seconds(8));
  EXPECT_EQ(base::FromProtoDuration(session.retention()), std::chrono::hours(720));
}

}  // namespace
}  // namespace callbridge::settings
