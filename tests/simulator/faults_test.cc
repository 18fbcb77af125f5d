// Each fault alone, always striking, and what is seen of it; and that what is true of the calls
// stays the same.
#include <gtest/gtest.h>

#include <string>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ModelDriver WithFaults(std::initializer_list<std::pair<const char*, const char*>> faults) {
  ModelDriver driver;
  for (const auto& [name, value] : faults) {
    EXPECT_TRUE(driver.model().SetFault(name, value).ok()) << name;
  }
  return driver;
}

std::string Say(const std::string& call) { return "/calls/1/calls/" + call + "/say"; }
const char* const kText = R"({"text":"hello","language":"en"})";

TEST(Faults, DuplicateDeliversTheSameBytesTwice) {
  ModelDriver driver = WithFaults({{"duplicate", "1"}, {"duplicate-after", "300ms"}});
  driver.Incoming();
  driver.Run(seconds(1));
  ASSERT_EQ(driver.CountOf("CALL_RECEIVED"), 2U);
  EXPECT_EQ(driver.events()[0].body, driver.events()[1].body);
  EXPECT_EQ(driver.events()[1].due - driver.events()[0].due, base::Duration(milliseconds(300)));
}

TEST(Faults, DelayDeliversLate) {
  ModelDriver driver = WithFaults({{"delay", "1"}, {"delay-by", "10s"}});
  for (int call = 0; call < 20; ++call) driver.Incoming();
  driver.Run(seconds(1));
  EXPECT_LT(driver.events().size(), 20U);
  driver.Run(seconds(10));
  EXPECT_EQ(driver.CountOf("CALL_RECEIVED"), 20U);
}

TEST(Faults, ReorderLetsTheNextEventOvertake) {
  ModelDriver driver = WithFaults({{"reorder", "1"}});
  const std::string conference = driver.Conference();
  driver.Dial(conference);
  driver.Run(milliseconds(900));
  EXPECT_EQ(driver.Types(), "CALL_STARTED CONFERENCE_CREATED");
  // Nobody overtakes the third one, which leaves after a second.
  driver.Run(milliseconds(600));
  EXPECT_EQ(driver.Types(), "CALL_STARTED CONFERENCE_CREATED PARTICIPANT_JOINING CALL_RINGING");
}

TEST(Faults, DropLosesByChanceTypeNumberAndFromANumberOn) {
  ModelDriver all = WithFaults({{"drop", "1"}});
  all.JoinedCaller();
  EXPECT_EQ(all.events().size(), 0U);
  EXPECT_GT(all.world().outbox.counts().dropped, 3);
  ModelDriver types = WithFaults({{"drop-types", "CALL_ESTABLISHED,PARTICIPANT_JOINING"}});
  types.JoinedCaller();
  EXPECT_EQ(types.Types(), "CALL_RECEIVED CONFERENCE_CREATED PARTICIPANT_JOINED");
  ModelDriver number = WithFaults({{"drop-number", "2"}});
  number.JoinedCaller();
  EXPECT_EQ(number.Types(),
            "CALL_RECEIVED CONFERENCE_CREATED PARTICIPANT_JOINING PARTICIPANT_JOINED");
  ModelDriver from = WithFaults({{"drop-from", "3"}});
  from.JoinedCaller();
  EXPECT_EQ(from.Types(), "CALL_RECEIVED CALL_ESTABLISHED");
}

TEST(Faults, MissingFinishedLosesOnlyTheEndOfSounds) {
  ModelDriver driver = WithFaults({{"missing-finished", "1"}});
  const std::string call = driver.Answered();
  driver.Post(Say(call), kText);
  driver.Run(seconds(3));
  EXPECT_EQ(driver.Types(), "CALL_RECEIVED CALL_ESTABLISHED");
  EXPECT_TRUE(driver.CallOf(call).sounds.empty());
}

TEST(Faults, DisguisesTheBodiesOfEventsAndResponses) {
  ModelDriver unknown = WithFaults({{"unknown-event", "1"}, {"unknown-field", "1"}});
  unknown.Incoming();
  unknown.Run(seconds(1));
  EXPECT_EQ(unknown.Types(), "CALL_RECEIVED CALL_OF_THE_FUTURE");
  EXPECT_NE(At(unknown.events()[0].body, "/fieldOfTheFuture"), "");
  ModelDriver nulls = WithFaults({{"null-fields", "1"}});
  const std::string call = nulls.Incoming();
  nulls.Run(seconds(1));
  EXPECT_EQ(At(nulls.Last("CALL_RECEIVED").body, "/conferenceId"), "null");
  EXPECT_EQ(At(nulls.Get("/calls/1/calls/" + call).body, "/answerTime"), "null");
  ModelDriver zulu = WithFaults({{"zulu-times", "1"}});
  zulu.Incoming();
  zulu.Run(seconds(1));
  EXPECT_EQ(At(zulu.Last("CALL_RECEIVED").body, "/timestamp"), "2026-01-15T12:00:00.000Z");
  ModelDriver colon = WithFaults({{"colon-times", "1"}});
  colon.Incoming();
  colon.Run(seconds(1));
  EXPECT_EQ(At(colon.Last("CALL_RECEIVED").body, "/timestamp"), "2026-01-15T12:00:00.000+00:00");
  ModelDriver array = WithFaults({{"array", "1"}, {"duplicate", "1"}});
  array.Incoming();
  array.Run(seconds(1));
  ASSERT_EQ(array.events().size(), 1U);
  EXPECT_EQ(At(array.events()[0].body, "/1/type"), "CALL_RECEIVED");
}

struct RequestCase {
  const char* fault;
  int status;
  bool reset;
  bool effect;
};

class RequestFault : public testing::TestWithParam<RequestCase> {};

TEST_P(RequestFault, StrikesBeforeOrAfterTheEffect) {
  const RequestCase& given = GetParam();
  ModelDriver driver = WithFaults({{"operations", "dial"}, {"times", "1"}, {given.fault, "1"}});
  const std::string conference = driver.Conference();
  const std::string path = "/calls/1/conferences/" + conference + "/call";
  const char* body =
      R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":"447700900456"}}})";
  const Response struck = driver.Post(path, body);
  EXPECT_EQ(struck.reset, given.reset);
  if (!given.reset) {
    EXPECT_EQ(struck.status, given.status);
  }
  EXPECT_EQ(driver.world().calls.things().size(), given.effect ? 1U : 0U);
  EXPECT_EQ(driver.Post(path, body).status, 200) << "it strikes once only";
  EXPECT_EQ(driver.world().journal.requests.at(1).fault, given.fault);
}

INSTANTIATE_TEST_SUITE_P(All, RequestFault,
                         testing::Values(RequestCase{"throttled", 429, false, false},
                                         RequestCase{"error-before", 500, false, false},
                                         RequestCase{"error-after", 500, false, true},
                                         RequestCase{"reset-before", 0, true, false},
                                         RequestCase{"reset-after", 0, true, true},
                                         RequestCase{"slow-response", 200, false, true},
                                         RequestCase{"event-before-response", 200, false, true}));

TEST(Faults, ThrottledSaysWhenToComeBackIfAsked) {
  ModelDriver driver = WithFaults({{"throttled", "1"}});
  EXPECT_FALSE(driver.Get("/calls/1/calls").retry_after);
  ASSERT_TRUE(driver.model().SetFault("retry-after", "7").ok());
  const Response throttled = driver.Get("/calls/1/calls");
  EXPECT_EQ(throttled.retry_after, 7);
  EXPECT_EQ(At(throttled.body, "/errorCode"), "E429");
}

TEST(Faults, EventLeavesBeforeTheResponse) {
  ModelDriver driver = WithFaults({{"event-before-response", "1"}});
  const Response created =
      driver.Post("/calls/1/conferences", R"({"callsConfigurationId":"callbridge"})");
  EXPECT_GT(driver.now() + created.delay, *driver.model().NextTime());
  ModelDriver slow = WithFaults({{"slow-response", "1"}, {"slow-response-by", "4s"}});
  EXPECT_EQ(slow.Get("/calls/1/calls").delay, base::Duration(seconds(4)));
}

TEST(Faults, ActionFailedHasNoEffectAndSparesLooks) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  ASSERT_TRUE(driver.model().SetFault("action-failed", "1").ok());
  EXPECT_EQ(driver.Get("/calls/1/calls").body.find("FAILED"), std::string::npos);
  EXPECT_EQ(At(driver.Post(Say(call), kText).body, "/status"), "FAILED");
  EXPECT_TRUE(driver.CallOf(call).sounds.empty());
}

TEST(Faults, SoundErrorIsReportedWithItsAction) {
  ModelDriver driver = WithFaults({{"sound-error", "1"}});
  const std::string call = driver.Answered();
  EXPECT_EQ(driver.Post(Say(call), kText).status, 200);
  driver.Run(seconds(3));
  EXPECT_EQ(At(driver.Last("ERROR").body, "/properties/actionType"), "SAY");
  EXPECT_EQ(driver.CountOf("SAY_FINISHED"), 0U);
}

// docs/provider.md §1.3: what it is in truth does not change.
TEST(Faults, UnknownStateIsShownEverywhereAndTrueOfNothing) {
  ModelDriver driver = WithFaults({{"unknown-state", "1"}});
  const auto [call, conference] = driver.JoinedCaller();
  const auto is_unknown = [](const std::string& state) {
    return state == "DISCONNECTED" || state == "TRANSFERRING" || state == "UNKNOWN";
  };
  EXPECT_TRUE(is_unknown(At(driver.Last("CALL_ESTABLISHED").body, "/properties/call/state")));
  EXPECT_TRUE(
      is_unknown(At(driver.Last("PARTICIPANT_JOINED").body, "/properties/participant/state")));
  EXPECT_TRUE(is_unknown(At(driver.Get("/calls/1/calls/" + call).body, "/state")));
  EXPECT_TRUE(is_unknown(
      At(driver.Get("/calls/1/conferences/" + conference).body, "/participants/0/state")));
  EXPECT_TRUE(driver.CallOf(call).established());
  EXPECT_EQ(driver.Post("/calls/1/calls/" + call + "/hangup", "{}").status, 200);
  driver.Run(seconds(1));
  EXPECT_TRUE(is_unknown(At(driver.Last("CALL_FINISHED").body, "/properties/callLog/state")));
}

TEST(Faults, StaleReadShowsACallAsItWasTwoSecondsBefore) {
  ModelDriver driver = WithFaults({{"stale-read", "1"}});
  const std::string call = driver.Incoming();
  EXPECT_EQ(driver.Get("/calls/1/calls/" + call).status, 404);
  driver.Run(seconds(3));
  EXPECT_EQ(driver.Get("/calls/1/calls/" + call).status, 200);
}

TEST(Faults, NotFoundHidesWhatIsThere) {
  ModelDriver driver = WithFaults({{"not-found", "1"}});
  const std::string call = driver.Answered();
  const std::string conference = driver.Conference();
  EXPECT_EQ(driver.Get("/calls/1/calls/" + call).status, 404);
  EXPECT_EQ(driver.Get("/calls/1/conferences/" + conference).status, 404);
  EXPECT_NE(driver.Get("/calls/1/calls").body.find(call), std::string::npos);
}

TEST(Faults, StaleReadShowsAConferenceAsItWasTwoSecondsBefore) {
  ModelDriver driver = WithFaults({{"stale-conference-read", "1"}});
  const std::string call = driver.Answered();
  const std::string conference = driver.Conference();
  const std::string target = "/calls/1/conferences/" + conference;
  EXPECT_EQ(driver.Get(target).status, 404);
  driver.Run(seconds(3));
  EXPECT_EQ(driver.Send("PUT", target + "/call/" + call).status, 200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.Get(target).body.find("JOINED"), std::string::npos);
  driver.Run(seconds(3));
  EXPECT_EQ(At(driver.Get(target).body, "/participants/0/state"), "JOINED");
}

TEST(Faults, ListLagHidesWhatIsYoung) {
  ModelDriver driver = WithFaults({{"list-lag", "3s"}});
  driver.Incoming();
  EXPECT_EQ(At(driver.Get("/calls/1/calls").body, "/paging/totalResults"), "0");
  driver.Run(seconds(3));
  EXPECT_EQ(At(driver.Get("/calls/1/calls").body, "/paging/totalResults"), "1");
}

TEST(Faults, CanBeClearedAndAreCounted) {
  ModelDriver driver = WithFaults({{"error-before", "1"}});
  EXPECT_EQ(driver.Get("/calls/1/calls").status, 500);
  EXPECT_EQ(driver.world().journal.faults_struck, 1);
  driver.model().ClearFaults();
  EXPECT_EQ(driver.Get("/calls/1/calls").status, 200);
}

}  // namespace
}  // namespace callbridge::simulator
