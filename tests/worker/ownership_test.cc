#include "server/worker/ownership.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/worker/listed.h"

namespace callbridge::worker {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;
using internal::v1::Session;

Session Living() {
  Session session;
  session.set_session_id("s_1");
  session.mutable_connected();
  AddLeg(session, "caller", "call-1");
  session.mutable_conference()->set_conference_id("conference-1");
  return session;
}

Session EndedOne(bool pursues) {
  Session session = Living();
  session.mutable_ended();
  if (pursues) session.add_timers()->set_kind(internal::v1::Timer::KIND_HANGUP);
  return session;
}

TEST(Ownership, OursIsWhatNamesOurService) {
  EXPECT_TRUE(IsOurs(OutgoingCall("call-1", "s_1"), "test"));
  EXPECT_FALSE(IsOurs(OutgoingCall("call-1", "s_1", "other"), "test"));
  EXPECT_FALSE(IsOurs(OutgoingCall("call-1", "s_1", "tes"), "test"));
  EXPECT_FALSE(IsOurs(CallFacts(), "test"));
  EXPECT_EQ(SessionOf(OutgoingCall("call-1", "s_1")), "s_1");
  EXPECT_EQ(SessionOf(CallFacts()), "");
}

TEST(Ownership, AConferenceIsOursByItsWholePrefix) {
  const auto session = [](const std::string& name) {
    return SessionOf(ListedConference("conference-1", name), "test");
  };
  EXPECT_EQ(session("test/s_1"), "s_1");
  for (const char* name :
       {"", "test", "test/", "test2/s_1", "tes/s_1", "best/s_1", "s_1", "other/test/s_1"}) {
    EXPECT_NE(session(name).value_or("-"), "s_1") << name;
  }
  EXPECT_EQ(session("test2/s_1"), std::nullopt);
  EXPECT_EQ(session("best/s_1"), std::nullopt) << "another's prefix of the same length";
  EXPECT_EQ(session("other/test/s_1"), std::nullopt);
  EXPECT_EQ(session("test"), std::nullopt);
}

TEST(Ownership, AnIncomingCallThatNobodyAnsweredIsNeverHungUp) {
  for (const auto direction : {CallFacts::DIRECTION_INBOUND, CallFacts::DIRECTION_UNSPECIFIED}) {
    CallFacts call;
    call.set_direction(direction);
    for (const auto state : {CallFacts::STATE_UNSPECIFIED, CallFacts::STATE_CALLING,
                             CallFacts::STATE_RINGING, CallFacts::STATE_PRE_ESTABLISHED}) {
      call.set_state(state);
      EXPECT_FALSE(MayBeHungUp(call)) << call.DebugString();
    }
    call.set_state(CallFacts::STATE_ESTABLISHED);
    EXPECT_TRUE(MayBeHungUp(call)) << call.DebugString();
    call.set_state(CallFacts::STATE_UNSPECIFIED);
    call.mutable_answer_time();
    EXPECT_TRUE(MayBeHungUp(call)) << "it was answered at some time: " << call.DebugString();
  }
  CallFacts outgoing;
  outgoing.set_direction(CallFacts::DIRECTION_OUTBOUND);
  outgoing.set_state(CallFacts::STATE_RINGING);
  EXPECT_TRUE(MayBeHungUp(outgoing));
  outgoing.set_state(CallFacts::STATE_ENDED);
  EXPECT_FALSE(MayBeHungUp(outgoing)) << "there is nothing to hang up";
}

TEST(Ownership, ALivingSessionOwnsItsCallsAndThoseItHasNotHeardOf) {
  EXPECT_TRUE(Owns(Living(), OutgoingCall("call-1", "s_1")));
  EXPECT_TRUE(Owns(Living(), OutgoingCall("call-2", "s_1")));
  EXPECT_TRUE(Owns(Living(), ListedConference("conference-2", "test/s_1")));
  Session ending = Living();
  ending.mutable_ending();
  EXPECT_TRUE(Owns(ending, OutgoingCall("call-1", "s_1")));
}

TEST(Ownership, ALegThatIsOverOwnsNothing) {
  Session session = Living();
  session.mutable_legs(0)->set_state(callbridge::v1::Leg::STATE_ENDED);
  EXPECT_FALSE(Owns(session, OutgoingCall("call-1", "s_1")));
}

TEST(Ownership, AnEndedSessionOwnsOnlyWhatItPursues) {
  EXPECT_FALSE(Owns(EndedOne(false), OutgoingCall("call-1", "s_1")));
  EXPECT_TRUE(Owns(EndedOne(true), OutgoingCall("call-1", "s_1")));
  EXPECT_FALSE(Owns(EndedOne(true), OutgoingCall("call-2", "s_1")));

  const ConferenceFacts conference = ListedConference("conference-1", "test/s_1");
  EXPECT_FALSE(Owns(EndedOne(false), conference));
  EXPECT_TRUE(Owns(EndedOne(true), conference));
  EXPECT_FALSE(Owns(EndedOne(true), ListedConference("conference-2", "test/s_1")));
  Session finished = EndedOne(true);
  finished.mutable_conference()->set_finished(true);
  EXPECT_FALSE(Owns(finished, conference)) << "it takes it for over";
  finished.mutable_conference()->add_surplus_ids("conference-2");
  EXPECT_TRUE(Owns(finished, ListedConference("conference-2", "test/s_1")));
}

}  // namespace
}  // namespace callbridge::worker
