// Processes that die or hang in mid-call: kill -9 of the server and of the ingress, a server that
// stands still.
#include <gmock/gmock.h>
#include <signal.h>

#include "server/base/ingress_limits.h"
#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

// The promise is 5 s on an idle machine without a sanitizer.
constexpr seconds kServingAgain{10};

std::string CalleeNumber() { return std::string(kCallee).substr(1); }

class Crash : public EndToEnd {
 protected:
  // Reads all sessions from their beginning until an event of this session is described like this.
  Reading FollowUntil(const std::string& session, const std::string& description) {
    v1::StreamEventsRequest request;
    request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
    request.set_position(v1::START_POSITION_BEGINNING);
    return Follow(request, session, description);
  }
  // The same, right after the token.
  Reading ResumeUntil(const std::string& token, const std::string& session,
                      const std::string& description) {
    v1::StreamEventsRequest request;
    request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
    request.set_resume_token(token);
    return Follow(request, session, description);
  }
  void RestartServer() {
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_NO_FATAL_FAILURE(system().StartServer());
    const auto listed = system().client().ListSessions({});
    EXPECT_TRUE(listed.ok()) << listed.status();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kServingAgain);
  }
  // The events before and after a crash, as one reader had them: without gap and without
  // repetition.
  static void ExpectOneHistory(const Reading& before, const Reading& after) {
    std::vector<int> sequences = before.Sequences();
    for (const int sequence : after.Sequences()) sequences.push_back(sequence);
    EXPECT_EQ(sequences, FirstNumbers(sequences.size()));
  }
  bool CalleeIsJoined() {
    const auto callees = provider().State().CallsTo(CalleeNumber());
    return callees.size() == 1 && callees[0].alive && callees[0].Went("joins the conference");
  }

 private:
  Reading Follow(const v1::StreamEventsRequest& request, const std::string& session,
                 const std::string& description) {
    Reading reading = Read(system().stub(), request, [&](const auto& response) {
      return response.has_event() && response.event().session_id() == session &&
             Describe(response.event()).starts_with(description);
    });
    EXPECT_TRUE(reading.found) << "\"" << description << "\" never came; "
                               << reading.status.error_message();
    return reading;
  }
};

TEST_F(Crash, OfTheServerWhilePreparingStillConnectsTheCall) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  const Reading before = FollowUntil(session, "session_started");
  system().server().Kill();
  RestartServer();
  const Reading connected = ResumeUntil(before.token, session, "parties_connected");
  ExpectOneHistory(before, connected);
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
  // Whatever was unknown after the crash was looked up: nobody was called twice.
  EXPECT_EQ(provider().State().CallsTo(CalleeNumber()).size(), 1U);
}

TEST_F(Crash, OfTheServerWhileRingingKeepsTheCalleeWhoJoinedMeanwhile) {
  Boot();
  provider().SetPeople({{kCallee, "answers:15"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  const Reading before = FollowUntil(session, "leg_ringing callee-1");
  system().server().Kill();
  ASSERT_TRUE(Await(system().simulator(), seconds(20), [&] { return CalleeIsJoined(); }));
  RestartServer();
  const Reading connected = ResumeUntil(before.token, session, "parties_connected");
  ExpectOneHistory(before, connected);
  EXPECT_TRUE(CalleeIsJoined()) << "the callee who joined meanwhile was hung up";
  provider().HangUp(call);
  const Reading after = ResumeUntil(connected.token, session, "session_ended COMPLETED");
  EXPECT_EQ(after.Sequences().front(), connected.Sequences().back() + 1);
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
}

TEST_F(Crash, OfTheServerWhileTheyTalkIsNotNoticedByThem) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  const Reading before = FollowUntil(session, "prompt_finished ANNOUNCEMENT");
  system().server().Kill();
  RestartServer();
  EXPECT_EQ(provider().State().calls_alive, 2);
  const auto got = system().client().GetSession(session);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->state(), v1::Session::STATE_CONNECTED);
  provider().HangUp(call);
  const Reading after = ResumeUntil(before.token, session, "session_ended COMPLETED HUNG_UP");
  ExpectOneHistory(before, after);
  system().ExpectNothingLeft();
}

TEST_F(Crash, OfTheServerWhileTheyTalkLosesNoHangupThatCameMeanwhile) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  const Reading before = FollowUntil(session, "parties_connected");
  system().server().Kill();
  const auto hung_up = std::chrono::steady_clock::now();
  provider().HangUp(call);
  // The ingress holds what nobody takes.
  ASSERT_TRUE(Await(system().simulator(), seconds(5),
                    [&] { return provider().State().webhooks.waiting > 0; }));
  RestartServer();
  const Reading after = ResumeUntil(before.token, session, "session_ended COMPLETED HUNG_UP");
  ExpectOneHistory(before, after);
  system().ExpectNothingLeft();
  const SimulatedWebhooks webhooks = provider().State().webhooks;
  // On a machine under load the start may take longer than the ingress holds a webhook. The looks
  // have found then what was refused.
  if (std::chrono::steady_clock::now() - hung_up < base::kHandOverHold) {
    EXPECT_EQ(webhooks.refused + webhooks.failed, 0);
  }
}

TEST_F(Crash, OfTheServerTwiceInOneCallEndsItInItsOwnOutcome) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kUnansweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "prompt_started GREETING");
  system().server().Kill();
  RestartServer();
  Until(session, "leg_dialing callee-1");
  system().server().Kill();
  RestartServer();
  const Reading reading = ToEnd(session);
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED)
      << testing::PrintToString(reading.Story());
  system().ExpectNothingLeft();
}

// What happens meanwhile is never posted: the provider repeats nothing here. The looks find it.
TEST_F(Crash, OfTheIngressWhileRingingStillConnectsTheCall) {
  Boot();
  provider().SetPeople({{kCallee, "answers:5"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "leg_ringing callee-1");
  system().ingress().Kill();
  ASSERT_TRUE(Await(system().simulator(), seconds(20), [&] { return CalleeIsJoined(); }));
  ASSERT_NO_FATAL_FAILURE(system().StartIngress());
  Until(session, "parties_connected");
  EXPECT_TRUE(CalleeIsJoined());
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
  EXPECT_GT(provider().State().webhooks.failed, 0);
}

TEST_F(Crash, OfTheIngressLosesNothingWhenTheProviderRepeats) {
  SystemOptions options;
  options.webhook_repeats = 20;
  Boot(options);
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "parties_connected");
  system().ingress().Kill();
  provider().HangUp(call);
  ASSERT_TRUE(Await(system().simulator(), seconds(5),
                    [&] { return provider().State().webhooks.failed > 0; }));
  ASSERT_NO_FATAL_FAILURE(system().StartIngress());
  const Reading reading = ToEnd(session);
  EXPECT_EQ(reading.Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(reading.Outcome().ended_by(), v1::PARTY_CALLER);
  system().ExpectNothingLeft();
  EXPECT_EQ(provider().State().webhooks.given_up, 0);
}

TEST_F(Crash, AServerThatStandsStillForThreeSecondsLosesNothing) {
  Boot();
  provider().SetPeople({{kCallee, "answers:10"}});
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "leg_ringing callee-1");
  system().server().Signal(SIGSTOP);
  // The outage has this length, whatever happens in it.
  ASSERT_TRUE(system().simulator().StaysAliveFor(seconds(3)));
  EXPECT_TRUE(CalleeIsJoined());
  EXPECT_GT(provider().State().webhooks.waiting, 0) << "the ingress holds nothing";
  system().server().Signal(SIGCONT);
  Until(session, "parties_connected");
  EXPECT_TRUE(CalleeIsJoined());
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
  const SimulatedWebhooks webhooks = provider().State().webhooks;
  EXPECT_EQ(webhooks.refused + webhooks.failed + webhooks.given_up, 0);
}

}  // namespace
}  // namespace callbridge::end_to_end
