#include "server/inbox/intake.h"

#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <memory>
#include <string>
#include <vector>

#include "server/base/clock_offset.h"
#include "server/base/ids.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/store/memory/memory_store.h"
#include "tests/webhook/fixed_calls.h"
#include "webhook/translate.h"

namespace callbridge::inbox {
namespace {

using internal::v1::InboxItem;
using internal::v1::Input;
using testing::HasSubstr;
using testing::SizeIs;

constexpr char kDid[] = "442079460001";
const base::Time kNow = base::Time(std::chrono::seconds(1'768'478'400));

class IntakeTest : public testing::Test {
 protected:
  absl::Status Append(const std::string& body) {
    const auto items = webhook::Translate(body, kNow);
    EXPECT_TRUE(items.ok()) << items.status();
    return intake_.Append(*items, kNow);
  }
  void MustAppend(const std::string& body) {
    const absl::Status status = Append(body);
    EXPECT_TRUE(status.ok()) << status;
  }
  std::vector<store::DueSession> Sessions() {
    auto work = store_->NextSessions(kNow, 100, false);
    EXPECT_TRUE(work.ok()) << work.status();
    return *std::move(work);
  }

  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  FixedCalls calls_{kDid};
  Intake intake_{{"bridge", "bridge-prod"}, *store_, calls_};
};

std::string Received(const std::string& call_id, const std::string& to = kDid,
                     const std::string& time = "2026-01-15T12:00:00.000+0000") {
  return absl::StrFormat(
      R"({"type":"CALL_RECEIVED","callId":"%s","timestamp":"%s",)"
      R"("callsConfigurationId":"bridge-prod","properties":{"call":{"id":"%s","from":)"
      R"("447700900123","to":"%s","direction":"INBOUND","state":"RINGING",)"
      R"("startTime":"2026-01-15T12:00:00.000+0000"}}})",
      call_id, time, call_id, to);
}

std::string Finished(const std::string& call_id) {
  return absl::StrFormat(
      R"({"type":"CALL_FINISHED","callId":"%s","timestamp":"2026-01-15T12:01:00Z",)"
      R"("callsConfigurationId":"bridge-prod","properties":{"callLog":{"callId":"%s"}}})",
      call_id, call_id);
}

std::string Ringing(const std::string& call_id, const std::string& custom_data,
                    const std::string& second = "10") {
  return absl::StrFormat(
      R"({"type":"CALL_RINGING","callId":"%s","timestamp":"2026-01-15T12:00:%sZ",)"
      R"("callsConfigurationId":"bridge-prod","properties":{"call":{"id":"%s",)"
      R"("direction":"OUTBOUND","customData":%s}}})",
      call_id, second, call_id, custom_data);
}

// The step in which a session of call c1 ends.
store::SessionCommit EndOf(const store::DueSession& work) {
  store::SessionCommit commit;
  commit.session_id = work.session_id;
  commit.session.set_session_id(work.session_id);
  commit.session.add_legs()->set_call_id("c1");
  commit.session.mutable_ended();
  for (const store::WaitingInput& waiting : work.inputs) {
    store::ConsumedInput& consumed = commit.consumed.emplace_back();
    consumed.input_id = waiting.input_id;
    consumed.input = waiting.input;
  }
  return commit;
}

TEST_F(IntakeTest, BeginsASessionForAnIncomingCall) {
  MustAppend(Received("c1"));
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_TRUE(base::IsSessionId(sessions[0].session_id));
  ASSERT_THAT(sessions[0].inputs, SizeIs(1));
  const Input& input = sessions[0].inputs[0].input;
  EXPECT_EQ(base::FromTimestamp(input.receive_time()), kNow);
  EXPECT_EQ(input.incoming_call().route(), "front desk");
  EXPECT_EQ(input.incoming_call().event().call_id(), "c1");
  EXPECT_EQ(intake_.counters().stored, 1);
}

TEST_F(IntakeTest, LetsASecondCallReceivedMeetTheFirst) {
  MustAppend(Received("c1"));
  MustAppend(Received("c1"));
  MustAppend(Received("c1", kDid, "2026-01-15T12:00:01.000+0000"));
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_THAT(sessions[0].inputs, SizeIs(2));
  EXPECT_EQ(intake_.counters().duplicates, 1);
}

// docs/provider.md §7.4: the provider repeats a webhook for 41.5 hours, and the store forgets it.
TEST_F(IntakeTest, TakesNoCallThatWasToldAlmostADayAgo) {
  MustAppend(Received("c1", kDid, "2026-01-14T13:00:00.000+0000"));
  EXPECT_THAT(Sessions(), SizeIs(1)) << "23 hours old";
  MustAppend(Received("c2", kDid, "2026-01-14T12:59:59.999+0000"));
  MustAppend(Received("c3", kDid, "2026-01-13T18:30:00.000+0000"));
  // Without a time of its own the event is as old as its call.
  MustAppend(R"({"type":"CALL_RECEIVED","callId":"c4","callsConfigurationId":"bridge-prod",)"
             R"("properties":{"call":{"id":"c4","to":"442079460001","direction":"INBOUND",)"
             R"("startTime":"2026-01-14T12:00:00.000+0000"}}})");
  EXPECT_THAT(Sessions(), SizeIs(1));
  EXPECT_EQ(intake_.counters().outdated_calls, 3);
  MustAppend(R"({"type":"CALL_RECEIVED","callId":"c5","callsConfigurationId":"bridge-prod",)"
             R"("properties":{"call":{"id":"c5","to":"442079460001","direction":"INBOUND"}}})");
  EXPECT_THAT(Sessions(), SizeIs(2)) << "no time is told";
}

TEST_F(IntakeTest, GivesTheCallsFurtherEventsToItsSession) {
  MustAppend(Received("c1"));
  MustAppend(R"({"type":"CALL_FINISHED","callId":"c1","timestamp":"2026-01-15T12:00:09Z"})");
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  ASSERT_THAT(sessions[0].inputs, SizeIs(2));
  EXPECT_TRUE(sessions[0].inputs[1].input.has_provider_event());
}

TEST_F(IntakeTest, TakesAnAbsentDirectionForIncoming) {
  MustAppend(absl::StrFormat(
      R"({"type":"CALL_RECEIVED","callId":"c1","properties":{"call":{"to":"%s"}}})", kDid));
  MustAppend(absl::StrFormat(R"({"type":"CALL_RECEIVED","callId":"c2","properties":{"call":)"
                             R"({"to":"%s","direction":"OUTBOUND"}}})",
                             kDid));
  EXPECT_THAT(Sessions(), SizeIs(1));
  EXPECT_EQ(intake_.counters().parked, 1);
}

TEST_F(IntakeTest, LeavesUnroutedNumbersAloneAndWarnsOnceOfEach) {
  const base::LogCapture log;
  MustAppend(Received("c1", "442079460777"));
  MustAppend(Received("c2", "442079460777"));
  EXPECT_THAT(Sessions(), SizeIs(0));
  EXPECT_EQ(intake_.counters().unrouted, 2);
  EXPECT_EQ(intake_.counters().parked, 0);
  ASSERT_THAT(log.Lines(), SizeIs(1));
  EXPECT_THAT(log.Lines()[0], HasSubstr("call_to_unrouted_number"));
  EXPECT_THAT(log.Lines()[0], testing::Not(HasSubstr("442079460777")));
  MustAppend(Received("c3", "442079460778"));
  EXPECT_THAT(log.Lines(), SizeIs(2));
}

TEST_F(IntakeTest, CountsEventsOfAnotherConfigurationAndStoresNothing) {
  std::string body = Received("c1");
  body.replace(body.find("bridge-prod"), 11, "another-one");
  MustAppend(body);
  EXPECT_THAT(Sessions(), SizeIs(0));
  EXPECT_EQ(intake_.counters().foreign_configuration, 1);
  EXPECT_EQ(store_->Count()->parked, 0);
}

TEST_F(IntakeTest, CountsEventsOfAnotherServiceAndStoresNothing) {
  MustAppend(Ringing("b1", R"({"service":"other","session":"s_1"})"));
  MustAppend(R"({"type":"PLAY_FINISHED","callId":"b1","timestamp":"2026-01-15T12:00:09Z",)"
             R"("properties":{"customData":{"service":"other"}}})");
  EXPECT_EQ(intake_.counters().foreign_service, 2);
  EXPECT_EQ(store_->Count()->parked, 0);
}

TEST_F(IntakeTest, FindsTheSessionByCustomDataBeforeTheCallIsKnown) {
  MustAppend(Received("c1"));
  const std::string session_id = Sessions()[0].session_id;
  MustAppend(Ringing("b1", R"({"service":"bridge","session":")" + session_id + "\"}"));
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_THAT(sessions[0].inputs, SizeIs(2));
}

TEST_F(IntakeTest, FindsTheSessionByTheNameOfItsConference) {
  MustAppend(Received("c1"));
  const std::string session_id = Sessions()[0].session_id;
  const auto created = [](const std::string& conference_id, const std::string& name) {
    return R"({"type":"CONFERENCE_CREATED","conferenceId":")" + conference_id +
           R"(","timestamp":"2026-01-15T12:00:09Z","properties":{"conference":{"id":")" +
           conference_id + R"(","name":")" + name + "\"}}}";
  };
  MustAppend(created("f1", "bridge/" + session_id));
  MustAppend(created("f2", "other/" + session_id));
  MustAppend(created("f3", "bridge" + session_id));
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_THAT(sessions[0].inputs, SizeIs(2));
  EXPECT_EQ(intake_.counters().parked, 2);
}

TEST_F(IntakeTest, ParksWhatMayStillBeAskedForAndCountsWhatCannot) {
  MustAppend(Ringing("b1", "{}"));
  MustAppend(R"({"type":"CALL_RINGING","timestamp":"2026-01-15T12:00:09Z"})");
  MustAppend(R"({"type":"CALL_RECEIVED","timestamp":"2026-01-15T12:00:09Z"})");
  const IntakeCounters counters = intake_.counters();
  EXPECT_EQ(counters.parked, 1);
  EXPECT_EQ(counters.without_reference, 2);
}

// Somebody who talks and is silent again and again fills neither the store nor a session.
TEST_F(IntakeTest, CountsEventsOfOtherTypesAndStoresNothing) {
  MustAppend(Received("c1"));
  for (int second = 10; second < 60; ++second) {
    for (const char* type : {"PARTICIPANT_STARTED_TALKING", "PARTICIPANT_STOPPED_TALKING",
                             "SPEECH_CAPTURED", "A_TYPE_OF_NEXT_YEAR"}) {
      MustAppend(absl::StrFormat(
          R"({"type":"%s","callId":"c1","conferenceId":"f1","timestamp":"2026-01-15T12:00:%dZ"})",
          type, second));
    }
  }
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_THAT(sessions[0].inputs, SizeIs(1));
  EXPECT_EQ(intake_.counters().other_types, 200);
  EXPECT_EQ(intake_.counters().stored, 1);
  EXPECT_EQ(store_->Count()->parked, 0);
}

// What stands behind a duplicate in a batch is stored, whichever of them is the duplicate.
TEST_F(IntakeTest, StoresTheRestOfABatchAroundDuplicates) {
  const std::vector<std::string> calls = {"c1", "c2", "c3", "c4"};
  for (unsigned known = 0; known < 16; ++known) {
    const std::unique_ptr<store::Store> store = store::MakeMemoryStore();
    Intake intake({"bridge", "bridge-prod"}, *store, calls_);
    std::string all;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      all += (i == 0 ? "[" : ",") + Received(calls[i]);
      if ((known >> i & 1) == 0) continue;
      ASSERT_TRUE(intake.Append(*webhook::Translate(Received(calls[i]), kNow), kNow).ok());
    }
    ASSERT_TRUE(intake.Append(*webhook::Translate(all + "]", kNow), kNow).ok());
    EXPECT_EQ(intake.counters().stored, 4) << known;
    EXPECT_EQ(intake.counters().duplicates, std::popcount(known)) << known;
    EXPECT_THAT(*store->NextSessions(kNow, 100, false), SizeIs(4)) << known;
  }
}

TEST_F(IntakeTest, WarnsOnceOfEachForeignConfiguration) {
  const base::LogCapture log;
  const auto foreign = [](const std::string& configuration, const std::string& call) {
    std::string body = Received(call);
    body.replace(body.find("bridge-prod"), 11, configuration);
    return body;
  };
  MustAppend(foreign("another-one", "c1"));
  MustAppend(foreign("another-one", "c2"));
  ASSERT_THAT(log.Lines(), SizeIs(1));
  EXPECT_THAT(log.Lines()[0], HasSubstr("webhook_of_another_configuration"));
  EXPECT_THAT(log.Lines()[0], HasSubstr("another-one"));
  EXPECT_THAT(log.Lines()[0], HasSubstr("bridge-prod"));
  MustAppend(foreign("a-third-one", "c3"));
  EXPECT_THAT(log.Lines(), SizeIs(2));
}

// U-D1: a provider that gives an id a second time, as a simulator that is started again with the
// same seed.
TEST_F(IntakeTest, WarnsOnceOfANewCallWithTheIdOfAnEndedOne) {
  const base::LogCapture log;
  MustAppend(Received("c1"));
  const auto sessions = Sessions();
  ASSERT_THAT(sessions, SizeIs(1));
  std::string later = Received("c1", kDid, "2026-01-15T12:30:00.000+0000");
  const std::string start = R"("startTime":"2026-01-15T12:)";
  later.replace(later.find(start) + start.size(), 2, "30");
  MustAppend(later);
  EXPECT_THAT(log.Lines(), SizeIs(0)) << "the first call goes on";
  ASSERT_TRUE((*store_->Commit({EndOf(sessions[0])}, kNow))[0].ok());
  // A second delivery of the ended call is no new call.
  MustAppend(Received("c1", kDid, "2026-01-15T12:00:01.000+0000"));
  EXPECT_THAT(log.Lines(), SizeIs(0));
  for (int i = 1; i <= 2; ++i) {
    std::string again = later;
    again.replace(again.find("12:30:00.000"), 12, absl::StrFormat("12:30:0%d.000", i));
    MustAppend(again);
  }
  ASSERT_THAT(log.Lines(), SizeIs(1));
  EXPECT_THAT(log.Lines()[0], HasSubstr("call_of_an_ended_session"));
  EXPECT_THAT(log.Lines()[0], HasSubstr(sessions[0].session_id));
}

TEST_F(IntakeTest, SetsUnreadableItemsAsideBesideTheOthers) {
  const base::LogCapture log;
  MustAppend("[" + Received("c1") + ", {\"type\":null}]");
  EXPECT_THAT(Sessions(), SizeIs(1));
  const auto quarantined = store_->ListQuarantine(0, 10);
  ASSERT_TRUE(quarantined.ok());
  ASSERT_THAT(*quarantined, SizeIs(1));
  EXPECT_EQ((*quarantined)[0].body(), "{\"type\":null}");
  EXPECT_EQ(intake_.counters().quarantined, 1);
  EXPECT_THAT(log.Lines(),
              testing::ElementsAre(HasSubstr(R"("event":"webhook_quarantined","count":1)")));
}

TEST_F(IntakeTest, RefusesAnItemOfAKindItDoesNotKnow) {
  EXPECT_EQ(intake_.Append({InboxItem()}, kNow).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(intake_.Append({}, kNow).ok());
}

TEST_F(IntakeTest, RejectsCallsOfOneCallerBeyondTheBoundUntilOneEnds) {
  const auto arrangement_of_last = [this] {
    const auto sessions = Sessions();
    return sessions.back().inputs[0].input.incoming_call().arrangement();
  };
  base::LogCapture log;
  for (std::size_t i = 0; i < base::kCallsOfOneCallerMax; ++i) {
    MustAppend(Received("c" + std::to_string(i)));
    EXPECT_EQ(arrangement_of_last(), internal::v1::IncomingCall::ARRANGEMENT_BRIDGE) << i;
  }
  EXPECT_THAT(log.Lines(), testing::IsEmpty());
  MustAppend(Received("one too many"));
  EXPECT_EQ(arrangement_of_last(), internal::v1::IncomingCall::ARRANGEMENT_LOOP);
  EXPECT_THAT(log.Lines(), testing::ElementsAre(HasSubstr(
                               R"("event":"call_loop_broken","reason":"too many calls of one)")));
  MustAppend(Finished("c0"));
  MustAppend(Received("again"));
  EXPECT_EQ(arrangement_of_last(), internal::v1::IncomingCall::ARRANGEMENT_BRIDGE);
}

// Of many loops in one second one line is written at once. The next batch, whatever it holds, tells
// how many more there were.
TEST_F(IntakeTest, TellsOfTheLastLoopsWithTheNextBatch) {
  for (std::size_t i = 0; i < base::kCallsOfOneCallerMax; ++i) {
    MustAppend(Received("c" + std::to_string(i)));
  }
  const base::LogCapture log;
  for (int i = 0; i < 3; ++i) MustAppend(Received("too many " + std::to_string(i)));
  EXPECT_THAT(log.Lines(), SizeIs(1));
  EXPECT_TRUE(intake_.Append({}, kNow + std::chrono::seconds(2)).ok());
  ASSERT_THAT(log.Lines(), SizeIs(2));
  EXPECT_THAT(log.Lines()[1],
              testing::AllOf(HasSubstr("call_loop_broken"), HasSubstr(R"("count":2)")));
}

TEST_F(IntakeTest, ARepetitionAfterTheEndOfItsCallTakesNoPlaceOfTheCaller) {
  for (std::size_t i = 0; i < base::kCallsOfOneCallerMax; ++i) {
    const std::string call_id = "c" + std::to_string(i);
    MustAppend(Received(call_id));
    MustAppend(Finished(call_id));
    MustAppend(Received(call_id));
  }
  EXPECT_EQ(intake_.counters().duplicates, base::kCallsOfOneCallerMax);
  MustAppend(Received("another"));
  EXPECT_EQ(Sessions().back().inputs[0].input.incoming_call().arrangement(),
            internal::v1::IncomingCall::ARRANGEMENT_BRIDGE);
}

TEST_F(IntakeTest, ARepetitionInTheSameBatchLeavesTheCallItsPlace) {
  for (std::size_t i = 0; i < base::kCallsOfOneCallerMax; ++i) {
    const std::string body = Received("c" + std::to_string(i));
    MustAppend("[" + body + "," + body + "]");
  }
  MustAppend(Received("one too many"));
  EXPECT_EQ(Sessions().back().inputs[0].input.incoming_call().arrangement(),
            internal::v1::IncomingCall::ARRANGEMENT_LOOP);
}

// The webhook seems to come from the future.
TEST_F(IntakeTest, TellsTheTimesOfAProviderWhoseClockIsAheadAsOurs) {
  base::ClockOffset theirs;
  Intake intake({"bridge", "bridge-prod"}, *store_, calls_, nullptr, &theirs);
  const auto items = webhook::Translate(Received("c1", kDid, "2026-01-15T12:00:10.000+0000"), kNow);
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_TRUE(intake.Append(*items, kNow).ok());
  const std::vector<store::DueSession> works = Sessions();
  ASSERT_THAT(works, SizeIs(1));
  const internal::v1::ProviderEvent& event = works[0].inputs[0].input.incoming_call().event();
  EXPECT_EQ(base::FromTimestamp(event.occur_time()), kNow);
  EXPECT_EQ(base::FromTimestamp(event.call().start_time()), kNow - std::chrono::seconds(10));
}

}  // namespace
}  // namespace callbridge::inbox
