// Every invariant can fail: one thing of a good history is broken, and the invariant of that thing
// says so.
#include "tests/history/invariants.h"

#include <gmock/gmock.h>

#include "tests/history/good_history.h"
#include "tests/history/session_story.h"
#include "tests/history/telling.h"

namespace callbridge::history {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Event = v1::SessionEvent;

TEST(Invariants, FindNothingInAGoodHistory) { EXPECT_THAT(CheckHistory(GoodHistory()), IsEmpty()); }

TEST(Invariants, AreNamedInTheReport) {
  History history = GoodHistory();
  history.calls[0].end.reset();
  EXPECT_THAT(CheckHistory(history),
              ElementsAre(HasSubstr("invariant 7: session s_1: call call-caller was alive")));
}

TEST(Invariant1, NoticesASessionWithoutEnd) {
  History history = GoodHistory();
  RemoveEvents(history, Event::kSessionEnded);
  EXPECT_THAT(Invariant1(history), ElementsAre(HasSubstr("has no end")));
  history = GoodHistory();
  history.starts.push_back({After(1), After(1), "r-2", true, "s_2"});
  EXPECT_THAT(Invariant1(history), ElementsAre(HasSubstr("s_2 has no end")));
}

TEST(Invariant1, NoticesALateEndButGrantsOutages) {
  History history = GoodHistory();
  history.bounds.session = seconds(5);
  EXPECT_THAT(Invariant1(history), Contains(HasSubstr("later than 5.0 s")));
  history.outages = {{After(3), After(8), false}};
  history.bounds.recovery = seconds(1);
  EXPECT_THAT(Invariant1(history), IsEmpty());
}

TEST(Invariant2, NoticesOneRequestWithTwoSessions) {
  History history = GoodHistory();
  history.starts[1].session_id = "s_2";
  EXPECT_THAT(Invariant2(history), ElementsAre(HasSubstr("r-1 has several sessions: s_1 s_2")));
  history = GoodHistory();
  history.looks.push_back(history.looks[0]);
  history.looks[1].session_id = "s_3";
  history.looks[1].session.set_request_id("r-1");
  EXPECT_THAT(Invariant2(history), ElementsAre(HasSubstr("s_3")));
}

TEST(Invariant3, NoticesAGapAndAChangedEvent) {
  History history = GoodHistory();
  RemoveEvents(history, Event::kMusicStopped);
  EXPECT_THAT(Invariant3(history), Not(IsEmpty()));
  history = GoodHistory();
  history.readers[1].events[0].set_state(v1::Session::STATE_ENDED);
  EXPECT_THAT(Invariant3(history),
              ElementsAre(HasSubstr("reader normal had it with another content")));
}

TEST(Invariant4, NoticesAnOutcomeThatChanges) {
  History history = GoodHistory();
  history.looks[0].session.mutable_outcome()->set_result(v1::Outcome::RESULT_FAILED);
  EXPECT_THAT(Invariant4(history), ElementsAre(HasSubstr("GetSession showed another outcome")));
  history = GoodHistory();
  Event late = history.readers[0].events.back();
  late.set_sequence(late.sequence() + 1);
  late.mutable_music_stopped();
  history.readers[0].events.push_back(late);
  EXPECT_THAT(Invariant4(history), ElementsAre(HasSubstr("follows SessionEnded")));
  late.mutable_recording_ready();
  history.readers[0].events.back() = late;
  EXPECT_THAT(Invariant4(history), IsEmpty());
}

TEST(Invariant7, NoticesWhatStaysAlive) {
  History history = GoodHistory();
  history.calls[1].end.reset();
  EXPECT_THAT(Invariant7(history), ElementsAre(HasSubstr("call-callee was alive")));
  // A call that the service could know by looking: it carries the session's mark.
  history.calls[1].id = "surplus";
  EXPECT_THAT(Invariant7(history), ElementsAre(HasSubstr("surplus was alive")));
  history = GoodHistory();
  history.conferences[0].open = true;
  EXPECT_THAT(Invariant7(history), ElementsAre(HasSubstr("conference-1 is open")));
  history.collected = After(20);
  EXPECT_THAT(Invariant7(history), IsEmpty()) << "there was time left";
}

TEST(Invariant8, NoticesASecondDialWhileTheFirstMayRing) {
  History history = GoodHistory();
  ProviderRequest second = history.requests[3];
  second.at = After(5);
  second.custom_data["dial"] = "7";
  history.requests.push_back(second);
  EXPECT_THAT(Invariant8(history), ElementsAre(HasSubstr("had made the call call-callee")));
  // Nobody knows what became of the first.
  history.calls.pop_back();
  history.requests[3].status = 0;
  EXPECT_THAT(Invariant8(history), ElementsAre(HasSubstr("could still ring")));
  history.requests.back().at = After(30);
  EXPECT_THAT(Invariant8(history), IsEmpty());
  history.requests.back().at = After(5);
  history.requests[3].status = 429;
  EXPECT_THAT(Invariant8(history), IsEmpty());
}

TEST(Invariant9, NoticesACalleeDialledTooEarlyOrTooLate) {
  History history = GoodHistory();
  history.requests[3].at = After(1.9);
  EXPECT_THAT(Invariant9(history), ElementsAre(HasSubstr("before the caller joined")));
  history.requests[3].at = After(12);
  EXPECT_THAT(Invariant9(history), ElementsAre(HasSubstr("1.7 s after the caller's end")));
  history.bounds.slack = seconds(1);
  EXPECT_THAT(Invariant9(history), IsEmpty());
}

TEST(Invariant11, NoticesThatAForeignCallIsTouched) {
  History history = GoodHistory();
  ProviderRequest request = RequestOf(history, "say");
  request.call_id = "foreign";
  history.requests.push_back(request);
  EXPECT_THAT(Invariant11(history), ElementsAre(HasSubstr("say touched call foreign")));
  history.requests.back().method = "GET";
  EXPECT_THAT(Invariant11(history), IsEmpty());
}

TEST(Invariant12, NoticesSoundsOutOfOrder) {
  History history = GoodHistory();
  EventOf(history, Event::kPromptStarted)
      .mutable_prompt_started()
      ->set_prompt(v1::PROMPT_KIND_APOLOGY);
  EXPECT_THAT(Invariant12(history), Not(IsEmpty()));
}

TEST(Invariant14, NoticesASoundThatIsAskedForTwice) {
  History history = GoodHistory();
  history.requests.push_back(RequestOf(history, "say"));
  EXPECT_THAT(Invariant14(history), ElementsAre(HasSubstr("sound 2 was asked for 2 times")));
  history.requests.back().status = 0;
  EXPECT_THAT(Invariant14(history), ElementsAre(HasSubstr("sound 2")));
  history.requests.back().status = 429;
  EXPECT_THAT(Invariant14(history), IsEmpty());
}

TEST(Invariant16, NoticesMoreRequestsThanAttempts) {
  History history = GoodHistory();
  history.requests.push_back(RequestOf(history, "dial"));
  history.requests.back().status = 429;
  EXPECT_THAT(Invariant16(history),
              ElementsAre(HasSubstr("command 1 reached the provider 2 times in 1 attempts")));
  history = GoodHistory();
  ProviderRequest answer = RequestOf(history, "say");
  answer.operation = "answer";
  history.requests.push_back(answer);
  EXPECT_THAT(Invariant16(history), ElementsAre(HasSubstr("answered 1 times in 0 attempts")));
}

TEST(Invariant19, NoticesTooManyRequestsInASecond) {
  History history = GoodHistory();
  const ProviderRequest dial = RequestOf(history, "dial");
  for (int i = 0; i < 7; ++i) {
    history.requests.push_back(dial);
    history.requests.back().at = After(20) + i * milliseconds(70);
  }
  EXPECT_THAT(Invariant19(history), ElementsAre(HasSubstr("7 requests dial within one second")));
  history.outages = {{After(15), After(20), true}};
  EXPECT_THAT(Invariant19(history), IsEmpty()) << "they waited for the provider";
}

TEST(Invariant20, NoticesAWebhookWithoutMark) {
  History history = GoodHistory();
  history.calls.push_back({"incoming", true, "442079460001", "", {}, After(1), After(5)});
  history.webhooks.push_back({After(1), After(1), 200, "CALL_RECEIVED", "incoming"});
  EXPECT_THAT(Invariant20(history), ElementsAre(HasSubstr("no session has the call")));
  history.calls.back().to = "442079460077";
  EXPECT_THAT(Invariant20(history), IsEmpty()) << "a number without a route";
}

TEST(Invariant20, NoticesALegThatDoesNotShowWhatTheWebhookTold) {
  History history = GoodHistory();
  v1::Leg& leg = *EventOf(history, Event::kSessionEnded)
                      .mutable_session_ended()
                      ->mutable_session()
                      ->mutable_legs(0);
  leg.set_state(v1::Leg::STATE_DIALING);
  EXPECT_THAT(Invariant20(history), ElementsAre(HasSubstr("the leg has not ended")));
  leg.set_state(v1::Leg::STATE_ENDED);
  *leg.mutable_end_time() = base::ToTimestamp(After(10.4));
  leg.clear_answer_time();
  leg.clear_join_time();
  EXPECT_THAT(Invariant20(history), ElementsAre(HasSubstr("the leg was never answered"),
                                                HasSubstr("the leg never joined")));
  for (Webhook& webhook : history.webhooks) webhook.answered = After(10.4);
  EXPECT_THAT(Invariant20(history), IsEmpty()) << "the session had ended";
}

TEST(Invariant23, NoticesWhatAReaderMissedOrReadTwice) {
  History history = GoodHistory();
  history.readers[1].events.pop_back();
  EXPECT_THAT(Invariant23(history), ElementsAre(HasSubstr("reader normal of session s_1 read")));
  history = GoodHistory();
  history.readers[0].events.push_back(history.readers[0].events.back());
  EXPECT_THAT(Invariant23(history), ElementsAre(HasSubstr("reader all")));
  history = GoodHistory();
  history.readers[2].events.push_back(history.readers[0].events.front());
  EXPECT_THAT(Invariant23(history), ElementsAre(HasSubstr("reader other team")));
}

TEST(Invariant26, NoticesAnAcceptedSessionThatIsNotFound) {
  History history = GoodHistory();
  history.looks = {{After(1), kSession, SessionLook::Result::kNotFound, 0, {}}};
  EXPECT_THAT(Invariant26(history), ElementsAre(HasSubstr("was not found 0.9 s after")));
  history.looks[0].result = SessionLook::Result::kUnanswered;
  EXPECT_THAT(Invariant26(history), IsEmpty());
}

TEST(Invariant27, NoticesAVersionBehindAnEventThatWasRead) {
  History history = GoodHistory();
  history.looks[0].seen_sequence = 6;
  EXPECT_THAT(Invariant27(history), ElementsAre(HasSubstr("had version 5 after event 6")));
  history.looks[0].result = SessionLook::Result::kNotFound;
  EXPECT_THAT(Invariant27(history), ElementsAre(HasSubstr("was not found after event 6")));
}

TEST(Invariant28, NoticesAnEndThatIsNotPursued) {
  History history = GoodHistory();
  history.ends[0].answered = After(8);
  EXPECT_THAT(Invariant28(history), ElementsAre(HasSubstr("was not ending 1.0 s after"),
                                                HasSubstr("hung nobody up within 2.0 s")));
  history = GoodHistory();
  for (Event& event : history.readers[0].events) {
    if (event.command_sent().kind() == "HangUpConference") event.clear_command_sent();
  }
  EXPECT_THAT(Invariant28(history), IsEmpty()) << "nobody was left to be hung up";
  history.calls[0].end = After(20);
  EXPECT_THAT(Invariant28(history), ElementsAre(HasSubstr("hung nobody up")));
}

TEST(TellSession, ShowsEventsRequestsWebhooksAndTruthByTime) {
  const History history = GoodHistory();
  const std::string text = TellSession(history, kSession);
  std::size_t at = 0;
  for (const char* line :
       {"0.000 1 session_started", "0.110   asked dial  -> 200", "true  call begins call-caller",
        "2.000 4 leg_joined role: ROLE_CALLER", "asked say call-caller -> 200",
        "told  CALL_FINISHED call-callee -> 200", "10.200   true  call ends call-caller",
        "session_ended", "true  conference conference-1 is over"}) {
    at = text.find(line, at);
    ASSERT_NE(at, std::string::npos) << line << " is missing or too early in\n" << text;
  }
  EXPECT_THAT(TellSession(history, "s_9"), HasSubstr("no reader heard of session s_9"));
}

TEST(LatestTime, AddsOutagesOnceAndRecoveriesThatAreNotOver) {
  History history;
  history.bounds.recovery = seconds(2);
  history.bounds.slack = seconds(1);
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), After(11));
  history.outages = {{After(20), After(30), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), After(11)) << "it begins too late";
  history.outages = {{After(5), After(8), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), After(16));
  history.outages = {{After(-5), After(3), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), After(16)) << "the part that is left";
  history.outages = {{After(-5), After(-1), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), After(13)) << "still recovering";
  history.outages = {{After(-9), After(-4), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), After(11)) << "long over";
}

TEST(LatestTime, AddsWhatOverlapsOnce) {
  History history;
  history.bounds.recovery = seconds(2);
  const base::Time with_one = After(10) + seconds(5) + seconds(2);
  history.outages = {{After(3), After(8), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), with_one);
  history.outages = {{After(4), After(6), true}, {After(3), After(8), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), with_one) << "one within the other";
  history.outages = {{After(3), After(6), false}, {After(5), After(8), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), with_one) << "one begins in the other";
  history.outages = {{After(3), After(5), false}, {After(6), After(9), false}};
  EXPECT_EQ(LatestTime(history, After(0), seconds(10)), with_one + seconds(2)) << "two";
}

}  // namespace
}  // namespace callbridge::history
