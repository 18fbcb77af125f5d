#include "server/api/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge::api {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using tests::ClickToCall;
using tests::ReadError;
using tests::ReadErrorOf;
using tests::TestSettings;

const base::Time kNow = tests::StoryStart();

absl::StatusOr<CheckedStart> Check(const v1::StartBridgeRequest& request,
                                   const config::v1::Settings& settings = TestSettings()) {
  Asker asker;
  asker.identity = "billing";
  asker.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  return CheckStartBridge(request, settings, settings::DialingRules(settings), asker, kNow);
}

ReadError ErrorOf(const v1::StartBridgeRequest& request,
                  const config::v1::Settings& settings = TestSettings()) {
  const auto checked = Check(request, settings);
  EXPECT_FALSE(checked.ok());
  return ReadErrorOf(ToGrpcStatus(checked.status()));
}

TEST(CheckStartBridge, FillsInEveryDefault) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  (*request.mutable_labels())["b"] = "2";
  (*request.mutable_labels())["a"] = "1";
  const auto checked = Check(request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  const internal::v1::StartBridge& start = checked->start;
  EXPECT_EQ(checked->offered_session_id, "");
  EXPECT_EQ(start.request_id(), "r-1");
  EXPECT_EQ(start.caller().phone().number(), "+447700900001");
  EXPECT_EQ(start.caller_id_number(), "+442070000001");
  EXPECT_EQ(start.caller_ring_timeout().seconds(), 30);
  ASSERT_EQ(start.callees_size(), 1);
  EXPECT_EQ(start.callees(0).endpoint().phone().number(), "+447700900002");
  EXPECT_EQ(start.callees(0).ring_timeout().seconds(), 30);
  EXPECT_EQ(start.default_number(), "+442070000001");
  EXPECT_TRUE(start.plan().greeting().has_text());
  EXPECT_EQ(base::FromTimestamp(start.start_before_time()), kNow + seconds(30));
  ASSERT_EQ(start.labels_size(), 2);
  EXPECT_EQ(start.labels(0).key(), "a");
  EXPECT_EQ(start.requested_by(), "billing");
  EXPECT_EQ(start.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(start.settings().service_id(), "test");
  EXPECT_EQ(start.settings().account(), "default");
}

TEST(CheckStartBridge, LeavesTheCallerToTheOfferedSession) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.mutable_caller()->set_offered_session_id("s_offered");
  const auto checked = Check(request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->offered_session_id, "s_offered");
  EXPECT_FALSE(checked->start.has_caller());
  EXPECT_EQ(checked->start.caller_id_number(), "");
}

TEST(CheckStartBridge, KeepsSilenceThatIsMeant) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.mutable_plan()->mutable_greeting();
  const auto checked = Check(request);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->start.plan().greeting().content_case(), v1::Prompt::CONTENT_NOT_SET);
  EXPECT_TRUE(checked->start.plan().apology().has_text());
}

TEST(CheckStartBridge, WarnsOfMusicWithoutALength) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.mutable_plan()->mutable_music()->mutable_audio()->set_url("https://example.com/a.mp3");
  const auto checked = Check(request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  ASSERT_EQ(checked->warnings.size(), 1U);
  EXPECT_EQ(checked->warnings[0].find("plan.music.audio"), 0U);
}

TEST(CheckStartBridge, KnowsUploadedFilesByTheNamesOfTheSettings) {
  config::v1::Settings settings = TestSettings();
  (*settings.mutable_audio_files())["hold"].set_file_id("f1");
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.mutable_plan()->mutable_music()->mutable_audio()->set_file_name("hold");
  const auto checked = Check(request, settings);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->start.plan().music().audio().file_id(), "f1");
  request.mutable_plan()->mutable_music()->mutable_audio()->set_file_name("held");
  EXPECT_THAT(ErrorOf(request, settings).fields, ElementsAre("plan.music.audio.file_name"));
}

TEST(CheckStartBridge, NamesAllFieldsAtFaultAtOnce) {
  v1::StartBridgeRequest request;
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number("12");
  request.mutable_plan()->mutable_ring_timeout()->set_seconds(61);
  const ReadError error = ErrorOf(request);
  EXPECT_EQ(error.code, grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(error.reason, "INVALID_FIELD");
  EXPECT_THAT(error.fields,
              UnorderedElementsAre("request_id", "caller", "callees[0].endpoint.phone.number",
                                   "plan.ring_timeout"));
}

struct Fault {
  std::string field;
  std::function<void(v1::StartBridgeRequest&)> make;
};

TEST(CheckStartBridge, RefusesEachFaultWithItsField) {
  const std::vector<Fault> faults = {
      {"request_id", [](auto& r) { r.set_request_id(std::string(65, 'a')); }},
      {"request_id", [](auto& r) { r.set_request_id("a b"); }},
      {"caller", [](auto& r) { r.clear_caller(); }},
      {"caller.dial", [](auto& r) { r.mutable_caller()->mutable_dial()->clear_kind(); }},
      {"caller.offered_session_id",
       [](auto& r) { r.mutable_caller()->set_offered_session_id(""); }},
      {"caller.caller_id_number",
       [](auto& r) {
         r.mutable_caller()->set_offered_session_id("s_1");
         r.mutable_caller()->set_caller_id_number("+442070000001");
       }},
      {"caller.caller_id_number", [](auto& r) { r.mutable_caller()->set_caller_id_number("12"); }},
      {"caller.ring_timeout",
       [](auto& r) { r.mutable_caller()->mutable_ring_timeout()->set_seconds(0); }},
      {"callees", [](auto& r) { r.clear_callees(); }},
      {"callees[0].endpoint", [](auto& r) { r.mutable_callees(0)->clear_endpoint(); }},
      {"callees[0].ring_timeout",
       [](auto& r) { r.mutable_callees(0)->mutable_ring_timeout()->set_seconds(1LL << 60); }},
      {"plan_name", [](auto& r) { r.set_plan_name("no such plan"); }},
      {"plan.greeting.text",
       [](auto& r) { r.mutable_plan()->mutable_greeting()->set_text(std::string(2'001, 'a')); }},
      {"labels.Not Allowed", [](auto& r) { (*r.mutable_labels())["Not Allowed"] = "x"; }},
      {"start_before_time", [](auto& r) { r.mutable_start_before_time()->set_seconds(1); }},
      {"start_before_time", [](auto& r) { r.mutable_start_before_time()->set_seconds(1LL << 60); }},
      {"start_before_time",
       [](auto& r) {
         r.mutable_caller()->set_offered_session_id("s_1");
         *r.mutable_start_before_time() = base::ToTimestamp(kNow + seconds(60));
       }},
      {"caller.ring_timeout",
       [](auto& r) {
         r.mutable_caller()->set_offered_session_id("s_1");
         r.mutable_caller()->mutable_ring_timeout()->set_seconds(10);
       }},
  };
  for (const Fault& fault : faults) {
    v1::StartBridgeRequest request = ClickToCall("r-1");
    fault.make(request);
    const ReadError error = ErrorOf(request);
    EXPECT_EQ(error.reason, "INVALID_FIELD") << fault.field;
    EXPECT_THAT(error.fields, ElementsAre(fault.field));
  }
}

TEST(CheckStartBridge, CallsNobodyTwiceAndNoRouteOfOurs) {
  v1::StartBridgeRequest same = ClickToCall("r-1");
  same.mutable_callees(0)->mutable_endpoint()->mutable_phone()->set_number("447700900001");
  EXPECT_THAT(ErrorOf(same).fields, ElementsAre("callees[0].endpoint.phone.number"));
  same.mutable_callees(0)->mutable_endpoint()->mutable_sip()->set_username("+447700900001");
  same.mutable_callees(0)->mutable_endpoint()->mutable_sip()->set_trunk_id("trunk-1");
  EXPECT_THAT(ErrorOf(same).fields, ElementsAre("callees[0].endpoint.sip.username"));

  config::v1::Settings settings = TestSettings();
  config::v1::Route& route = *settings.add_routes();
  route.set_name("ours");
  route.set_number("+442079460001");
  route.set_offer(true);
  v1::StartBridgeRequest caller = ClickToCall("r-1");
  caller.mutable_caller()->mutable_dial()->mutable_phone()->set_number("442079460001");
  EXPECT_THAT(ErrorOf(caller, settings).fields, ElementsAre("caller.dial.phone.number"));
  v1::StartBridgeRequest callee = ClickToCall("r-1");
  callee.mutable_callees(0)->mutable_endpoint()->mutable_phone()->set_number("+442079460001");
  EXPECT_THAT(ErrorOf(callee, settings).fields, ElementsAre("callees[0].endpoint.phone.number"));
}

TEST(CheckStartBridge, HoldsNumbersOfSipUsersToThePrefixes) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  auto& sip = *request.mutable_callees(0)->mutable_endpoint()->mutable_sip();
  sip.set_trunk_id("trunk-1");
  sip.set_username("+9005551234567");
  EXPECT_EQ(ErrorOf(request).reason, "DESTINATION_NOT_ALLOWED");
  sip.set_username("reception");
  EXPECT_TRUE(Check(request).ok());
}

TEST(CheckStartBridge, AsksForANumberToShowWhenTheSettingsHaveNone) {
  config::v1::Settings settings = TestSettings();
  settings.mutable_dialing()->clear_default_number();
  EXPECT_THAT(ErrorOf(ClickToCall("r-1"), settings).fields,
              ElementsAre("caller.caller_id_number", "callees[0].caller_id_number"));
  v1::StartBridgeRequest offered = ClickToCall("r-1");
  offered.mutable_caller()->set_offered_session_id("s_1");
  EXPECT_TRUE(Check(offered, settings).ok());
}

TEST(CheckStartBridge, DoesNotYetSupportSeveralCalleesAndAccounts) {
  v1::StartBridgeRequest several = ClickToCall("r-1");
  *several.add_callees() = several.callees(0);
  const ReadError error = ErrorOf(several);
  EXPECT_EQ(error.code, grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(error.reason, "NOT_YET_SUPPORTED");
  EXPECT_EQ(error.metadata.at("field"), "callees");
  v1::StartBridgeRequest other = ClickToCall("r-1");
  other.set_account_name("other");
  EXPECT_EQ(ErrorOf(other).metadata.at("field"), "account_name");
  other.set_account_name("default");
  EXPECT_TRUE(Check(other).ok());
}

TEST(CheckStartBridge, RefusesDestinationsThatTheSettingsForbid) {
  v1::StartBridgeRequest denied = ClickToCall("r-1");
  denied.mutable_callees(0)->mutable_endpoint()->mutable_phone()->set_number("+449900000000");
  ReadError error = ErrorOf(denied);
  EXPECT_EQ(error.code, grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(error.reason, "DESTINATION_NOT_ALLOWED");
  EXPECT_EQ(error.metadata.at("prefix"), "+4499");
  v1::StartBridgeRequest foreign = ClickToCall("r-1");
  foreign.mutable_caller()->mutable_dial()->mutable_phone()->set_number("+4930123456");
  error = ErrorOf(foreign);
  EXPECT_EQ(error.reason, "DESTINATION_NOT_ALLOWED");
  EXPECT_EQ(error.metadata.at("prefix"), "");
}

TEST(CheckStartBridge, RefusesNumbersThatMayNotBeShown) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.mutable_caller()->set_caller_id_number("+447700900009");
  const ReadError error = ErrorOf(request);
  EXPECT_EQ(error.code, grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(error.reason, "CALLER_ID_NOT_ALLOWED");
  v1::StartBridgeRequest callee = ClickToCall("r-1");
  callee.mutable_callees(0)->set_caller_id_number("+447700900009");
  EXPECT_EQ(ErrorOf(callee).reason, "CALLER_ID_NOT_ALLOWED");
  callee.mutable_callees(0)->set_caller_id_number("442070000001");
  const auto checked = Check(callee);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->start.callees(0).caller_id_number(), "+442070000001");
}

TEST(CheckStartBridge, KeepsNumbersAndTextsOutOfErrorMessages) {
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.mutable_caller()->mutable_dial()->mutable_phone()->set_number("+49301234567890123");
  request.mutable_plan()->mutable_apology()->set_text(std::string(2'001, 'q'));
  const auto invalid = Check(request);
  EXPECT_EQ(invalid.status().ToString().find("4930"), std::string::npos);
  EXPECT_EQ(invalid.status().ToString().find("qqq"), std::string::npos);
  v1::StartBridgeRequest foreign = ClickToCall("r-1");
  foreign.mutable_caller()->mutable_dial()->mutable_phone()->set_number("+4930123456");
  EXPECT_EQ(Check(foreign).status().ToString().find("4930"), std::string::npos);
}

}  // namespace
}  // namespace callbridge::api
