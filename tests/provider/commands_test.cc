#include "server/provider/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/command_kinds.h"
#include "server/provider/look_request.h"
#include "tests/provider/commands.h"

namespace callbridge::provider {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

AccountOptions AccountWith(StopPlayScope scope) {
  AccountOptions account;
  account.configuration.id = "bridge-prod";
  account.stop_play_scope = scope;
  return account;
}

std::vector<HttpRequest> Encode(const internal::v1::Command& command,
                                const AccountOptions& account = AccountWith(StopPlayScope::kCall)) {
  const auto requests = EncodeCommand(command, account, "bridge");
  EXPECT_TRUE(requests.ok()) << requests.status();
  return requests.value_or(std::vector<HttpRequest>());
}

HttpRequest EncodeOne(const internal::v1::Command& command,
                      const AccountOptions& account = AccountWith(StopPlayScope::kCall)) {
  const std::vector<HttpRequest> requests = Encode(command, account);
  EXPECT_THAT(requests, SizeIs(1));
  return requests.empty() ? HttpRequest() : requests.front();
}

TEST(EncodeCommand, SendsRingingWithoutABody) {
  internal::v1::Command command = Command(1);
  command.mutable_send_ringing()->set_call_id("aa/../bb");
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.target, "/calls/1/calls/aa%2F..%2Fbb/send-ringing");
  EXPECT_EQ(request.body, "");
}

TEST(EncodeCommand, AnswersWithTheCompleteCustomData) {
  const HttpRequest request = EncodeOne(AnswerCommand());
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/answer");
  EXPECT_EQ(request.body,
            R"({"customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0"}})");
  EXPECT_TRUE(request.fresh_connection);
}

TEST(EncodeCommand, HangsUpWithAnEmptyObjectAndRejectsWithACode) {
  internal::v1::Command command = HangUpCommand();
  EXPECT_EQ(EncodeOne(command).target, "/calls/1/calls/aaaa/hangup");
  EXPECT_EQ(EncodeOne(command).body, "{}");
  command.mutable_hang_up_call()->set_reject(true);
  EXPECT_EQ(EncodeOne(command).body, R"({"errorCode":"REJECTED"})");
  command.mutable_hang_up_call()->set_busy(true);
  EXPECT_EQ(EncodeOne(command).body, R"({"errorCode":"BUSY"})");
}

TEST(EncodeCommand, CreatesAConference) {
  const HttpRequest request = EncodeOne(CreateConferenceCommand());
  EXPECT_EQ(request.target, "/calls/1/conferences");
  EXPECT_EQ(request.body,
            R"({"callsConfigurationId":"bridge-prod","name":"bridge/s_1","maxDuration":7200})");
  EXPECT_TRUE(request.fresh_connection);
}

TEST(EncodeCommand, PutsTheCallerIntoTheConference) {
  internal::v1::Command command = Command(3);
  command.mutable_add_caller()->set_conference_id("cccc");
  command.mutable_add_caller()->set_call_id("aaaa");
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.method, Method::kPut);
  EXPECT_EQ(request.target, "/calls/1/conferences/cccc/call/aaaa");
  EXPECT_EQ(request.body,
            R"({"customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0"}})");
}

TEST(EncodeCommand, SaysWhoHearsWhom) {
  internal::v1::Command command = Command(3);
  internal::v1::UpdateAudio& update = *command.mutable_update_audio();
  update.set_conference_id("cccc");
  update.set_call_id("aaaa");
  update.set_muted(true);
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.method, Method::kPatch);
  EXPECT_EQ(request.target, "/calls/1/conferences/cccc/call/aaaa");
  EXPECT_EQ(request.body, R"({"muted":true,"deaf":false})");
}

// The call keeps the customData of the sound that it hears.
TEST(EncodeCommand, SendsKeysWithoutCustomData) {
  internal::v1::Command command = Command(3);
  command.mutable_send_digits()->set_call_id("aaaa");
  command.mutable_send_digits()->set_digits("12#");
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/send-dtmf");
  EXPECT_EQ(request.body, R"({"dtmf":"12#"})");
}

TEST(EncodeCommand, CapturesKeys) {
  internal::v1::Command command = Command(7);
  internal::v1::CaptureDigits& action = *command.mutable_capture_digits();
  action.set_call_id("aaaa");
  action.mutable_capture()->set_max_length(4);
  action.mutable_capture()->mutable_first_digit_timeout()->set_seconds(8);
  action.mutable_capture()->mutable_digit_timeout()->set_nanos(1'500'000'000 - 1'000'000'000);
  EXPECT_EQ(EncodeOne(command).body,
            R"({"maxLength":4,"timeout":8000,"digitTimeout":500,"customData":{"service":"bridge",)"
            R"("session":"s_1","leg":"caller","dial":"0","media":"7"}})");
  action.set_keep(true);
  action.mutable_capture()->set_terminator("#");
  action.mutable_prompt()->set_text("Your code, please.");
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/capture/dtmf");
  EXPECT_EQ(request.body,
            R"({"maxLength":4,"timeout":8000,"digitTimeout":500,"terminator":"#",)"
            R"("playContent":{"type":"TEXT","text":"Your code, please.","language":"en"},)"
            R"("customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0",)"
            R"("media":"7","keep":"1"}})");
}

TEST(EncodeCommand, RecordsAConferenceInOneFile) {
  internal::v1::Command command = Command(3);
  command.clear_leg_id();
  command.clear_dial();
  command.mutable_start_recording()->set_conference_id("cccc");
  command.mutable_start_recording()->set_recording_id("recording-1");
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/conferences/cccc/start-recording");
  EXPECT_EQ(request.body, R"({"recordingType":"AUDIO","conferenceComposition":{"enabled":true},)"
                          R"("customData":{"service":"bridge","session":"s_1","leg":"","dial":"0",)"
                          R"("recording":"recording-1"}})");
  command.clear_start_recording();
  command.mutable_stop_recording()->set_conference_id("cccc");
  EXPECT_EQ(EncodeOne(command).target, "/calls/1/conferences/cccc/stop-recording");
  EXPECT_EQ(EncodeOne(command).body, "");
}

// Only the request about a call can ask for a beep, and only it wraps what it asks for.
TEST(EncodeCommand, RecordsACallAfterABeep) {
  internal::v1::Command command = Command(3);
  command.mutable_start_recording()->set_call_id("aaaa");
  command.mutable_start_recording()->set_recording_id("recording-2");
  command.mutable_start_recording()->set_beep(true);
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/start-recording");
  EXPECT_EQ(request.body,
            R"({"recording":{"recordingType":"AUDIO","beep":true,)"
            R"("customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0",)"
            R"("recording":"recording-2"}}})");
  command.clear_start_recording();
  command.mutable_stop_recording()->set_call_id("aaaa");
  EXPECT_EQ(EncodeOne(command).target, "/calls/1/calls/aaaa/stop-recording");
}

TEST(EncodeCommand, DialsATelephoneIntoTheConference) {
  const HttpRequest request = EncodeOne(DialCommand());
  EXPECT_EQ(request.target, "/calls/1/conferences/cccc/call");
  EXPECT_EQ(request.body,
            R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"},)"
            R"("from":"442079460001","connectTimeout":30,"maxDuration":7260,)"
            R"("customData":{"service":"bridge","session":"s_1","leg":"callee-1","dial":"5"}}})");
  EXPECT_TRUE(request.fresh_connection);
}

TEST(EncodeCommand, DialsATelephoneByItselfWithTheConfiguration) {
  internal::v1::Command command = DialCommand();
  command.mutable_dial_leg()->clear_conference_id();
  command.mutable_dial_leg()->set_apart(true);
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/calls");
  EXPECT_EQ(request.body,
            R"({"callsConfigurationId":"bridge-prod","endpoint":{"type":"PHONE",)"
            R"("phoneNumber":"447700900456"},"from":"442079460001","connectTimeout":30,)"
            R"("maxDuration":7260,)"
            R"("customData":{"service":"bridge","session":"s_1","leg":"callee-1","dial":"5"}})");
  EXPECT_TRUE(request.fresh_connection);
}

TEST(EncodeCommand, KeepsTheRingTimeoutWithinTheProvidersLimits) {
  internal::v1::Command command = DialCommand();
  *command.mutable_dial_leg()->mutable_ring_timeout() =
      base::ToProtoDuration(std::chrono::seconds(61));
  EXPECT_THAT(EncodeOne(command).body, HasSubstr(R"("connectTimeout":60,)"));
  *command.mutable_dial_leg()->mutable_ring_timeout() =
      base::ToProtoDuration(std::chrono::milliseconds(1));
  EXPECT_THAT(EncodeOne(command).body, HasSubstr(R"("connectTimeout":1,)"));
}

TEST(EncodeCommand, DialsSipAndWebrtcEndpoints) {
  internal::v1::Command command = DialCommand();
  auto& sip = *command.mutable_dial_leg()->mutable_endpoint()->mutable_sip();
  sip.set_username("desk");
  sip.set_trunk_id("t1");
  (*sip.mutable_headers())["X-B"] = "2";
  (*sip.mutable_headers())["X-A"] = "1";
  EXPECT_THAT(EncodeOne(command).body,
              HasSubstr(R"("endpoint":{"type":"SIP","username":"desk","sipTrunkId":"t1",)"
                        R"("customHeaders":{"X-A":"1","X-B":"2"}})"));
  auto& webrtc = *command.mutable_dial_leg()->mutable_endpoint()->mutable_webrtc();
  webrtc.set_identity("ann");
  webrtc.set_display_name("Ann");
  EXPECT_THAT(EncodeOne(command).body,
              HasSubstr(R"("endpoint":{"type":"WEBRTC","identity":"ann","displayName":"Ann"})"));
}

TEST(EncodeCommand, SaysTextWithItsVoice) {
  internal::v1::Command command = SayCommand();
  auto& voice = *command.mutable_play_prompt()->mutable_prompt()->mutable_voice();
  voice.set_language("pt-BR");
  voice.set_name("Camila");
  voice.set_gender(callbridge::v1::GENDER_FEMALE);
  voice.set_speaking_rate(1.25);
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/say");
  EXPECT_EQ(request.body,
            R"({"text":"Please \"wait\".","language":"pt-br","speechRate":1.25,)"
            R"("preferences":{"voiceGender":"FEMALE","voiceName":"Camila"},)"
            R"("customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0",)"
            R"("media":"4"}})");
  EXPECT_TRUE(request.fresh_connection);
}

TEST(EncodeCommand, PlaysARecordedPrompt) {
  internal::v1::Command command = Command(4);
  auto& action = *command.mutable_play_prompt();
  action.set_call_id("aaaa");
  action.mutable_prompt()->mutable_audio()->set_url("https://example.com/hello.wav");
  *action.mutable_timeout() = base::ToProtoDuration(std::chrono::seconds(20));
  const HttpRequest request = EncodeOne(command);
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/play");
  EXPECT_EQ(request.body, R"({"content":{"type":"URL","fileUrl":"https://example.com/hello.wav"},)"
                          R"("timeout":20000,"customData":{"service":"bridge","session":"s_1",)"
                          R"("leg":"caller","dial":"0","media":"4"}})");
}

TEST(EncodeCommand, PlaysMusicWithTheProvidersOwnEnd) {
  const HttpRequest request = EncodeOne(MusicCommand());
  EXPECT_EQ(request.target, "/calls/1/calls/aaaa/play");
  EXPECT_EQ(request.body,
            R"({"content":{"type":"FILE","fileId":"f1"},"loopCount":20,"timeout":60000,)"
            R"("customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0",)"
            R"("media":"6"}})");
}

TEST(EncodeCommand, StopsPlayOnTheCallTheConferenceOrBoth) {
  const std::string body =
      R"({"customData":{"service":"bridge","session":"s_1","leg":"caller","dial":"0","media":"6"}})";
  const HttpRequest call = EncodeOne(StopPlayCommand());
  EXPECT_EQ(call.target, "/calls/1/calls/aaaa/stop-play");
  EXPECT_EQ(call.body, body);
  const HttpRequest conference =
      EncodeOne(StopPlayCommand(), AccountWith(StopPlayScope::kConference));
  EXPECT_EQ(conference.target, "/calls/1/conferences/cccc/stop-play");
  EXPECT_EQ(conference.body, "");
  const std::vector<HttpRequest> both =
      Encode(StopPlayCommand(), AccountWith(StopPlayScope::kBoth));
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[0].target, call.target);
  EXPECT_EQ(both[1].target, conference.target);
}

TEST(EncodeCommand, StopsPlayOnTheCallWhileThereIsNoConference) {
  internal::v1::Command command = StopPlayCommand();
  command.mutable_stop_play()->clear_conference_id();
  for (const StopPlayScope scope : {StopPlayScope::kConference, StopPlayScope::kBoth}) {
    EXPECT_EQ(EncodeOne(command, AccountWith(scope)).target, "/calls/1/calls/aaaa/stop-play");
  }
}

TEST(EncodeCommand, HangsUpTheConferenceWithoutABody) {
  const HttpRequest request = EncodeOne(HangUpConferenceCommand());
  EXPECT_EQ(request.target, "/calls/1/conferences/cccc/hangup");
  EXPECT_EQ(request.body, "");
}

TEST(EncodeCommand, NamesWhatIsMissing) {
  const auto message = [](const internal::v1::Command& command) {
    return std::string(
        EncodeCommand(command, AccountWith(StopPlayScope::kCall), "bridge").status().message());
  };
  EXPECT_THAT(message(Command(1)), HasSubstr("action"));
  internal::v1::Command command = DialCommand();
  command.mutable_dial_leg()->clear_endpoint();
  EXPECT_THAT(message(command), HasSubstr("dial_leg.endpoint"));
  command = SayCommand();
  command.mutable_play_prompt()->clear_prompt();
  EXPECT_THAT(message(command), HasSubstr("play_prompt.prompt.content"));
  command = AnswerCommand();
  command.mutable_answer_call()->clear_call_id();
  EXPECT_THAT(message(command), HasSubstr("answer_call.call_id"));
  EXPECT_THAT(message(LookAtCallCommand()), HasSubstr("look"));
}

TEST(LookRequests, AskForOneCallOrConference) {
  EXPECT_EQ(GetCall("a b", Source::kLive).target, "/calls/1/calls/a%20b");
  EXPECT_EQ(GetCall("aaaa", Source::kHistory).target, "/calls/1/calls/aaaa/history");
  EXPECT_EQ(GetConference("cccc", Source::kHistory).target, "/calls/1/conferences/cccc/history");
}

TEST(LookRequests, ListWithEveryFilter) {
  EXPECT_EQ(ListCalls(FindDialCommand().find_dial(), {"bridge-prod"}, Source::kHistory, 3).target,
            "/calls/1/calls/history?callsConfigurationId=bridge-prod&direction=OUTBOUND"
            "&to=447700900456&startTimeAfter=2026-01-15T12%3A00%3A08.000%2B0000&page=3&size=100");
  EXPECT_EQ(ListConferences("bridge/s_1", {"bridge-prod"}, 0).target,
            "/calls/1/conferences?name=bridge%2Fs_1&callsConfigurationId=bridge-prod"
            "&page=0&size=100");
}

// docs/provider.md §2.
TEST(LookRequests, NameTheApplicationOfAnOlderAccount) {
  const CallsConfiguration application{"app 1", "applicationId"};
  EXPECT_EQ(ListLiveCalls(application, 2).target,
            "/calls/1/calls?applicationId=app%201&page=2&size=100");
  EXPECT_EQ(ListLiveConferences(application, 0).target,
            "/calls/1/conferences?applicationId=app%201&page=0&size=100");
  EXPECT_EQ(ListConferences("s", application, 0).target,
            "/calls/1/conferences?name=s&applicationId=app%201&page=0&size=100");
}

TEST(EncodeCommand, NamesTheApplicationOfAnOlderAccount) {
  AccountOptions account;
  account.configuration = {"app", "applicationId"};
  const auto requests = EncodeCommand(CreateConferenceCommand(), account, "bridge");
  ASSERT_TRUE(requests.ok()) << requests.status();
  EXPECT_THAT(requests->front().body, HasSubstr(R"("applicationId":"app")"));
  EXPECT_THAT(requests->front().body, Not(HasSubstr("callsConfigurationId")));
}

TEST(CommandRows, StandForEveryAction) {
  const auto* actions = internal::v1::Command::descriptor()->FindOneofByName("action");
  ASSERT_EQ(CommandRows().size(), static_cast<std::size_t>(actions->field_count()));
  for (int i = 0; i < actions->field_count(); ++i) {
    const auto action = static_cast<internal::v1::Command::ActionCase>(actions->field(i)->number());
    ASSERT_NE(FindRow(action), nullptr) << actions->field(i)->name();
    EXPECT_EQ(FindRow(action)->action, action);
  }
  EXPECT_EQ(FindRow(internal::v1::Command::ACTION_NOT_SET), nullptr);
}

// A look has no request of its own, and every other command has one and reads its answer.
TEST(CommandRows, KnowLooksAsTheKindsDo) {
  for (const base::CommandKind& kind : base::CommandKinds()) {
    const CommandRow* row = FindRow(kind.action);
    if (row == nullptr) continue;
    EXPECT_EQ(row->encode == nullptr, kind.look) << kind.name;
    EXPECT_EQ(row->read == nullptr, kind.look) << kind.name;
  }
}

}  // namespace
}  // namespace callbridge::provider
