#include "server/provider/answer_decoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/provider/error_decoding.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;
using internal::v1::ParticipantFacts;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(DecodeCall, ReadsACallThatLives) {
  const auto call = DecodeCall(
      R"({"id":"aaaa","endpoint":{"type":"PHONE","phoneNumber":"447700900123"},)"
      R"("from":"447700900123","to":"442079460001","direction":"INBOUND","state":"ESTABLISHED",)"
      R"("media":{"audio":{"muted":false}},"startTime":"2026-01-15T12:00:00.000+0000",)"
      R"("answerTime":"2026-01-15T12:00:01.500+00:00","endTime":null,"ringDuration":1,)"
      R"("callsConfigurationId":"bridge-prod","conferenceId":"cccc",)"
      R"("customData":{"session":"s_1","leg":"caller","odd":7},"somethingNew":[1,{"a":2}]})");
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->call_id(), "aaaa");
  EXPECT_EQ(call->state(), CallFacts::STATE_ESTABLISHED);
  EXPECT_EQ(call->direction(), CallFacts::DIRECTION_INBOUND);
  EXPECT_EQ(call->endpoint().phone().number(), "447700900123");
  EXPECT_EQ(call->from(), "447700900123");
  EXPECT_EQ(call->to(), "442079460001");
  EXPECT_EQ(call->conference_id(), "cccc");
  ASSERT_THAT(call->custom_data(), SizeIs(3));
  EXPECT_EQ(call->custom_data(0).key(), "leg");
  EXPECT_EQ(call->custom_data(1).value(), "7");
  EXPECT_EQ(call->custom_data(2).value(), "s_1");
  EXPECT_EQ(base::FormatTime(base::FromTimestamp(call->answer_time())), "2026-01-15T12:00:01.500Z");
  EXPECT_FALSE(call->has_end_time());
  EXPECT_FALSE(call->has_error());
}

TEST(DecodeCall, ReadsACallLog) {
  const auto call = DecodeCall(
      R"({"callId":"bbbb","endpoint":{"type":"SIP","username":"desk","sipTrunkId":"t1"},)"
      R"("direction":"OUTBOUND","state":"NO_ANSWER","endTime":"2026-01-15T12:01:08Z",)"
      R"("conferenceIds":["c1","c2"],"duration":0,"hangupSource":"PLATFORM",)"
      R"("errorCode":{"id":10200,"name":"NO_ANSWER","description":"447700900456 is silent"}})");
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->call_id(), "bbbb");
  EXPECT_EQ(call->state(), CallFacts::STATE_ENDED);
  EXPECT_EQ(call->conference_id(), "c2");
  EXPECT_EQ(call->endpoint().sip().trunk_id(), "t1");
  EXPECT_EQ(call->hangup_source(), "PLATFORM");
  EXPECT_EQ(call->error().code(), 10200);
  EXPECT_EQ(call->error().name(), "NO_ANSWER");
  EXPECT_THAT(call->error().description(), Not(HasSubstr("77009")));
}

TEST(DecodeCall, ReadsEveryStateAndToleratesNewOnes) {
  const std::vector<std::pair<std::string, CallFacts::State>> table = {
      {"CALLING", CallFacts::STATE_CALLING},
      {"RINGING", CallFacts::STATE_RINGING},
      {"PRE_ESTABLISHED", CallFacts::STATE_PRE_ESTABLISHED},
      {"ESTABLISHED", CallFacts::STATE_ESTABLISHED},
      {"FINISHED", CallFacts::STATE_ENDED},
      {"FAILED", CallFacts::STATE_ENDED},
      {"CANCELLED", CallFacts::STATE_ENDED},
      {"NO_ANSWER", CallFacts::STATE_ENDED},
      {"BUSY", CallFacts::STATE_ENDED},
      {"LEVITATING", CallFacts::STATE_UNSPECIFIED},
  };
  for (const auto& [name, state] : table) {
    const auto call = DecodeCall(R"({"id":"a","state":")" + name + R"("})");
    ASSERT_TRUE(call.ok()) << name;
    EXPECT_EQ(call->state(), state) << name;
  }
  const auto ended = DecodeCall(R"({"id":"a","state":"NEW","endTime":"2026-01-15T12:01:08Z"})");
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended->state(), CallFacts::STATE_ENDED);
}

TEST(DecodeCall, TreatsNullsAndWrongTypesAsAbsent) {
  const auto call = DecodeCall(
      R"({"id":"a","from":null,"to":7,"state":null,"customData":null,"startTime":"yesterday",)"
      R"("endTime":"infinite-future","endpoint":null,"conferenceIds":null,"errorCode":null})");
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->to(), "7");
  EXPECT_FALSE(call->has_start_time());
  EXPECT_FALSE(call->has_end_time());
  EXPECT_EQ(call->state(), CallFacts::STATE_UNSPECIFIED);
}

TEST(DecodeCall, TakesTimesThatDoNotFitForAbsent) {
  for (const char* time : {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2262-01-01T00:00:00Z",
                           "9999-12-31T23:59:59.999999999-12:00"}) {
    const auto call = DecodeCall(std::string(R"({"id":"a","startTime":")") + time + "\"}");
    ASSERT_TRUE(call.ok()) << time;
    EXPECT_FALSE(call->has_start_time()) << time;
  }
  const auto last = DecodeCall(R"({"id":"a","startTime":"2261-12-31T23:59:59.999Z"})");
  ASSERT_TRUE(last.ok());
  EXPECT_EQ(base::FormatTime(base::FromTimestamp(last->start_time())), "2261-12-31T23:59:59.999Z");
}

TEST(DecodeCall, RefusesWhatIsNoCall) {
  for (const char* body : {"", "[]", "null", "{", R"({"state":"RINGING"})", "\xff\xfe"}) {
    EXPECT_EQ(DecodeCall(body).status().code(), absl::StatusCode::kDataLoss) << body;
  }
}

TEST(DecodeConference, ReadsTheParticipants) {
  const auto conference = DecodeConference(
      R"({"id":"cccc","name":"bridge/s_1","participants":[)"
      R"({"callId":"aaaa","endpoint":{"type":"PHONE","phoneNumber":"1"},"state":"JOINED"},)"
      R"({"callId":"bbbb","state":"JOINING"},{"callId":"dddd","state":"LEFT"},)"
      R"({"callId":"eeee","state":"NEW"},{"state":"JOINED"},null],"platform":null})");
  ASSERT_TRUE(conference.ok()) << conference.status();
  EXPECT_EQ(conference->conference_id(), "cccc");
  EXPECT_EQ(conference->name(), "bridge/s_1");
  EXPECT_FALSE(conference->finished());
  ASSERT_THAT(conference->participants(), SizeIs(4));
  EXPECT_EQ(conference->participants(0).state(), ParticipantFacts::STATE_JOINED);
  EXPECT_EQ(conference->participants(1).state(), ParticipantFacts::STATE_JOINING);
  EXPECT_EQ(conference->participants(2).state(), ParticipantFacts::STATE_LEFT);
  EXPECT_EQ(conference->participants(3).state(), ParticipantFacts::STATE_UNSPECIFIED);
}

TEST(DecodeConference, ReadsWhoHearsWhom) {
  const auto conference =
      DecodeConference(R"({"id":"cccc","participants":[)"
                       R"({"callId":"aaaa","media":{"audio":{"muted":true,"deaf":false}}},)"
                       R"({"callId":"bbbb","media":{"audio":{"deaf":true}}},)"
                       R"({"callId":"dddd","media":{"video":{"blind":true}}}]})");
  ASSERT_TRUE(conference.ok()) << conference.status();
  ASSERT_THAT(conference->participants(), SizeIs(3));
  EXPECT_TRUE(conference->participants(0).audio().muted());
  EXPECT_FALSE(conference->participants(0).audio().deafened());
  EXPECT_FALSE(conference->participants(1).audio().muted());
  EXPECT_TRUE(conference->participants(1).audio().deafened());
  EXPECT_FALSE(conference->participants(2).has_audio()) << "the provider did not say";
}

TEST(DecodeConferenceLog, ReadsAFinishedConference) {
  const auto conference = DecodeConferenceLog(
      R"({"conferenceId":"cccc","name":"bridge/s_1","endTime":"2026-01-15T12:01:08Z",)"
      R"("sessions":[{"callId":"aaaa"}],)"
      R"("errorCode":{"id":10000,"name":"NORMAL_HANGUP","description":"over"}})");
  ASSERT_TRUE(conference.ok()) << conference.status();
  EXPECT_TRUE(conference->finished());
  ASSERT_THAT(conference->participants(), SizeIs(1));
  EXPECT_EQ(conference->participants(0).state(), ParticipantFacts::STATE_LEFT);
  EXPECT_EQ(conference->error().name(), "NORMAL_HANGUP");
}

// Of the talk that a look finds out about: when it was, not when it was looked.
TEST(DecodeConference, ReadsWhenParticipantsCameAndWent) {
  const std::string participants =
      R"([{"callId":"aaaa","state":"LEFT","joinTime":"2026-01-15T12:00:20.000+0000",)"
      R"("leaveTime":"2026-01-15T12:04:59.900+0000"},{"callId":"bbbb","leaveTime":null}])";
  for (const auto& conference :
       {DecodeConference(R"({"id":"cccc","participants":)" + participants + "}"),
        DecodeConferenceLog(R"({"conferenceId":"cccc","sessions":)" + participants + "}")}) {
    ASSERT_TRUE(conference.ok()) << conference.status();
    ASSERT_THAT(conference->participants(), SizeIs(2));
    const ParticipantFacts& known = conference->participants(0);
    EXPECT_EQ(base::FormatTime(base::FromTimestamp(known.join_time())), "2026-01-15T12:00:20.000Z");
    EXPECT_EQ(base::FormatTime(base::FromTimestamp(known.leave_time())),
              "2026-01-15T12:04:59.900Z");
    EXPECT_FALSE(conference->participants(1).has_join_time());
    EXPECT_FALSE(conference->participants(1).has_leave_time());
  }
}

// A conference that its live resource denied once, because a replica was behind, is in the history
// and lives.
TEST(DecodeConferenceLog, TakesNothingForOverThatHasNoEnd) {
  const auto living = DecodeConferenceLog(
      R"({"conferenceId":"cccc","startTime":"2026-01-15T12:00:00Z","sessions":[)"
      R"({"callId":"aaaa","joinTime":"2026-01-15T12:00:01Z"},)"
      R"({"callId":"bbbb","joinTime":"2026-01-15T12:00:02Z","leaveTime":"2026-01-15T12:00:09Z"}]})");
  ASSERT_TRUE(living.ok()) << living.status();
  EXPECT_FALSE(living->finished());
  ASSERT_THAT(living->participants(), SizeIs(2));
  EXPECT_EQ(living->participants(0).state(), ParticipantFacts::STATE_JOINED);
  EXPECT_EQ(living->participants(0).join_time().seconds() % 60, 1);
  EXPECT_EQ(living->participants(1).state(), ParticipantFacts::STATE_LEFT);
  EXPECT_EQ(living->participants(1).join_time().seconds() % 60, 2);
}

TEST(DecodeConferenceAndCall, ReadsTheAnswerToADial) {
  const auto decoded =
      DecodeConferenceAndCall(R"({"conference":{"id":"cccc"},"call":{"id":"bbbb"}})");
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->call.call_id(), "bbbb");
  EXPECT_EQ(decoded->conference.conference_id(), "cccc");
  EXPECT_FALSE(DecodeConferenceAndCall(R"({"conference":{"id":"cccc"}})").ok());
}

TEST(DecodeCallPage, KnowsWhetherMorePagesFollow) {
  const std::string body = R"({"results":[{"id":"a"},{"callId":"b"}],)"
                           R"("paging":{"page":0,"size":100,"totalPages":2,"totalResults":102}})";
  const auto first = DecodeCallPage(body, 0);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->results, SizeIs(2));
  EXPECT_TRUE(first->more);
  EXPECT_TRUE(first->whole);
  const auto second = DecodeCallPage(body, 1);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->more);
}

TEST(DecodeCallPage, SaysWhenAnEntryCouldNotBeRead) {
  const auto page = DecodeCallPage(R"({"results":[{"id":"a"},{"state":"RINGING"},5]})", 0);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->results, SizeIs(1));
  EXPECT_FALSE(page->whole);
  EXPECT_FALSE(page->more);
  EXPECT_FALSE(DecodeCallPage(R"({"paging":{}})", 0).ok());
}

// One name that was cut off in the middle must not hide all calls of a page.
TEST(DecodeCallPage, ReadsAPageOfWhichOneTextIsBad) {
  for (const char* bad : {R"(\ud83d)", R"(\udc00x)", "\xFF", "\x01", R"(\x)"}) {
    const auto page = DecodeCallPage(
        std::string(R"({"results":[{"id":"a","customData":{"note":")") + bad +
            R"("},"to":"447700900456"},{"id":"b"}],"paging":{"page":0,"totalPages":1}})",
        0);
    ASSERT_TRUE(page.ok()) << page.status() << bad;
    EXPECT_THAT(page->results, SizeIs(2)) << bad;
    EXPECT_EQ(page->results[0].to(), "447700900456") << bad;
    EXPECT_TRUE(page->whole) << bad;
  }
}

TEST(DecodeError, ReadsBothShapes) {
  const auto older = DecodeError(
      R"({"requestError":{"serviceException":{"messageId":"BAD_REQUEST","text":"Request is invalid.",)"
      R"("validationErrors":{"endpoint":["must not be null"]}}}})");
  EXPECT_EQ(older.name(), "BAD_REQUEST");
  EXPECT_EQ(older.description(), "Request is invalid.; endpoint: must not be null");
  const auto newer =
      DecodeError(R"({"errorCode":"E400","description":"Bad request","action":"Check the request",)"
                  R"("violations":[{"property":"endpoint","violation":"must not be null"}]})");
  EXPECT_EQ(newer.name(), "BAD_REQUEST");
  EXPECT_EQ(newer.description(), "Bad request; endpoint: must not be null");
  EXPECT_EQ(DecodeError(R"({"errorCode":"E418"})").name(), "E418");
  EXPECT_EQ(DecodeError("<html>").name(), "");
}

TEST(DecodeError, MasksNumbersAndCutsLongTexts) {
  const auto error = DecodeError(
      R"({"errorCode":"E400","description":"to 447700900456, +44 7700 900 456 and 12345 but 1234"})");
  for (const char* secret : {"7700", "900456", "12345"}) {
    EXPECT_THAT(error.description(), Not(HasSubstr(secret)));
  }
  EXPECT_THAT(error.description(), HasSubstr("but 1234"));
  for (const char* body :
       {R"({"errorCode":"447700900123"})",
        R"({"requestError":{"serviceException":{"messageId":"to 447700900123"}}})"}) {
    EXPECT_THAT(DecodeError(body).name(), Not(HasSubstr("7009"))) << body;
  }
  std::string body = R"({"errorCode":"E400","description":"x)";
  for (int i = 0; i < 200; ++i) body += "é";
  EXPECT_EQ(DecodeError(body + R"("})").description().size(), base::kProviderErrorBytesMax - 1);
}

TEST(SaysFailed, OnlyOfAnActionThatFailed) {
  EXPECT_TRUE(SaysFailed(R"({"status":"FAILED"})"));
  EXPECT_FALSE(SaysFailed(R"({"status":"IN_PROGRESS"})"));
  EXPECT_FALSE(SaysFailed(R"({"status":null})"));
  EXPECT_FALSE(SaysFailed(""));
}

}  // namespace
}  // namespace callbridge::provider
