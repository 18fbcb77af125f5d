// Calls as the Calls API describes them, with every switch in its default position and no faults.
#include <gtest/gtest.h>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Model, ReportsAnIncomingCallAndItsAnswer) {
  Settings settings;
  settings.api_base_url = "http://127.0.0.1:4000";
  ModelDriver driver(settings);
  const std::string call = driver.Incoming();
  driver.Run(seconds(1));
  const std::string received = driver.Last("CALL_RECEIVED").body;
  EXPECT_EQ(At(received, "/callId"), call);
  EXPECT_EQ(At(received, "/callsConfigurationId"), "callbridge");
  EXPECT_EQ(At(received, "/timestamp"), "2026-01-15T12:00:00.000+0000");
  EXPECT_EQ(At(received, "/properties/call/id"), call);
  EXPECT_EQ(At(received, "/properties/call/direction"), "INBOUND");
  EXPECT_EQ(At(received, "/properties/call/state"), "RINGING");
  EXPECT_EQ(At(received, "/properties/call/endpoint/phoneNumber"), kCaller);
  EXPECT_EQ(At(received, "/properties/call/to"), kDid);
  EXPECT_EQ(At(received, "/properties/apiBaseUrl"), "http://127.0.0.1:4000");
  const Response answered =
      driver.Post("/calls/1/calls/" + call + "/answer", R"({"customData":{"leg":"caller"}})");
  EXPECT_EQ(At(answered.body, "/status"), "IN_PROGRESS");
  driver.Run(seconds(1));
  const std::string established = driver.Last("CALL_ESTABLISHED").body;
  EXPECT_EQ(At(established, "/properties/call/state"), "ESTABLISHED");
  EXPECT_EQ(At(established, "/properties/call/customData/leg"), "caller");
  EXPECT_EQ(driver.Types(), "CALL_RECEIVED CALL_ESTABLISHED");
}

TEST(Model, EndsAnIncomingCallThatNobodyAnswers) {
  ModelDriver driver;
  driver.Incoming();
  driver.Run(seconds(61));
  EXPECT_EQ(At(driver.Last("CALL_FAILED").body, "/properties/callLog/errorCode/name"), "NO_ANSWER");
}

TEST(Model, EndsAnIncomingCallWhoseCallerGivesUpBeforeTheAnswer) {
  ModelDriver driver;
  IncomingCall incoming{std::string(kCaller), std::string(kDid), seconds(4), ""};
  const std::string call = driver.model().StartIncomingCall(incoming, driver.now());
  driver.Run(seconds(5));
  const std::string failed = driver.Last("CALL_FAILED").body;
  EXPECT_EQ(At(failed, "/properties/callLog/errorCode/name"), "CANCELLED");
  EXPECT_EQ(At(failed, "/properties/callLog/hangupSource"), "ENDPOINT");
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/answer", "{}").status, 404);
}

TEST(Model, JoinsACallThatIsStillBeingAnsweredWhenItIsEstablished) {
  ModelDriver driver;
  const std::string call = driver.Incoming();
  ASSERT_EQ(driver.Post("/calls/1/calls/" + call + "/answer", "{}").status, 200);
  const std::string conference = driver.Conference();
  ASSERT_EQ(driver.Send("PUT", "/calls/1/conferences/" + conference + "/call/" + call).status, 200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.Types(),
            "CALL_RECEIVED CONFERENCE_CREATED PARTICIPANT_JOINING CALL_ESTABLISHED "
            "PARTICIPANT_JOINED");
  const Response shown = driver.Get("/calls/1/conferences/" + conference);
  EXPECT_EQ(At(shown.body, "/participants/0/state"), "JOINED");
  EXPECT_EQ(At(driver.Get("/calls/1/calls/" + call).body, "/conferenceId"), conference);
}

TEST(Model, DialsACalleeWhoAnswers) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string callee = driver.Dial(conference);
  driver.Run(seconds(5));
  EXPECT_EQ(driver.Types(callee),
            "CALL_STARTED PARTICIPANT_JOINING CALL_RINGING CALL_ESTABLISHED PARTICIPANT_JOINED");
  EXPECT_EQ(At(driver.Last("CALL_STARTED").body, "/conferenceId"), conference);
  EXPECT_EQ(At(driver.Last("CALL_RINGING").body, "/properties/call/customData/leg"), "callee-1");
  EXPECT_EQ(At(driver.Last("PARTICIPANT_JOINED").body, "/properties/participant/callId"), callee);
}

struct EndCase {
  const char* script;
  const char* error;
  const char* state;
  const char* types;
};

class UnansweredDial : public testing::TestWithParam<EndCase> {};

TEST_P(UnansweredDial, FailsWithItsReason) {
  Settings settings;
  ASSERT_TRUE(settings.people.Set(kCallee, GetParam().script).ok());
  ModelDriver driver(settings);
  const std::string conference = driver.JoinedCaller().second;
  const std::string callee = driver.Dial(conference, kCallee, 10);
  driver.Run(seconds(15));
  EXPECT_EQ(driver.Types(callee), GetParam().types);
  const std::string failed = driver.Last("CALL_FAILED").body;
  EXPECT_EQ(At(failed, "/properties/callLog/errorCode/name"), GetParam().error);
  EXPECT_EQ(At(failed, "/properties/callLog/state"), GetParam().state);
  EXPECT_EQ(At(failed, "/properties/callLog/conferenceIds"), "");
  EXPECT_EQ(At(driver.Last("PARTICIPANT_JOIN_FAILED").body, "/properties/reason"),
            GetParam().error);
  EXPECT_EQ(driver.Get("/calls/1/calls/" + callee).status, 404);
  EXPECT_EQ(driver.Get("/calls/1/calls/" + callee + "/history").status, 200);
}

const char* const kWithRinging =
    "CALL_STARTED PARTICIPANT_JOINING CALL_RINGING PARTICIPANT_JOIN_FAILED CALL_FAILED";
const char* const kWithoutRinging =
    "CALL_STARTED PARTICIPANT_JOINING PARTICIPANT_JOIN_FAILED CALL_FAILED";

INSTANTIATE_TEST_SUITE_P(
    All, UnansweredDial,
    testing::Values(EndCase{"never-answers", "NO_ANSWER", "NO_ANSWER", kWithRinging},
                    EndCase{"answers:20", "NO_ANSWER", "NO_ANSWER", kWithRinging},
                    EndCase{"rejects:3", "REJECTED", "FAILED", kWithRinging},
                    EndCase{"busy", "BUSY", "BUSY", kWithoutRinging},
                    EndCase{"unreachable", "DESTINATION_UNAVAILABLE", "FAILED", kWithoutRinging},
                    EndCase{"fails:INSUFFICIENT_FUNDS", "INSUFFICIENT_FUNDS", "FAILED",
                            kWithoutRinging}));

TEST(Model, LetsAnAnswerWinThatComesAsTheTimeoutStrikes) {
  Settings settings;
  ASSERT_TRUE(settings.people.Set(kCallee, "answers-at-timeout").ok());
  ModelDriver driver(settings);
  const std::string callee = driver.Dial(driver.JoinedCaller().second, kCallee, 10);
  driver.Run(seconds(9) + milliseconds(998));
  EXPECT_FALSE(driver.CallOf(callee).established());
  driver.Run(milliseconds(1));
  EXPECT_TRUE(driver.CallOf(callee).established());
  driver.Run(seconds(5));
  EXPECT_EQ(driver.CountOf("CALL_FAILED"), 0U);
}

TEST(Model, AnswersADialAsTheScriptSays) {
  ModelDriver driver;
  const std::string conference = driver.JoinedCaller().second;
  const std::string body =
      R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900409"}}})";
  const Response refused = driver.Post("/calls/1/conferences/" + conference + "/call", body);
  EXPECT_EQ(refused.status, 403);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.CountOf("CALL_STARTED"), 0U);
}

TEST(Model, ScalesPeopleAndSpeechButNoTimeouts) {
  Settings settings;
  settings.speed = 10;
  ModelDriver driver(settings);
  const std::string conference = driver.JoinedCaller().second;
  const std::string quick = driver.Dial(conference);
  const std::string silent = driver.Dial(conference, "447700900103", 5);
  driver.Run(milliseconds(350));
  EXPECT_TRUE(driver.CallOf(quick).established());
  driver.Run(seconds(4));
  EXPECT_FALSE(driver.CallOf(silent).ended());
  driver.Run(seconds(1));
  EXPECT_TRUE(driver.CallOf(silent).ended());
}

struct HangupCase {
  const char* code;
  bool established;
  bool inbound;
  int status;
};

class HangupRule : public testing::TestWithParam<HangupCase> {};

TEST_P(HangupRule, DependsOnTheCallsState) {
  const HangupCase& given = GetParam();
  ModelDriver driver;
  std::string call;
  if (given.inbound) {
    call = given.established ? driver.Answered() : driver.Incoming();
  } else {
    call = driver.Dial(driver.Conference());
    driver.Run(given.established ? seconds(5) : seconds(2));
  }
  const Response hung_up = driver.Post("/calls/1/calls/" + call + "/hangup",
                                       R"({"errorCode":")" + std::string(given.code) + R"("})");
  EXPECT_EQ(hung_up.status, given.status);
  EXPECT_EQ(driver.CallOf(call).ended(), given.status == 200);
  if (given.status == 200) {
    EXPECT_EQ(driver.CallOf(call).error, given.code);
  }
}

INSTANTIATE_TEST_SUITE_P(All, HangupRule,
                         testing::Values(HangupCase{"NORMAL_HANGUP", true, true, 200},
                                         HangupCase{"NORMAL_HANGUP", false, true, 400},
                                         HangupCase{"MACHINE_DETECTED", true, false, 200},
                                         HangupCase{"MACHINE_DETECTED", true, true, 400},
                                         HangupCase{"REJECTED", false, true, 200},
                                         HangupCase{"REJECTED", true, true, 400},
                                         HangupCase{"CANCELLED", false, false, 200},
                                         HangupCase{"BUSY", true, false, 400},
                                         HangupCase{"REQUEST_TIMEOUT", true, true, 200}));

TEST(Model, HangsUpWithoutABodyByTheCallsState) {
  ModelDriver driver;
  const std::string established = driver.Answered();
  const std::string incoming = driver.Incoming();
  const std::string outgoing = driver.Dial(driver.Conference());
  for (const std::string& call : {established, incoming, outgoing}) {
    EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/hangup").status, 200);
  }
  EXPECT_EQ(driver.CallOf(established).error, "NORMAL_HANGUP");
  EXPECT_EQ(driver.CallOf(incoming).error, "REJECTED");
  EXPECT_EQ(driver.CallOf(outgoing).error, "CANCELLED");
}

TEST(Model, RingsAndPreAnswersAnIncomingCallOnly) {
  ModelDriver driver;
  const std::string call = driver.Incoming();
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/send-ringing").status, 200);
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/pre-answer", R"({"ringing":true})").status,
            200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.Types(), "CALL_RECEIVED CALL_PRE_ESTABLISHED");
  const std::string answered = driver.Answered();
  EXPECT_EQ(driver.Post("/calls/1/calls/" + answered + "/send-ringing").status, 404);
  const std::string outgoing = driver.Dial(driver.Conference());
  EXPECT_EQ(driver.Post("/calls/1/calls/" + outgoing + "/answer", "{}").status, 400);
}

TEST(Model, LosesAndRegainsAConnection) {
  Settings settings;
  ASSERT_TRUE(settings.people.Set(kCallee, "answers:1,disconnects:2,hangs-up:5,machine").ok());
  ModelDriver driver(settings);
  const std::string conference = driver.JoinedCaller().second;
  const Response dialled =
      driver.Post("/calls/1/conferences/" + conference + "/call",
                  R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"},)"
                  R"("machineDetection":{"enabled":true,"detectionTime":1}}})");
  driver.Run(seconds(10));
  EXPECT_EQ(driver.Types(At(dialled.body, "/call/id")),
            "CALL_STARTED PARTICIPANT_JOINING CALL_RINGING CALL_ESTABLISHED PARTICIPANT_JOINED "
            "MACHINE_DETECTION_FINISHED CALL_DISCONNECTED CALL_RECONNECTED CALL_FINISHED "
            "PARTICIPANT_REMOVED");
  EXPECT_EQ(At(driver.Last("MACHINE_DETECTION_FINISHED").body, "/properties/detectionResult"),
            "MACHINE");
}

TEST(Model, IsTheSameWorldForTheSameSeed) {
  std::string worlds[2];
  for (std::string& world : worlds) {
    Settings settings;
    settings.seed = 42;
    settings.faults.delay = 0.5;
    settings.faults.duplicate = 0.5;
    settings.faults.reorder = 0.5;
    ModelDriver driver(settings);
    driver.Dial(driver.JoinedCaller().second);
    driver.Run(minutes(2));
    for (const Delivery& event : driver.events()) world += event.body;
  }
  EXPECT_EQ(worlds[0], worlds[1]);
  EXPECT_GT(worlds[0].size(), 1'000U);
}

}  // namespace
}  // namespace callbridge::simulator
