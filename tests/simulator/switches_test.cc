// Each switch in each position, and what is seen of it from outside. A probe tells in words what it
// saw.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::seconds;
using Probe = std::function<std::string(ModelDriver&)>;

struct SwitchCase {
  std::string name;
  std::string value;
  Probe probe;
  std::string seen;
};

std::string CallPath(const std::string& call, const std::string& action = "") {
  return "/calls/1/calls/" + call + action;
}

std::string ConferencePath(const std::string& conference, const std::string& action = "") {
  return "/calls/1/conferences/" + conference + action;
}

const char* const kPlayBody = R"({"content":{"type":"FILE","fileId":"f"},"loopCount":9})";
const char* const kSayInConference = R"({"text":"hello","language":"en"})";
const char* const kSayBody = R"({"text":"hello","language":"en","customData":{"media":"1"}})";

// The webhooks after the deed, in order.
std::string TypesAfter(ModelDriver& driver, const std::function<void()>& deed) {
  driver.Run(seconds(1));
  driver.ForgetEvents();
  deed();
  driver.Run(seconds(1));
  return driver.Types();
}

std::string Status(const Response& response) { return std::to_string(response.status); }

// Who stops the music: "call", "conference", "both".
std::string ProbeScope(ModelDriver& driver) {
  const auto [call, conference] = driver.JoinedCaller();
  driver.Post(CallPath(call, "/play"), kPlayBody);
  driver.Post(CallPath(call, "/stop-play"), "{}");
  const bool by_call = driver.CallOf(call).sounds.empty();
  if (by_call) driver.Post(CallPath(call, "/play"), kPlayBody);
  driver.Post(ConferencePath(conference, "/stop-play"));
  const bool by_conference = driver.CallOf(call).sounds.empty();
  return std::string(by_call ? "call " : "") + (by_conference ? "conference" : "");
}

std::string ProbeStopSay(ModelDriver& driver) {
  const std::string call = driver.Answered();
  driver.Post(CallPath(call, "/say"), kSayBody);
  driver.Post(CallPath(call, "/stop-play"), "{}");
  return driver.CallOf(call).sounds.empty() ? "stopped" : "goes on";
}

std::string ProbeIdleStop(ModelDriver& driver) {
  const std::string call = driver.Answered();
  std::string status;
  const std::string types =
      TypesAfter(driver, [&] { status = Status(driver.Post(CallPath(call, "/stop-play"), "{}")); });
  return status + " " + types;
}

std::string ProbeInterrupted(ModelDriver& driver) {
  const std::string call = driver.Answered();
  driver.Post(CallPath(call, "/play"), kPlayBody);
  return TypesAfter(driver, [&] { driver.Post(CallPath(call, "/stop-play"), "{}"); });
}

std::string ProbeFinishedOnHangup(ModelDriver& driver) {
  const std::string call = driver.Answered();
  driver.Post(CallPath(call, "/play"), kPlayBody);
  return TypesAfter(driver, [&] { driver.Post(CallPath(call, "/hangup"), "{}"); });
}

std::string ProbeOverlap(ModelDriver& driver) {
  const std::string call = driver.Answered();
  driver.Post(CallPath(call, "/play"), kPlayBody);
  std::string status;
  const std::string types =
      TypesAfter(driver, [&] { status = Status(driver.Post(CallPath(call, "/say"), kSayBody)); });
  EXPECT_EQ(driver.world().journal.overlaps, 1);
  return status + " " + types + (driver.CallOf(call).sounds.size() > 1 ? "waits" : "");
}

std::string ProbeTooEarly(ModelDriver& driver) {
  const std::string call = driver.Incoming();
  std::string status;
  const std::string types =
      TypesAfter(driver, [&] { status = Status(driver.Post(CallPath(call, "/say"), kSayBody)); });
  return status + " " + types;
}

std::string ProbeFinishedCustomData(ModelDriver& driver) {
  driver.Post(CallPath(driver.Answered(), "/say"), kSayBody);
  driver.Run(seconds(2));
  return At(driver.Last("SAY_FINISHED").body, "/properties/customData/media");
}

std::string ProbeConferenceSound(ModelDriver& driver) {
  const auto [call, conference] = driver.JoinedCaller();
  driver.Post(ConferencePath(conference, "/say"), kSayInConference);
  driver.Run(seconds(2));
  return driver.Last("SAY_FINISHED").call_id == call ? "callId" : "no callId";
}

std::string ProbeEndedCall(ModelDriver& driver) {
  const std::string call = driver.Answered();
  driver.Post(CallPath(call, "/hangup"), "{}");
  return Status(driver.Post(CallPath(call, "/say"), kSayBody));
}

std::string ProbeEndedConference(ModelDriver& driver) {
  const std::string conference = driver.Conference();
  driver.Post(ConferencePath(conference, "/hangup"));
  // Its hangup documents no 400, so that it is no probe.
  return Status(driver.Post(ConferencePath(conference, "/say"), kSayInConference));
}

std::string ProbeGetEnded(ModelDriver& driver) {
  const std::string call = driver.Answered();
  driver.Post(CallPath(call, "/hangup"), "{}");
  return Status(driver.Get(CallPath(call)));
}

std::string ProbeHistoryOfLive(ModelDriver& driver) {
  const std::string call = driver.Answered();
  return Status(driver.Get(CallPath(call, "/history"))) + " " +
         At(driver.Get("/calls/1/calls/history").body, "/paging/totalResults");
}

std::string ProbeSecondAnswer(ModelDriver& driver) {
  return Status(driver.Post(CallPath(driver.Answered(), "/answer"), "{}"));
}

std::string ProbeSecondAdd(ModelDriver& driver) {
  const auto [call, conference] = driver.JoinedCaller();
  return Status(driver.Send("PUT", ConferencePath(conference, "/call/" + call)));
}

std::string ProbeAddEarly(ModelDriver& driver) {
  const std::string call = driver.Incoming();
  driver.Post(CallPath(call, "/answer"), "{}");
  return Status(driver.Send("PUT", ConferencePath(driver.Conference(), "/call/" + call)));
}

std::string ProbeCustomData(ModelDriver& driver) {
  const std::string call = driver.Incoming();
  driver.Post(CallPath(call, "/answer"), R"({"customData":{"leg":"caller","media":"0"}})");
  driver.Run(seconds(1));
  driver.Post(CallPath(call, "/say"), kSayBody);
  return At(driver.Get(CallPath(call)).body, "/customData");
}

std::string ProbeActionStatus(ModelDriver& driver) {
  return At(driver.Post(CallPath(driver.Answered(), "/say"), kSayBody).body, "/status");
}

std::string ProbePostAdds(ModelDriver& driver) {
  const std::string call = driver.Answered();
  return Status(driver.Post(ConferencePath(driver.Conference(), "/call/" + call)));
}

std::string ProbePlus(ModelDriver& driver) {
  return Status(driver.Post(
      ConferencePath(driver.Conference(), "/call"),
      R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"+447700900456"}}})"));
}

std::string ProbeListOrder(ModelDriver& driver) {
  const std::string first = driver.Incoming();
  driver.Incoming();
  return At(driver.Get("/calls/1/calls").body, "/results/0/id") == first ? "oldest" : "newest";
}

std::string ProbeThrottles(ModelDriver& driver) {
  const std::string conference = driver.Conference();
  for (int dial = 0; dial < 6; ++dial) driver.Dial(conference);
  const Response seventh =
      driver.Post(ConferencePath(conference, "/call"),
                  R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"}}})");
  driver.Run(seconds(1));
  driver.Dial(conference);
  return Status(seventh);
}

std::string ProbeApplications(ModelDriver& driver) {
  return Status(driver.Get("/calls/1/applications"));
}

std::string ProbeMissingFile(ModelDriver& driver) {
  const std::string call = driver.Answered();
  std::string status;
  const std::string types =
      TypesAfter(driver, [&] { status = Status(driver.Post(CallPath(call, "/play"), kPlayBody)); });
  return status + " " + types + (driver.CallOf(call).sounds.empty() ? "" : "plays");
}

std::string ProbeBaseUrl(ModelDriver& driver) {
  driver.Incoming();
  driver.Run(seconds(1));
  return At(driver.Last("CALL_RECEIVED").body, "/properties/apiBaseUrl");
}

std::string ProbeSticky(ModelDriver& driver) {
  const std::string call = driver.Incoming();
  Request request;
  request.method = "GET";
  request.target = CallPath(call);
  request.authorization = "App key";
  request.host = "127.0.0.1:4000";
  EXPECT_EQ(driver.model().HandleRequest(request, driver.now()).status, 200);
  request.host = "127.0.0.1:4001";
  return Status(driver.model().HandleRequest(request, driver.now()));
}

std::string ProbeRinging(ModelDriver& driver) {
  const std::string conference = driver.Conference();
  const std::string call = driver.Dial(conference);
  driver.Run(seconds(1));
  return At(driver.Get(ConferencePath(conference)).body, "/participants/0/state") + " " +
         (At(driver.Get(CallPath(call)).body, "/conferenceId").empty() ? "no id" : "id") + " " +
         At(driver.Get("/calls/1/calls?conferenceId=" + conference).body, "/paging/totalResults");
}

std::string ProbeHangupOfRinging(ModelDriver& driver) {
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string callee = driver.Dial(conference);
  driver.Run(seconds(2));
  driver.Post(ConferencePath(conference, "/hangup"));
  driver.Run(seconds(10));
  EXPECT_TRUE(driver.CallOf(caller).ended());
  return driver.CallOf(callee).ended() ? "ended" : "lives on";
}

std::string ProbeFailure(ModelDriver& driver) {
  const std::string conference = driver.JoinedCaller().second;
  return TypesAfter(driver, [&] {
    driver.Dial(conference, "447700900101");
    driver.Run(seconds(2));
  });
}

std::string ProbeAnswer(ModelDriver& driver) {
  const std::string conference = driver.JoinedCaller().second;
  return TypesAfter(driver, [&] {
    driver.Dial(conference);
    driver.Run(seconds(3));
  });
}

std::string ProbePersonLeaves(ModelDriver& driver) {
  const std::string caller = driver.JoinedCaller().first;
  return TypesAfter(driver,
                    [&] { EXPECT_TRUE(driver.model().PersonHangsUp(caller, driver.now()).ok()); });
}

std::string ProbeConferenceHangup(ModelDriver& driver) {
  const std::string conference = driver.JoinedCaller().second;
  return TypesAfter(driver, [&] { driver.Post(ConferencePath(conference, "/hangup")); });
}

std::string ProbeLonely(ModelDriver& driver) {
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string callee = driver.Dial(conference);
  driver.Run(seconds(5));
  EXPECT_TRUE(driver.model().PersonHangsUp(callee, driver.now()).ok());
  driver.Run(seconds(1));
  return driver.CallOf(caller).ended() ? "ends" : "stays";
}

std::string ProbeFailedState(ModelDriver& driver) {
  ProbeFailure(driver);
  return At(driver.Last("CALL_FAILED").body, "/properties/callLog/state");
}

std::string ProbeReceivedState(ModelDriver& driver) {
  driver.Incoming();
  driver.Run(seconds(1));
  return At(driver.Last("CALL_RECEIVED").body, "/properties/call/state");
}

std::string ProbeCallEvents(ModelDriver& driver) {
  const auto [caller, conference] = driver.JoinedCaller();
  driver.Post(CallPath(caller, "/say"), kSayBody);
  driver.Run(seconds(2));
  return At(driver.Last("SAY_FINISHED").body, "/conferenceId") == conference ? "named" : "absent";
}

std::string ProbeUnknownConfiguration(ModelDriver& driver) {
  const Response created =
      driver.Post("/calls/1/conferences", R"({"callsConfigurationId":"other"})");
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
  if (created.status != 201) return Status(created);
  driver.Dial(At(created.body, "/id"));
  driver.Run(seconds(1));
  return "201 " + At(driver.Last("CALL_FAILED").body, "/properties/callLog/errorCode/id");
}

std::string ProbeFailedLegConferences(ModelDriver& driver) {
  ProbeFailure(driver);
  const std::string body = driver.Last("CALL_FAILED").body;
  if (!At(body, "/properties/callLog/conferenceIds/0").empty()) return "named";
  return At(body, "/properties/callLog/conferenceIds");
}

std::string ProbeAnswerParticipants(ModelDriver& driver) {
  const auto [caller, conference] = driver.JoinedCaller();
  const std::string dialled =
      driver
          .Post(ConferencePath(conference, "/call"),
                R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"}}})")
          .body;
  // A look shows them in either position.
  EXPECT_EQ(At(driver.Get(ConferencePath(conference)).body, "/participants/0/callId"), caller);
  return At(dialled, "/conference/participants/0/callId") == caller ? "full" : "empty";
}

std::string ProbeAbandoned(ModelDriver& driver) {
  const std::string caller = driver.Incoming();
  EXPECT_TRUE(driver.model().PersonHangsUp(caller, driver.now()).ok());
  driver.Run(seconds(1));
  const std::string body = driver.Last("CALL_FAILED").body;
  return At(body, "/properties/callLog/state") + " " +
         At(body, "/properties/callLog/errorCode/name");
}

std::string ProbeThrottleBody(ModelDriver& driver) {
  EXPECT_TRUE(driver.model().SetFault("throttled", "1").ok());
  const Response throttled = driver.Get("/calls/1/calls");
  EXPECT_EQ(throttled.status, 429);
  return At(throttled.body, "/errorCode") +
         At(throttled.body, "/requestError/serviceException/messageId");
}

std::string ProbeSayLimit(ModelDriver& driver) {
  const std::string call = driver.Answered();
  const auto say = [&](std::size_t characters) {
    std::string text;
    for (std::size_t count = 0; count < characters; ++count) text += "\u00e4";
    return Status(
        driver.Post(CallPath(call, "/say"), R"({"language":"de","text":")" + text + "\"}"));
  };
  return say(1'400) + " " + say(1'401);
}

const char* const kAnswered =
    "CALL_STARTED PARTICIPANT_JOINING CALL_RINGING CALL_ESTABLISHED PARTICIPANT_JOINED";

std::vector<SwitchCase> SoundCases() {
  return {
      {"stop-play-scope", "call", ProbeScope, "call "},
      {"stop-play-scope", "conference", ProbeScope, "conference"},
      {"stop-play-scope", "both", ProbeScope, "call conference"},
      {"stop-play-stops-say", "yes", ProbeStopSay, "stopped"},
      {"stop-play-stops-say", "no", ProbeStopSay, "goes on"},
      {"idle-stop-play", "silent", ProbeIdleStop, "200 "},
      {"idle-stop-play", "refused", ProbeIdleStop, "400 "},
      {"idle-stop-play", "event", ProbeIdleStop, "200 PLAY_FINISHED"},
      {"interrupted-sound-finishes", "yes", ProbeInterrupted, "PLAY_FINISHED"},
      {"interrupted-sound-finishes", "no", ProbeInterrupted, ""},
      {"finished-on-hangup", "no", ProbeFinishedOnHangup, "CALL_FINISHED"},
      {"finished-on-hangup", "yes", ProbeFinishedOnHangup, "PLAY_FINISHED CALL_FINISHED"},
      {"overlap", "queue", ProbeOverlap, "200 waits"},
      {"overlap", "replace", ProbeOverlap, "200 PLAY_FINISHED SAY_FINISHED"},
      {"overlap", "refuse", ProbeOverlap, "400 "},
      {"overlap", "error", ProbeOverlap, "200 ERROR"},
      {"say-too-early", "error", ProbeTooEarly, "200 ERROR"},
      {"say-too-early", "refused", ProbeTooEarly, "400 "},
      {"finished-custom-data", "call", ProbeFinishedCustomData, "1"},
      {"finished-custom-data", "absent", ProbeFinishedCustomData, ""},
      {"conference-sound", "once", ProbeConferenceSound, "no callId"},
      {"conference-sound", "each", ProbeConferenceSound, "callId"},
  };
}

std::vector<SwitchCase> RequestCases() {
  return {
      {"ended-call", "404", ProbeEndedCall, "404"},
      {"ended-call", "400", ProbeEndedCall, "400"},
      {"ended-conference", "404", ProbeEndedConference, "404"},
      {"ended-conference", "400", ProbeEndedConference, "400"},
      {"get-finds-ended", "no", ProbeGetEnded, "404"},
      {"get-finds-ended", "yes", ProbeGetEnded, "200"},
      {"history-has-live", "no", ProbeHistoryOfLive, "404 0"},
      {"history-has-live", "yes", ProbeHistoryOfLive, "200 1"},
      {"second-answer", "400", ProbeSecondAnswer, "400"},
      {"second-answer", "200", ProbeSecondAnswer, "200"},
      {"second-add", "400", ProbeSecondAdd, "400"},
      {"second-add", "200", ProbeSecondAdd, "200"},
      {"add-before-established", "waits", ProbeAddEarly, "200"},
      {"add-before-established", "400", ProbeAddEarly, "400"},
      {"custom-data", "merge", ProbeCustomData, R"({"leg":"caller","media":"1"})"},
      {"custom-data", "replace", ProbeCustomData, R"({"media":"1"})"},
      {"action-status", "IN_PROGRESS", ProbeActionStatus, "IN_PROGRESS"},
      {"action-status", "PENDING", ProbeActionStatus, "PENDING"},
      {"action-status", "COMPLETED", ProbeActionStatus, "COMPLETED"},
      {"post-adds-call", "no", ProbePostAdds, "404"},
      {"post-adds-call", "yes", ProbePostAdds, "200"},
      {"plus-in-numbers", "no", ProbePlus, "400"},
      {"plus-in-numbers", "yes", ProbePlus, "200"},
      {"list-order", "newest-first", ProbeListOrder, "newest"},
      {"list-order", "oldest-first", ProbeListOrder, "oldest"},
      {"throttles", "no", ProbeThrottles, "200"},
      {"throttles", "yes", ProbeThrottles, "429"},
      {"legacy-applications", "404", ProbeApplications, "404"},
      {"legacy-applications", "on", ProbeApplications, "200"},
      {"missing-file", "plays", ProbeMissingFile, "200 plays"},
      {"missing-file", "404", ProbeMissingFile, "404 "},
      {"missing-file", "400", ProbeMissingFile, "400 "},
      {"missing-file", "error", ProbeMissingFile, "200 ERROR"},
      {"api-base-url", "full", ProbeBaseUrl, "http://127.0.0.1:4000"},
      {"api-base-url", "slash", ProbeBaseUrl, "http://127.0.0.1:4000/"},
      {"api-base-url", "host", ProbeBaseUrl, "127.0.0.1:4000"},
      {"api-base-url", "absent", ProbeBaseUrl, ""},
      {"sticky-base-url", "no", ProbeSticky, "200"},
      {"sticky-base-url", "yes", ProbeSticky, "404"},
      {"unknown-configuration", "404", ProbeUnknownConfiguration, "404"},
      {"unknown-configuration", "10309", ProbeUnknownConfiguration, "201 10309"},
      {"answer-participants", "empty", ProbeAnswerParticipants, "empty"},
      {"answer-participants", "full", ProbeAnswerParticipants, "full"},
      {"throttle-body", "new", ProbeThrottleBody, "E429"},
      {"throttle-body", "old", ProbeThrottleBody, "TOO_MANY_REQUESTS"},
      {"say-limit", "none", ProbeSayLimit, "200 200"},
      {"say-limit", "1400", ProbeSayLimit, "200 400"},
  };
}

std::vector<SwitchCase> EventCases() {
  const std::string failed = "CALL_STARTED PARTICIPANT_JOINING ";
  return {
      {"ringing-in-conference", "yes", ProbeRinging, "JOINING id 1"},
      {"ringing-in-conference", "no", ProbeRinging, " no id 0"},
      {"conference-hangup-reaches-ringing", "yes", ProbeHangupOfRinging, "ended"},
      {"conference-hangup-reaches-ringing", "no", ProbeHangupOfRinging, "lives on"},
      {"join-failed-order", "join-failed-first", ProbeFailure,
       failed + "PARTICIPANT_JOIN_FAILED CALL_FAILED"},
      {"join-failed-order", "call-failed-first", ProbeFailure,
       failed + "CALL_FAILED PARTICIPANT_JOIN_FAILED"},
      {"join-failed-sent", "yes", ProbeFailure, failed + "PARTICIPANT_JOIN_FAILED CALL_FAILED"},
      {"join-failed-sent", "no", ProbeFailure, failed + "CALL_FAILED"},
      {"call-failed-sent", "yes", ProbeFailure, failed + "PARTICIPANT_JOIN_FAILED CALL_FAILED"},
      {"call-failed-sent", "no", ProbeFailure, failed + "PARTICIPANT_JOIN_FAILED"},
      {"joining-sent", "yes", ProbeAnswer, kAnswered},
      {"joining-sent", "no", ProbeAnswer,
       "CALL_STARTED CALL_RINGING CALL_ESTABLISHED PARTICIPANT_JOINED"},
      {"ringing-sent", "yes", ProbeAnswer, kAnswered},
      {"ringing-sent", "no", ProbeAnswer,
       "CALL_STARTED PARTICIPANT_JOINING CALL_ESTABLISHED PARTICIPANT_JOINED"},
      {"removed-sent", "yes", ProbePersonLeaves,
       "CALL_FINISHED PARTICIPANT_REMOVED CONFERENCE_FINISHED"},
      {"removed-sent", "no", ProbePersonLeaves, "CALL_FINISHED CONFERENCE_FINISHED"},
      {"established-order", "established-first", ProbeAnswer, kAnswered},
      {"established-order", "joined-first", ProbeAnswer,
       "CALL_STARTED PARTICIPANT_JOINING CALL_RINGING PARTICIPANT_JOINED CALL_ESTABLISHED"},
      {"finished-order", "by-cause", ProbeConferenceHangup,
       "PARTICIPANT_REMOVED CALL_FINISHED CONFERENCE_FINISHED"},
      {"finished-order", "finished-first", ProbeConferenceHangup,
       "CALL_FINISHED PARTICIPANT_REMOVED CONFERENCE_FINISHED"},
      {"finished-order", "removed-first", ProbePersonLeaves,
       "PARTICIPANT_REMOVED CALL_FINISHED CONFERENCE_FINISHED"},
      {"conference-finished-first", "no", ProbeConferenceHangup,
       "PARTICIPANT_REMOVED CALL_FINISHED CONFERENCE_FINISHED"},
      {"conference-finished-first", "yes", ProbeConferenceHangup,
       "CONFERENCE_FINISHED PARTICIPANT_REMOVED CALL_FINISHED"},
      {"last-participant-left", "ends", ProbePersonLeaves,
       "CALL_FINISHED PARTICIPANT_REMOVED CONFERENCE_FINISHED"},
      {"last-participant-left", "stays", ProbePersonLeaves, "CALL_FINISHED PARTICIPANT_REMOVED"},
      {"lone-participant", "stays", ProbeLonely, "stays"},
      {"lone-participant", "ends", ProbeLonely, "ends"},
      {"early-media", "no", ProbeAnswer, kAnswered},
      {"early-media", "yes", ProbeAnswer,
       "CALL_STARTED PARTICIPANT_JOINING CALL_RINGING CALL_PRE_ESTABLISHED CALL_ESTABLISHED "
       "PARTICIPANT_JOINED"},
      {"failed-state", "precise", ProbeFailedState, "BUSY"},
      {"failed-state", "failed", ProbeFailedState, "FAILED"},
      {"received-state", "RINGING", ProbeReceivedState, "RINGING"},
      {"received-state", "CALLING", ProbeReceivedState, "CALLING"},
      {"call-events-name-conference", "no", ProbeCallEvents, "absent"},
      {"call-events-name-conference", "yes", ProbeCallEvents, "named"},
      {"failed-leg-conference-ids", "absent", ProbeFailedLegConferences, ""},
      {"failed-leg-conference-ids", "empty", ProbeFailedLegConferences, "[]"},
      {"failed-leg-conference-ids", "present", ProbeFailedLegConferences, "named"},
      {"abandoned-state", "NO_ANSWER", ProbeAbandoned, "NO_ANSWER CANCELLED"},
      {"abandoned-state", "CANCELLED", ProbeAbandoned, "CANCELLED CANCELLED"},
  };
}

std::vector<SwitchCase> AllCases() {
  std::vector<SwitchCase> all = SoundCases();
  for (const auto& more : {RequestCases(), EventCases()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string NameOfSwitchCase(const testing::TestParamInfo<SwitchCase>& info) {
  std::string name;
  for (const char character : info.param.name + "_is_" + info.param.value) {
    name += std::isalnum(static_cast<unsigned char>(character)) != 0 ? character : '_';
  }
  return name;
}

class EachSwitch : public testing::TestWithParam<SwitchCase> {};

TEST_P(EachSwitch, ShowsItsPosition) {
  const SwitchCase& given = GetParam();
  Settings settings;
  settings.api_base_url = "http://127.0.0.1:4000";
  ASSERT_TRUE(SetByName(SwitchRows(), settings.switches, given.name, given.value).ok());
  ModelDriver driver(settings);
  EXPECT_EQ(given.probe(driver), given.seen);
}

INSTANTIATE_TEST_SUITE_P(All, EachSwitch, testing::ValuesIn(AllCases()), NameOfSwitchCase);

TEST(Switches, EachPositionOfEachSwitchIsTested) {
  std::set<std::string> tested;
  for (const SwitchCase& given : AllCases()) tested.insert(given.name + "=" + given.value);
  for (const auto& row : SwitchRows()) {
    for (const std::string& choice : row.choices) {
      EXPECT_TRUE(tested.contains(row.name + "=" + choice)) << row.name << "=" << choice;
    }
  }
}

}  // namespace
}  // namespace callbridge::simulator
