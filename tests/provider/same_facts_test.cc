// The same object makes the same facts, whether a webhook or an answer holds it
// (docs/decisions/0040).
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "server/base/time.h"
#include "server/provider/answer_decoding.h"
#include "server/provider/event_decoding.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;

ProviderEvent Event(const std::string& text) {
  JsonDocument document;
  EXPECT_TRUE(document.Parse(text).ok()) << text;
  ProviderEvent event;
  EXPECT_TRUE(ReadEvent(document.object(), &event)) << text;
  return event;
}

CallFacts InEvent(const std::string& call, const std::string& type = "CALL_RECONNECTED") {
  return Event(R"({"type":")" + type + R"(","properties":{"call":)" + call + "}}").call();
}

CallFacts InAnswer(const std::string& call) {
  const auto facts = DecodeCall(call);
  EXPECT_TRUE(facts.ok()) << call;
  return facts.value_or(CallFacts());
}

// Of both ways.
CallFacts Facts(const std::string& call) {
  CallFacts facts = InAnswer(call);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(facts, InEvent(call))) << call;
  return facts;
}

TEST(SameFacts, NumbersHaveNoPlus) {
  const CallFacts facts = Facts(R"({"id":"c1","from":"+447700900123","to":"442079460001",)"
                                R"("endpoint":{"type":"PHONE","phoneNumber":"+447700900456"}})");
  EXPECT_EQ(facts.from(), "447700900123");
  EXPECT_EQ(facts.to(), "442079460001");
  EXPECT_EQ(facts.endpoint().phone().number(), "447700900456");
}

TEST(SameFacts, CustomDataIsTextWhateverItWas) {
  const CallFacts facts =
      Facts(R"({"id":"c1","customData":{"session":"s_1","dial":7,"n":null,"o":{"x":[1]},)"
            R"("twice":"first","twice":"second","nul":"a\u0000b"}})");
  std::vector<std::string> entries;
  for (const auto& entry : facts.custom_data())
    entries.push_back(entry.key() + "=" + entry.value());
  EXPECT_THAT(entries, testing::ElementsAre("dial=7",
                                            "nul=a\xEF\xBF\xBD"
                                            "b",
                                            R"(o={"x":[1]})", "session=s_1", "twice=first"));
}

TEST(SameFacts, OnlyAnEndedCallHasAnErrorAndAHangup) {
  const std::string end =
      R"("hangupSource":"API","errorCode":{"id":10000,"name":"NORMAL_HANGUP"}})";
  const CallFacts living = Facts(R"({"id":"c1","state":"ESTABLISHED",)" + end);
  EXPECT_FALSE(living.has_error());
  EXPECT_EQ(living.hangup_source(), "");
  const CallFacts ended = Facts(R"({"id":"c1","state":"FAILED",)" + end);
  EXPECT_EQ(ended.error().code(), 10000);
  EXPECT_EQ(ended.hangup_source(), "API");
}

TEST(SameFacts, AnErrorIsAnObjectOrAWord) {
  const std::string head = R"({"id":"c1","state":"FAILED",)";
  EXPECT_EQ(Facts(head + R"("errorCode":{"id":99999999999,"name":"ODD"}})").error().code(), 0);
  EXPECT_EQ(Facts(head + R"("errorCode":{"id":-1,"name":"ODD"}})").error().name(), "ODD");
  const CallFacts word = Facts(head + R"("errorCode":"BUSY","errorDetails":"of 447700900456"})");
  EXPECT_EQ(word.error().name(), "BUSY");
  EXPECT_THAT(word.error().description(), testing::Not(testing::HasSubstr("77009")));
  EXPECT_EQ(Facts(head + R"("errorDetails":"nothing more"})").error().description(),
            "nothing more");
  EXPECT_FALSE(Facts(head + R"("errorCode":null})").has_error());
}

TEST(SameFacts, AnUnknownStateWithTheTimeOfAnEndHasEnded) {
  const std::string call = R"({"id":"c1","state":"NEW","endTime":"2026-01-15T12:01:08Z"})";
  EXPECT_EQ(Facts(call).state(), CallFacts::STATE_ENDED);
  // Where the type says another thing, it counts.
  EXPECT_EQ(InEvent(call, "CALL_RINGING").state(), CallFacts::STATE_RINGING);
  // And an end counts always.
  EXPECT_EQ(InEvent(R"({"id":"c1","state":"ESTABLISHED"})", "CALL_FINISHED").state(),
            CallFacts::STATE_ENDED);
}

TEST(SameFacts, TheLastConferenceThatHasAnIdIsTheLast) {
  EXPECT_EQ(Facts(R"({"id":"c1","conferenceIds":["f1","f2",""]})").conference_id(), "f2");
  EXPECT_EQ(Facts(R"({"id":"c1","conferenceIds":[]})").conference_id(), "");
}

TEST(SameFacts, ParticipantsHaveTheirTimes) {
  const std::string conference =
      R"({"id":"f1","name":"bridge/s_1","participants":[)"
      R"({"callId":"c1","state":"LEFT","joinTime":"2026-01-15T12:00:20Z",)"
      R"("leaveTime":"2026-01-15T12:04:59.900Z"},{"callId":"c2","leaveTime":"2026-01-15T12:05:00Z"},)"
      R"({"callId":"c3"},{"state":"JOINED"},7]})";
  const auto answer = DecodeConference(conference);
  ASSERT_TRUE(answer.ok());
  ASSERT_EQ(answer->participants_size(), 3);
  EXPECT_EQ(base::FormatTime(base::FromTimestamp(answer->participants(0).leave_time())),
            "2026-01-15T12:04:59.900Z");
  EXPECT_EQ(answer->participants(1).state(), ParticipantFacts::STATE_LEFT);
  EXPECT_EQ(answer->participants(2).state(), ParticipantFacts::STATE_UNSPECIFIED);
  const ProviderEvent event =
      Event(R"({"type":"CONFERENCE_CREATED","properties":{"conference":)" + conference + "}}");
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*answer, event.conference()));
}

TEST(SameFacts, WhoCouldNotJoinHasNoTimeOfAJoin) {
  const std::string rest =
      R"(","properties":{"participant":{"callId":"c1","joinTime":"2026-01-15T12:00:20Z"}}})";
  const auto joined = Event(R"({"type":"PARTICIPANT_JOINED)" + rest).participant();
  EXPECT_EQ(joined.state(), ParticipantFacts::STATE_JOINED);
  EXPECT_TRUE(joined.has_join_time());
  const auto failed = Event(R"({"type":"PARTICIPANT_JOIN_FAILED)" + rest).participant();
  EXPECT_EQ(failed.state(), ParticipantFacts::STATE_LEFT);
  EXPECT_FALSE(failed.has_join_time());
}

}  // namespace
}  // namespace callbridge::provider
