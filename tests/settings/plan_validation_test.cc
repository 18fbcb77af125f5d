#include "server/settings/plan_validation.h"

#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace callbridge::settings {
namespace {

using callbridge::v1::Callee;
using callbridge::v1::Endpoint;
using callbridge::v1::Plan;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> PathsOf(const std::vector<Finding>& findings) {
  std::vector<std::string> paths;
  for (const Finding& finding : findings) paths.push_back(finding.path);
  return paths;
}

Findings Validate(const Plan& plan) {
  Findings findings;
  ValidatePlan(plan, AudioFiles(), "plan", findings);
  return findings;
}

Findings Validate(const Callee& callee) {
  Findings findings;
  ValidateCallee(callee, "callees[0]", findings);
  return findings;
}

Callee PhoneCallee(const std::string& number) {
  Callee callee;
  callee.mutable_endpoint()->mutable_phone()->set_number(number);
  return callee;
}

TEST(ValidatePlan, AcceptsAnEmptyPlanAndSilence) {
  EXPECT_THAT(Validate(Plan()).violations, IsEmpty());
  Plan plan;
  plan.mutable_announcement();
  EXPECT_THAT(Validate(plan).violations, IsEmpty());
}

TEST(ValidatePlan, BoundsRingTimeoutAndMaxDuration) {
  const auto violations = [](std::int64_t ring, std::int64_t max) {
    Plan plan;
    plan.mutable_ring_timeout()->set_seconds(ring);
    plan.mutable_max_duration()->set_seconds(max);
    return PathsOf(Validate(plan).violations);
  };
  EXPECT_THAT(violations(1, 10), IsEmpty());
  EXPECT_THAT(violations(60, 28'800), IsEmpty());
  EXPECT_THAT(violations(0, 9), ElementsAre("plan.ring_timeout", "plan.max_duration"));
  EXPECT_THAT(violations(61, 28'801), ElementsAre("plan.ring_timeout", "plan.max_duration"));
  EXPECT_THAT(violations(std::numeric_limits<std::int64_t>::max(),
                         std::numeric_limits<std::int64_t>::min()),
              ElementsAre("plan.ring_timeout", "plan.max_duration"));
}

TEST(ValidatePlan, SaysTheRange) {
  Plan plan;
  plan.mutable_ring_timeout()->set_seconds(61);
  EXPECT_THAT(Validate(plan).violations,
              ElementsAre(Finding{"plan.ring_timeout", "must be 1s to 60s"}));
}

TEST(ValidatePlan, RefusesADurationWithABadFraction) {
  Plan plan;
  plan.mutable_ring_timeout()->set_seconds(5);
  plan.mutable_ring_timeout()->set_nanos(-1);
  EXPECT_THAT(PathsOf(Validate(plan).violations), ElementsAre("plan.ring_timeout"));
}

TEST(ValidatePlan, CountsTheCodePointsOfATextAndNotItsBytes) {
  Plan plan;
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += "\xE2\x82\xAC";
  plan.mutable_greeting()->set_text(text);
  EXPECT_THAT(Validate(plan).violations, IsEmpty());
  plan.mutable_greeting()->set_text(text + "x");
  EXPECT_THAT(
      Validate(plan).violations,
      ElementsAre(Finding{"plan.greeting.text", "has 2001 characters; at most 2000 are allowed"}));
}

// docs/provider.md §3.4: nobody knows whether the provider takes it.
TEST(ValidatePlan, WarnsOfATextThatTheProviderMayRefuse) {
  Plan plan;
  std::string text;
  for (int i = 0; i < 1'400; ++i) text += "\xE2\x82\xAC";
  plan.mutable_announcement()->set_text(text);
  EXPECT_THAT(Validate(plan).warnings, IsEmpty());
  plan.mutable_announcement()->set_text(text + "x");
  EXPECT_THAT(Validate(plan).violations, IsEmpty());
  EXPECT_THAT(PathsOf(Validate(plan).warnings), ElementsAre("plan.announcement.text"));
  EXPECT_THAT(Validate(plan).warnings.front().description,
              testing::StartsWith("has 1401 characters; the provider may refuse more than 1400"));
  plan.mutable_announcement()->set_text(text + text);
  EXPECT_THAT(Validate(plan).warnings, IsEmpty()) << "it is refused already";
}

TEST(ValidatePlan, RefusesBlankAndBrokenTexts) {
  Plan plan;
  plan.mutable_greeting()->set_text(" \n");
  plan.mutable_apology()->set_text("\xFF");
  EXPECT_THAT(PathsOf(Validate(plan).violations),
              ElementsAre("plan.greeting.text", "plan.apology.text"));
}

// Each prompt, by the name of its field.
TEST(ValidatePlan, RefusesTextsThatNoVoiceCanSpeak) {
  for (const std::string& text : {std::string("a\0b", 3), std::string("\abell"), std::string("..."),
                                  std::string("\u200b\u200b")}) {
    Plan plan;
    plan.mutable_greeting()->set_text(text);
    plan.mutable_announcement()->set_text(text);
    plan.mutable_apology()->set_text(text);
    EXPECT_THAT(PathsOf(Validate(plan).violations),
                ElementsAre("plan.greeting.text", "plan.announcement.text", "plan.apology.text"));
  }
}

TEST(ValidatePlan, BoundsTheVoice) {
  const auto violations = [](const std::string& language, double rate) {
    Plan plan;
    plan.mutable_voice()->set_language(language);
    plan.mutable_voice()->set_speaking_rate(rate);
    return PathsOf(Validate(plan).violations);
  };
  EXPECT_THAT(violations("en", 0.5), IsEmpty());
  EXPECT_THAT(violations("en", 2.0), IsEmpty());
  EXPECT_THAT(violations("e n", 2.01),
              ElementsAre("plan.voice.language", "plan.voice.speaking_rate"));
  EXPECT_THAT(violations("en", std::nan("")), ElementsAre("plan.voice.speaking_rate"));
  Plan plan;
  plan.mutable_voice()->set_gender(static_cast<callbridge::v1::Gender>(7));
  EXPECT_THAT(PathsOf(Validate(plan).violations), ElementsAre("plan.voice.gender"));
}

TEST(ValidatePlan, WarnsOfAnUnknownLanguageAndOfMusicWithoutALength) {
  Plan plan;
  plan.mutable_voice()->set_language("tlh");
  plan.mutable_music()->mutable_audio()->set_file_id("file-1");
  const Findings findings = Validate(plan);
  EXPECT_THAT(findings.violations, IsEmpty());
  EXPECT_THAT(PathsOf(findings.warnings),
              ElementsAre("plan.voice.language", "plan.music.audio.duration"));
}

TEST(ValidatePlan, WantsHttpsForAudio) {
  Plan plan;
  plan.mutable_music()->mutable_audio()->set_url("http://files.example.com/a.mp3");
  plan.mutable_greeting()->mutable_audio();
  EXPECT_THAT(PathsOf(Validate(plan).violations),
              ElementsAre("plan.greeting.audio", "plan.music.audio.url"));
  plan.mutable_music()->mutable_audio()->set_url("https://files.example.com/a.mp3");
  plan.mutable_greeting()->mutable_audio()->set_file_id("file-1");
  EXPECT_THAT(Validate(plan).violations, IsEmpty());
}

TEST(ValidatePlan, ListsTheNamesOfFilesThatExist) {
  Plan plan;
  plan.mutable_music()->mutable_audio()->set_file_name("hold");
  const auto violation = [&plan](const AudioFiles& files) {
    Findings findings;
    ValidatePlan(plan, files, "plan", findings);
    return findings.violations.empty() ? Finding() : findings.violations.front();
  };
  AudioFiles files;
  EXPECT_EQ(violation(files).path, "plan.music.audio.file_name");
  EXPECT_THAT(violation(files).description, HasSubstr("callbridge-admin audio upload"));
  files["sorry"].set_file_id("f2");
  files["hold-music"].set_file_id("f1");
  EXPECT_THAT(violation(files).description, HasSubstr("which has: hold-music, sorry"));
  files["hold"].set_file_id("f3");
  EXPECT_EQ(violation(files), Finding());
}

TEST(ValidatePlan, BoundsTheLoopCount) {
  Plan plan;
  plan.mutable_music()->set_loop_count(100);
  EXPECT_THAT(Validate(plan).violations, IsEmpty());
  plan.mutable_music()->set_loop_count(101);
  EXPECT_THAT(PathsOf(Validate(plan).violations), ElementsAre("plan.music.loop_count"));
  plan.mutable_music()->set_loop_count(-1);
  EXPECT_THAT(PathsOf(Validate(plan).violations), ElementsAre("plan.music.loop_count"));
}

TEST(ValidateCallee, WantsAnEndpointOfOneKind) {
  EXPECT_THAT(Validate(Callee()).violations,
              ElementsAre(Finding{"callees[0].endpoint", "required"}));
  Callee callee;
  callee.mutable_endpoint();
  EXPECT_THAT(Validate(callee).violations,
              ElementsAre(Finding{"callees[0].endpoint", "needs phone, sip or webrtc"}));
}

TEST(ValidateCallee, WantsE164AndNeverRepeatsTheNumber) {
  EXPECT_THAT(Validate(PhoneCallee("447700900456")).violations, IsEmpty());
  Callee callee = PhoneCallee("07700900456");
  callee.set_caller_id_number("private");
  const Findings findings = Validate(callee);
  EXPECT_THAT(PathsOf(findings.violations),
              ElementsAre("callees[0].endpoint.phone.number", "callees[0].caller_id_number"));
  EXPECT_EQ(findings.violations[0].description.find("7700"), std::string::npos);
}

TEST(ValidateEndpoint, ChecksSipHeaders) {
  Endpoint endpoint;
  auto& sip = *endpoint.mutable_sip();
  sip.set_username("reception");
  sip.set_trunk_id("trunk-1");
  (*sip.mutable_headers())["X-Tenant"] = "berlin";
  const auto validate = [&endpoint] {
    Findings findings;
    ValidateEndpoint(endpoint, "endpoint", findings);
    return PathsOf(findings.violations);
  };
  EXPECT_THAT(validate(), IsEmpty());
  (*sip.mutable_headers())["X-Tenant"] = "berlin\r\nVia: me";
  EXPECT_THAT(validate(), ElementsAre("endpoint.sip.headers.X-Tenant"));
  (*sip.mutable_headers())["X-Tenant"] = "berlin";
  (*sip.mutable_headers())["Via"] = "me";
  EXPECT_THAT(validate(), ElementsAre("endpoint.sip.headers.Via"));
  sip.clear_headers();
  for (int i = 0; i < 17; ++i) (*sip.mutable_headers())["X-" + std::to_string(i)] = "";
  EXPECT_THAT(validate(), ElementsAre("endpoint.sip.headers"));
  sip.clear_headers();
  sip.set_username("a@b");
  sip.clear_trunk_id();
  EXPECT_THAT(validate(), ElementsAre("endpoint.sip.username", "endpoint.sip.trunk_id"));
}

// RFC 3261, 25.1: user.
TEST(ValidateEndpoint, TakesEveryByteOfASipUserAndNoOther) {
  const auto accepts = [](const std::string& user) {
    Endpoint endpoint;
    endpoint.mutable_sip()->set_username(user);
    endpoint.mutable_sip()->set_trunk_id("trunk-1");
    Findings findings;
    ValidateEndpoint(endpoint, "endpoint", findings);
    return findings.violations.empty();
  };
  const std::string signs = "-_.!~*'()&=+$,;?/";
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    const bool legal = (character >= 'a' && character <= 'z') ||
                       (character >= 'A' && character <= 'Z') ||
                       (character >= '0' && character <= '9') ||
                       (character != 0 && signs.find(character) != std::string::npos);
    EXPECT_EQ(accepts(std::string("a") + character + "b"), legal) << byte;
    // Escaped, all may stand there but what ends the name or a line.
    const bool harmless = byte >= 0x20 && byte != 0x7F && byte != '@' && byte != ':';
    EXPECT_EQ(accepts(absl::StrFormat("a%%%02xb", byte)), harmless) << byte;
  }
  for (const char* user :
       {"sip:bob", "bob:secret", "*72#", "b\u00f6b", "bob%40evil", "bob%", "bob%4", "bob%4g", ""}) {
    EXPECT_FALSE(accepts(user)) << user;
  }
  for (const char* user : {"bob", "bob;user=phone", "bob?X=1", "bob/../x", "*72", "b%C3%B6b"}) {
    EXPECT_TRUE(accepts(user)) << user;
  }
}

TEST(ValidateEndpoint, WantsAWebrtcIdentity) {
  Endpoint endpoint;
  endpoint.mutable_webrtc();
  Findings findings;
  ValidateEndpoint(endpoint, "endpoint", findings);
  EXPECT_THAT(findings.violations, ElementsAre(Finding{"endpoint.webrtc.identity", "required"}));
}

TEST(ValidateLabels, BoundsKeysValuesAndNumber) {
  google::protobuf::Map<std::string, std::string> labels;
  const auto validate = [&labels] {
    Findings findings;
    ValidateLabels(labels, "labels", findings);
    return PathsOf(findings.violations);
  };
  labels["team.a_b-9"] = std::string(128, 'x');
  EXPECT_THAT(validate(), IsEmpty());
  labels["team.a_b-9"] += 'x';
  EXPECT_THAT(validate(), ElementsAre("labels.team.a_b-9"));
  labels.clear();
  labels["Team"] = "";
  EXPECT_THAT(validate(), ElementsAre("labels.Team"));
  labels.clear();
  labels[""] = "x";
  EXPECT_THAT(validate(), ElementsAre("labels"));
  labels.clear();
  for (int i = 0; i < 17; ++i) labels["k" + std::to_string(i)] = "";
  EXPECT_THAT(validate(), ElementsAre("labels"));
}

}  // namespace
}  // namespace callbridge::settings
