// The simulator's documents, as history.
#include "tests/history/provider_journal.h"

#include <gmock/gmock.h>

#include "tests/history/requests.h"

namespace callbridge::history {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::chrono::seconds kNoon{1768478400};

TEST(ProviderJournal, ReadsRequestsWithTheirMarks) {
  History history;
  ASSERT_TRUE(ReadRequests(R"({"requests":[
    {"at":"2026-01-15T12:00:00.250+0000","operation":"dial","method":"POST",
     "target":"/calls/1/conferences/c1/call","status":201,"fault":"",
     "body":"{\"callRequest\":{\"customData\":{\"session\":\"s_1\",\"dial\":\"4\"}}}"},
    {"at":"2026-01-15T12:00:01.000+0000","operation":"say","method":"POST",
     "target":"/calls/1/calls/k1/say","status":0,"fault":"reset-after",
     "body":"{\"text\":\"x\",\"customData\":{\"media\":\"2\"}}"},
    {"at":"2026-01-15T12:00:02.000+0000","operation":"add-call","method":"PUT",
     "target":"/calls/1/conferences/c1/call/k2","status":429,"fault":"throttled","body":""},
    {"at":"2026-01-15T12:00:02.000+0000","operation":"list-call-history","method":"GET",
     "target":"/calls/1/calls/history?page=0","status":200,"fault":"","body":""}]})",
                           history)
                  .ok());
  ASSERT_THAT(history.requests, SizeIs(4));
  EXPECT_EQ(history.requests[0].at, base::Time(kNoon) + milliseconds(250));
  EXPECT_EQ(TagOf(history.requests[0].custom_data, "dial"), "4");
  EXPECT_EQ(history.requests[0].call_id, "");
  EXPECT_EQ(history.requests[1].call_id, "k1");
  EXPECT_EQ(TagOf(history.requests[1].custom_data, "media"), "2");
  EXPECT_EQ(TagOf(history.requests[1].custom_data, "dial"), "");
  EXPECT_FALSE(IsCertainlyNotDone(history.requests[1]));
  EXPECT_EQ(history.requests[2].call_id, "k2");
  EXPECT_TRUE(IsCertainlyNotDone(history.requests[2]));
  EXPECT_EQ(history.requests[3].call_id, "");
}

TEST(ProviderJournal, ReadsCallsAndConferences) {
  History history;
  ASSERT_TRUE(ReadState(R"({"calls":[
    {"id":"k1","direction":"INBOUND","to":"1","conferenceId":"c1","customData":{"session":"s_1"},
     "startTime":"2026-01-15T12:00:00.000+0000","alive":false,"timeline":[
       {"at":"2026-01-15T12:00:00.000+0000","text":"calls"},
       {"at":"2026-01-15T12:00:09.000+0000","text":"ends: NORMAL_HANGUP by API"}]},
    {"id":"k2","direction":"OUTBOUND","to":"2","startTime":"2026-01-15T12:00:00.000+0000",
     "alive":true,"timeline":[]}],
    "conferences":[{"id":"c1","name":"e2e/s_1","open":false},{"id":"c2","name":"","open":true}]})",
                        history)
                  .ok());
  ASSERT_THAT(history.calls, SizeIs(2));
  EXPECT_TRUE(history.calls[0].inbound);
  EXPECT_EQ(history.calls[0].end, base::Time(kNoon) + std::chrono::seconds(9));
  EXPECT_EQ(TagOf(history.calls[0].custom_data, "session"), "s_1");
  EXPECT_FALSE(history.calls[1].inbound);
  EXPECT_EQ(history.calls[1].end, std::nullopt);
  ASSERT_THAT(history.conferences, SizeIs(2));
  EXPECT_FALSE(history.conferences[0].open);
  EXPECT_TRUE(history.conferences[1].open);
}

TEST(ProviderJournal, ReadsWebhooksAlsoSeveralInOne) {
  History history;
  ASSERT_TRUE(ReadWebhooks(R"({"webhooks":[
    {"posted":"2026-01-15T12:00:00.000+0000","answered":"2026-01-15T12:00:00.010+0000",
     "status":200,"body":"{\"type\":\"CALL_RECEIVED\",\"callId\":\"k1\"}"},
    {"posted":"2026-01-15T12:00:00.000+0000","answered":"2026-01-15T12:00:08.000+0000",
     "status":503,"body":"[{\"type\":\"CALL_STARTED\"},{\"type\":\"CALL_RINGING\"}]"}]})",
                           history)
                  .ok());
  std::vector<std::string> types;
  for (const Webhook& webhook : history.webhooks) types.push_back(webhook.type);
  EXPECT_THAT(types, ElementsAre("CALL_RECEIVED", "CALL_STARTED", "CALL_RINGING"));
  EXPECT_EQ(history.webhooks[0].call_id, "k1");
  EXPECT_EQ(history.webhooks[0].status, 200);
  EXPECT_EQ(history.webhooks[2].status, 503);
}

TEST(ProviderJournal, RefusesOtherDocuments) {
  History history;
  EXPECT_FALSE(ReadRequests("{}", history).ok());
  EXPECT_FALSE(ReadState("{\"calls\":[]}", history).ok());
  EXPECT_FALSE(ReadWebhooks("no json", history).ok());
  EXPECT_THAT(history.requests, IsEmpty());
}

}  // namespace
}  // namespace callbridge::history
