// Which of several places wins where more than one of them says something: every field, every
// subset of the places.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "server/settings/load.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/routes.h"
#include "tests/settings/settings_text.h"

namespace callbridge::settings {
namespace {

using callbridge::v1::Plan;
using callbridge::v1::Prompt;
using callbridge::v1::RecordingPlan;
using callbridge::v1::Voice;
using config::v1::Account;
using config::v1::Settings;
using config::v1::Webhook;
using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Fills a field of a plan in a way of its own for each layer; a part only if it is not whole.
void SetLayer(const FieldDescriptor& field, int layer, bool whole, Plan& plan) {
  const std::string text = "layer " + std::to_string(layer);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    return plan.GetReflection()->SetBool(&plan, &field, whole);
  }
  Message& message = *plan.GetReflection()->MutableMessage(&plan, &field);
  if (auto* duration = dynamic_cast<Duration*>(&message)) {
    duration->set_seconds(20 + layer);
    if (whole) duration->set_nanos(500'000'000);
  } else if (auto* voice = dynamic_cast<Voice*>(&message)) {
    voice->set_name(text);
    if (whole) voice->set_language("de");
    if (whole) voice->set_speaking_rate(0.7);
    if (whole) voice->set_gender(callbridge::v1::GENDER_MALE);
  } else if (auto* prompt = dynamic_cast<Prompt*>(&message)) {
    prompt->set_text(text);
    if (whole) prompt->mutable_voice()->set_language("de");
  } else if (auto* recording = dynamic_cast<RecordingPlan*>(&message)) {
    recording->set_mode(layer == 1 ? callbridge::v1::RECORDING_MODE_CONFERENCE
                                   : callbridge::v1::RECORDING_MODE_LEGS);
    recording->set_start(layer == 4 ? RecordingPlan::START_JOINED : RecordingPlan::START_REQUESTED);
    if (whole) recording->set_beep(true);
  } else {
    plan.mutable_music()->mutable_audio()->set_file_id(text);
    if (whole) plan.mutable_music()->set_loop_count(7);
    if (whole) plan.mutable_music()->mutable_audio()->mutable_duration()->set_seconds(9);
  }
}

std::string FieldText(const Plan& plan, const FieldDescriptor& field) {
  const auto& reflection = *plan.GetReflection();
  if (!reflection.HasField(plan, &field)) return "absent";
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    return reflection.GetBool(plan, &field) ? "true" : "false";
  }
  return reflection.GetMessage(plan, &field).ShortDebugString();
}

// Layers: 1 the default plan, 2 the named one, 4 the request's.
TEST(EveryFieldOfAPlan, ComesWholeFromTheHighestLayerThatHasIt) {
  const auto& type = *Plan::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    for (int layers = 0; layers < 8; ++layers) {
      Settings settings;
      Plan& default_plan = (*settings.mutable_plans())["default"];
      Plan& named = (*settings.mutable_plans())["vip"];
      Plan request;
      Plan expected;
      // The lower ones whole, so that nothing of them may shine through.
      int highest = 0;
      for (const int layer : {1, 2, 4}) {
        if ((layers & layer) != 0) highest = layer;
      }
      for (const int layer : {1, 2, 4}) {
        if ((layers & layer) == 0) continue;
        Plan& plan = layer == 1 ? default_plan : (layer == 2 ? named : request);
        SetLayer(*type.field(i), layer, layer != highest, plan);
        if (layer == highest) expected = plan;
      }
      const auto resolved = ResolvePlan(settings, "vip", request);
      ASSERT_TRUE(resolved.ok()) << resolved.status();
      const auto unfilled = NamedPlan(settings, "vip");
      ASSERT_TRUE(unfilled.ok()) << unfilled.status();
      for (int j = 0; j < type.field_count(); ++j) {
        const FieldDescriptor& field = *type.field(j);
        const bool set = i == j && layers != 0;
        if (highest != 4) {
          EXPECT_EQ(FieldText(*unfilled, field), FieldText(set ? expected : BuiltInPlan(), field))
              << field.name() << " " << layers;
        }
        // What is filled in, voices and the loop count, is tested where it is worked out.
        Plan alone;
        if (set) alone = expected;
        const auto filled = ResolvePlan(Settings(), "", alone);
        ASSERT_TRUE(filled.ok());
        if (i == j) {
          EXPECT_EQ(FieldText(*resolved, field), FieldText(*filled, field));
        }
      }
    }
  }
}

TEST(EveryFieldOfAPlan, OfTheDefaultOrNoNameComesFromTheDefaultPlan) {
  const auto& type = *Plan::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    Settings settings;
    SetLayer(*type.field(i), 1, true, (*settings.mutable_plans())["default"]);
    SetLayer(*type.field(i), 2, true, (*settings.mutable_plans())["vip"]);
    for (const char* name : {"", "default"}) {
      EXPECT_EQ(FieldText(*NamedPlan(settings, name), *type.field(i)),
                FieldText(settings.plans().at("default"), *type.field(i)));
    }
    EXPECT_EQ(FieldText(EffectiveSettings(settings).plans().at("vip"), *type.field(i)),
              FieldText(settings.plans().at("vip"), *type.field(i)));
  }
}

// The callee's own, else the route's: never the default number, which is for requests that name
// none.
TEST(TheNumberShown, IsTheCalleesElseTheDialledOne) {
  for (const bool has_default : {false, true}) {
    for (const bool has_own : {false, true}) {
      std::string yaml = kGoodYaml;
      if (has_own) yaml += "        caller_id_number: \"447700900111\"\n";
      yaml += "dialing: {allowed_numbers: [\"447700900111\"]";
      if (has_default) yaml += ", default_number: \"442079460005\"";
      const Routes routes(MustParse(yaml + "}\n"));
      internal::v1::ProviderEvent event;
      event.set_type(internal::v1::ProviderEvent::TYPE_CALL_RECEIVED);
      event.mutable_call()->set_to("442079460001");
      const auto call = routes.Arrange(event);
      ASSERT_TRUE(call.has_value());
      EXPECT_EQ(call->callees(0).caller_id_number(), has_own ? "+447700900111" : "+442079460001");
    }
  }
}

TEST(TheRingTimeout, IsTheCalleesElseTheRoutesElseTheNamedPlansElseTheDefault) {
  for (int places = 0; places < 16; ++places) {
    const auto has = [places](int place) { return (places & place) != 0; };
    std::string yaml = kGoodYaml;
    if (has(8)) yaml += "        ring_timeout: 8s\n";
    if (has(4)) yaml += "    plan: {ring_timeout: 4s}\n";
    yaml += "    plan_name: vip\nplans:\n";
    yaml += has(2) ? "  vip: {ring_timeout: 2s}\n" : "  vip: {}\n";
    if (has(1)) yaml += "  default: {ring_timeout: 1s}\n";
    const Routes routes(MustParse(yaml));
    internal::v1::ProviderEvent event;
    event.set_type(internal::v1::ProviderEvent::TYPE_CALL_RECEIVED);
    event.mutable_call()->set_to("442079460001");
    std::int64_t expected = 30;
    for (const int place : {1, 2, 4, 8}) {
      if (has(place)) expected = place;
    }
    EXPECT_EQ(routes.Arrange(event)->callees(0).ring_timeout().seconds(), expected) << places;
  }
}

TEST(EveryRate, IsTheWrittenOneElseThePublishedOne) {
  for (int rates = 0; rates < 8; ++rates) {
    std::string yaml = "api_key_file: api-key\n    rates: {";
    if ((rates & 1) != 0) yaml += "dial: 1.5, ";
    if ((rates & 2) != 0) yaml += "conference: 2.5, ";
    if ((rates & 4) != 0) yaml += "other: 3.5, ";
    const Settings settings = MustParse(GoodYamlWith("api_key_file: api-key", yaml + "}"));
    const Account::Rates& effective = settings.accounts().at("default").rates();
    EXPECT_EQ(effective.dial(), (rates & 1) != 0 ? 1.5 : 6);
    EXPECT_EQ(effective.conference(), (rates & 2) != 0 ? 2.5 : 20);
    EXPECT_EQ(effective.other(), (rates & 4) != 0 ? 3.5 : 100);
  }
}

TEST(EveryPartOfASignature, IsTheWrittenOneElseTheDefault) {
  for (int parts = 0; parts < 16; ++parts) {
    Settings settings = MustParse(kGoodYaml);
    Webhook::WebhookHmac& hmac = *settings.mutable_webhook()->mutable_hmac();
    hmac.add_secret_files("file");
    if ((parts & 1) != 0) hmac.set_header("X-Own");
    if ((parts & 2) != 0) hmac.set_prefix("own=");
    if ((parts & 4) != 0) hmac.set_encoding(Webhook::WebhookHmac::ENCODING_BASE64);
    if ((parts & 8) != 0) hmac.set_algorithm(Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_512);
    const Settings all = EffectiveSettings(settings);
    const Webhook::WebhookHmac& effective = all.webhook().hmac();
    const bool longer = (parts & 8) != 0;
    EXPECT_EQ(effective.header(), (parts & 1) != 0 ? "X-Own" : "X-Ib-Hmac-Signature");
    EXPECT_EQ(effective.prefix(), (parts & 2) != 0 ? "own=" : (longer ? "SHA512=" : "SHA256="));
    EXPECT_EQ(effective.encoding(), (parts & 4) != 0 ? Webhook::WebhookHmac::ENCODING_BASE64
                                                     : Webhook::WebhookHmac::ENCODING_UNSPECIFIED);
    EXPECT_EQ(effective.algorithm(), longer ? Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_512
                                            : Webhook::WebhookHmac::ALGORITHM_HMAC_SHA_256);
    ASSERT_EQ(effective.secret_files_size(), 1);
  }
}

TEST(EveryPartOfAnAccount, IsTheWrittenOneElseTheDefault) {
  for (const auto scope : {Account::STOP_PLAY_SCOPE_CALL, Account::STOP_PLAY_SCOPE_CONFERENCE,
                           Account::STOP_PLAY_SCOPE_BOTH}) {
    Settings settings = MustParse(kGoodYaml);
    Account& account = (*settings.mutable_accounts())["default"];
    account.set_stop_play_scope(scope);
    account.clear_allowed_hosts();
    account.add_allowed_hosts("other.example.com");
    account.set_base_url("https://a.example.com/");
    const Settings all = EffectiveSettings(settings);
    EXPECT_EQ(all.accounts().at("default").stop_play_scope(), scope);
    EXPECT_THAT(all.accounts().at("default").allowed_hosts(),
                testing::ElementsAre("other.example.com"));
    EXPECT_EQ(all.accounts().at("default").base_url(), "https://a.example.com");
  }
  EXPECT_EQ(MustParse(kGoodYaml).accounts().at("default").stop_play_scope(),
            Account::STOP_PLAY_SCOPE_CALL);
}

}  // namespace
}  // namespace callbridge::settings
