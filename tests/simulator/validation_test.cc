// What the provider refuses as malformed, request by request, and that each is recorded as a
// violation, while wrong states are not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

struct Case {
  const char* name;
  // "{call}" and "{conference}" are an established call and an open conference.
  const char* method;
  std::string target;
  std::string body;
  // The field that validationErrors must name; empty: refused as a whole.
  const char* field;
};

std::string Dialled(const std::string& members) {
  return R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"}})" +
         std::string(members.empty() ? "" : ",") + members + "}";
}

std::string InCallRequest(const std::string& members) {
  return R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"},)" + members +
         "}}";
}

const std::string kSayPath = "/calls/1/calls/{call}/say";
const std::string kPlay = "/calls/1/calls/{call}/play";
const std::string kDial = "/calls/1/conferences/{conference}/call";
const std::string kConferences = "/calls/1/conferences";

std::vector<Case> Cases() {
  const std::string url = R"({"type":"URL","fileUrl":"http://127.0.0.1/music.wav"})";
  return {
      {"NoJson", "POST", kSayPath, "text", ""},
      {"NoObject", "POST", kSayPath, "[]", ""},
      {"EmptyWhereRequired", "POST", "/calls/1/calls/{call}/answer", "", ""},
      {"BodyWhereNone", "GET", "/calls/1/conferences/{conference}", "{}", ""},
      {"UnknownField", "POST", kSayPath, R"({"text":"a","language":"en","voice":"Joanna"})",
       "voice"},
      {"RepeatedField", "POST", kSayPath, R"({"text":"a","text":"b","language":"en"})", "text"},
      {"NullField", "POST", kSayPath, R"({"text":"a","language":"en","loopCount":null})",
       "loopCount"},
      {"NoText", "POST", kSayPath, R"({"language":"en"})", "text"},
      {"EmptyText", "POST", kSayPath, R"({"text":"","language":"en"})", "text"},
      {"NoLanguage", "POST", kSayPath, R"({"text":"a"})", "language"},
      {"UnknownLanguage", "POST", kSayPath, R"({"text":"a","language":"en-US"})", "language"},
      {"FastSpeech", "POST", kSayPath, R"({"text":"a","language":"en","speechRate":2.5})",
       "speechRate"},
      {"SlowSpeech", "POST", kSayPath, R"({"text":"a","language":"en","speechRate":0.4})",
       "speechRate"},
      {"BadGender", "POST", kSayPath,
       R"({"text":"a","language":"en","preferences":{"voiceGender":"female"}})",
       "preferences.voiceGender"},
      {"CustomDataNumber", "POST", kSayPath,
       R"({"text":"a","language":"en","customData":{"media":3}})", "customData.media"},
      {"StopOnUnknown", "POST", kSayPath,
       R"({"text":"a","language":"en","stopOn":{"type":"VOICE"}})", "stopOn.type"},
      {"ConferenceSayCustomData", "POST", "/calls/1/conferences/{conference}/say",
       R"({"text":"a","language":"en","customData":{"a":"b"}})", "customData"},
      {"NoContent", "POST", kPlay, R"({"loopCount":1})", "content"},
      {"ContentWithoutType", "POST", kPlay, R"({"content":{"fileUrl":"http://a"}})",
       "content.type"},
      {"ContentOfOtherType", "POST", kPlay, R"({"content":{"type":"FILE","fileUrl":"http://a"}})",
       "content.fileUrl"},
      {"TimeoutNoInteger", "POST", kPlay, R"({"timeout":1.5,"content":)" + url + "}", "timeout"},
      {"TimeoutText", "POST", kPlay, R"({"timeout":"1000","content":)" + url + "}", "timeout"},
      {"LoopsBeyond32Bits", "POST", kPlay, R"({"loopCount":3000000000,"content":)" + url + "}",
       "loopCount"},
      {"ConferencePlayTimeout", "POST", "/calls/1/conferences/{conference}/play",
       R"({"timeout":1000,"content":)" + url + "}", "timeout"},
      {"ConferenceWithoutConfiguration", "POST", kConferences, R"({"name":"a"})",
       "callsConfigurationId"},
      {"ConferenceWithApplication", "POST", kConferences,
       R"({"callsConfigurationId":"callbridge","applicationId":"a"})", "applicationId"},
      {"DialWithoutEndpoint", "POST", kDial, R"({"callRequest":{"from":"442079460001"}})",
       "callRequest.endpoint"},
      {"DialPlus", "POST", kDial,
       R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"+447700900456"}}})",
       "callRequest.endpoint.phoneNumber"},
      {"DialTimeoutTooLong", "POST", kDial, InCallRequest(R"("connectTimeout":61)"),
       "callRequest.connectTimeout"},
      {"DialExternalId", "POST", kDial, InCallRequest(R"("externalId":"x")"),
       "callRequest.externalId"},
      {"DialConfiguration", "POST", kDial, InCallRequest(R"("callsConfigurationId":"callbridge")"),
       "callRequest.callsConfigurationId"},
      {"DialRingbackAndEarlyMedia", "POST", kDial,
       Dialled(R"("connectOnEarlyMedia":true,"ringbackGeneration":{"enabled":true})"),
       "ringbackGeneration.enabled"},
      {"DialDetectionTime", "POST", kDial,
       InCallRequest(
           R"("machineDetection":{"enabled":true,"detectionTime":5,"messageDetectionTimeout":4})"),
       "callRequest.machineDetection.detectionTime"},
      {"DialPrefixWithSpace", "POST", kDial,
       InCallRequest(R"("recording":{"recordingType":"AUDIO","filePrefix":"a b"})"),
       "callRequest.recording.filePrefix"},
      {"HangupCode", "POST", "/calls/1/calls/{call}/hangup", R"({"errorCode":"GONE"})",
       "errorCode"},
      {"UpdateNoFlag", "PATCH", "/calls/1/conferences/{conference}", R"({"muted":"yes"})", "muted"},
      {"PageSize", "GET", "/calls/1/calls?size=101", "", "size"},
      {"PageNegative", "GET", "/calls/1/calls?page=-1", "", "page"},
      {"QueryUnknown", "GET", "/calls/1/calls?externalId=x", "", "externalId"},
      {"QueryDirection", "GET", "/calls/1/calls/history?direction=OUT", "", "direction"},
      {"QueryTime", "GET", "/calls/1/calls/history?startTimeAfter=yesterday", "", "startTimeAfter"},
  };
}

std::string Replace(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

class MalformedRequest : public testing::TestWithParam<Case> {};

TEST_P(MalformedRequest, IsRefusedAndRecordedAsAViolation) {
  const Case& given = GetParam();
  ModelDriver driver;
  const auto [call, conference] = driver.JoinedCaller();
  ASSERT_EQ(driver.world().journal.violations_seen, 0);
  const std::string target =
      Replace(Replace(given.target, "{call}", call), "{conference}", conference);
  const Response response = driver.Send(given.method, target, given.body);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(At(response.body, "/requestError/serviceException/messageId"), "BAD_REQUEST");
  if (*given.field != '\0') {
    const std::string errors = "/requestError/serviceException/validationErrors/";
    EXPECT_NE(At(response.body, errors + given.field + "/0"), "") << response.body;
  }
  ASSERT_EQ(driver.world().journal.violations_seen, 1);
  EXPECT_NE(driver.world().journal.violations.front().text.find(given.field), std::string::npos);
}

std::string NameOfCase(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(All, MalformedRequest, testing::ValuesIn(Cases()), NameOfCase);

TEST(Validation, AcceptsEveryFieldThatIsDocumented) {
  ModelDriver driver;
  const auto [call, conference] = driver.JoinedCaller();
  const std::string recording =
      R"({"recordingType":"AUDIO","customData":{"a":"b"},"filePrefix":"a-b","channels":"STEREO"})";
  EXPECT_EQ(
      driver
          .Post("/calls/1/calls",
                R"({"endpoint":{"type":"SIP","username":"u","sipTrunkId":"t","customHeaders":)"
                R"({"X-A":"b"}},"from":"442079460001","fromDisplayName":"n",)"
                R"("connectTimeout":60,"machineDetection":{"enabled":true,)"
                R"("messageDetectionTimeout":0,"detectionTime":3.7},"maxDuration":28800,)"
                R"("customData":{"a":"b"},"callsConfigurationId":"callbridge",)"
                R"("platform":{"entityId":"e","applicationId":"a"},"parentCallId":"p",)"
                R"("externalId":"x","recording":)" +
                    recording + "}")
          .status,
      201);
  EXPECT_EQ(driver
                .Post("/calls/1/calls/" + call + "/say",
                      R"({"text":"a","language":"en-gb","speechRate":1.5,"loopCount":2,)"
                      R"("preferences":{"voiceGender":"FEMALE","voiceName":"Amy"},)"
                      R"("stopOn":{"type":"DTMF","terminator":"1#"},"customData":{"a":"b"}})")
                .status,
            200);
  EXPECT_EQ(driver
                .Post("/calls/1/conferences/" + conference + "/call",
                      R"({"callRequest":{"endpoint":{"type":"WEBRTC","identity":"i"}},)"
                      R"("connectOnEarlyMedia":false,"ringbackGeneration":{"enabled":true},)"
                      R"("role":{"type":"ADVISOR","advise":["x"]}})")
                .status,
            200);
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
}

TEST(Validation, RefusesAMissingOrWrongKey) {
  Settings settings;
  settings.api_key = "right";
  ModelDriver driver(settings);
  EXPECT_EQ(driver.Get("/calls/1/calls").status, 401);
  Request request;
  request.method = "GET";
  request.target = "/calls/1/calls";
  EXPECT_EQ(driver.model().HandleRequest(request, driver.now()).status, 401);
  request.authorization = "App right";
  EXPECT_EQ(driver.model().HandleRequest(request, driver.now()).status, 200);
  EXPECT_EQ(driver.world().journal.violations_seen, 2);
}

TEST(Validation, AnswersUnknownOperationsWith404AndRecordsThem) {
  ModelDriver driver;
  EXPECT_EQ(driver.Post("/calls/1/applications", "{}").status, 404);
  EXPECT_EQ(driver.Post("/calls/1/dialogs", "{}").status, 404);
  EXPECT_EQ(driver.Send("DELETE", "/calls/1/calls").status, 404);
  EXPECT_EQ(driver.world().journal.violations_seen, 3);
  EXPECT_EQ(driver.world().journal.counts.at("unknown").at(404), 3);
}

TEST(Validation, AWrongStateIsNoViolation) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/answer", "{}").status, 400);
  EXPECT_EQ(driver.Post("/calls/1/calls/nobody/hangup", "{}").status, 404);
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
}

// docs/provider.md §1.4: whatever is wrong with it, such a request is not answered 400.
TEST(Validation, AnswersNo400WhereNoneIsDocumented) {
  Settings settings;
  for (const auto& [name, value] :
       {std::pair("ended-call", "400"), std::pair("ended-conference", "400"),
        std::pair("idle-stop-play", "refused")}) {
    ASSERT_TRUE(SetByName(SwitchRows(), settings.switches, name, value).ok());
  }
  ModelDriver driver(settings);
  const auto [joined, conference] = driver.JoinedCaller();
  const std::string of_call = "/calls/1/calls/" + joined;
  const std::string of_conference = "/calls/1/conferences/" + conference;
  // Nothing plays, and the call is answered already.
  EXPECT_EQ(driver.Post(of_conference + "/stop-play").status, 200);
  EXPECT_EQ(driver.Post(of_call + "/send-ringing").status, 404);
  // A body where none is taken.
  EXPECT_EQ(driver.Post(of_call + "/send-ringing", "[]").status, 404);
  EXPECT_EQ(driver.Post(of_conference + "/stop-play", "{}").status, 404);
  EXPECT_EQ(driver.Post(of_conference + "/hangup", "text").status, 404);
  EXPECT_EQ(driver.world().journal.violations_seen, 3);
  // Over.
  EXPECT_EQ(driver.Post(of_conference + "/hangup", "{}").status, 200);
  EXPECT_EQ(driver.Post(of_conference + "/hangup").status, 404);
  EXPECT_EQ(driver.Post(of_conference + "/stop-play").status, 404);
  EXPECT_EQ(driver.Send("DELETE", of_conference + "/call/" + joined).status, 404);
  EXPECT_EQ(driver.Post(of_call + "/send-ringing").status, 404);
  // Where one is documented the switches decide.
  EXPECT_EQ(driver.Post(of_call + "/hangup", "{}").status, 400);
  EXPECT_EQ(driver.Send("PUT", of_conference + "/call/" + joined).status, 400);
}

TEST(Validation, NeedsJsonAsContentType) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  Request request;
  request.method = "POST";
  request.target = "/calls/1/calls/" + call + "/hangup";
  request.authorization = "App key";
  request.body = "{}";
  request.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(driver.model().HandleRequest(request, driver.now()).status, 400);
  EXPECT_EQ(driver.world().journal.violations_seen, 1);
}

}  // namespace
}  // namespace callbridge::simulator
