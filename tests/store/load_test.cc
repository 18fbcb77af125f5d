// What admission asks of a store: sessions that are alive, and what they will still ask of the
// provider, from their acceptance on.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "server/store/rules/to_come.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using internal::v1::IncomingCall;
using std::chrono::seconds;

NewInput Request(const std::string& session_id, base::Duration start_before) {
  NewInput input = StartRequest(session_id, "");
  internal::v1::StartBridge& start = *input.input.mutable_start_bridge();
  start.mutable_caller()->mutable_phone()->set_number("+447700900123");
  start.mutable_settings()->mutable_timing()->mutable_dial_queue()->set_seconds(20);
  *start.mutable_start_before_time() = base::ToTimestamp(kStart + start_before);
  *input.input.mutable_receive_time() = base::ToTimestamp(kStart);
  return input;
}

NewInput Incoming(const std::string& session_id, IncomingCall::Arrangement arrangement) {
  NewInput input;
  input.creates_session_id = session_id;
  input.call_id = "call-" + session_id;
  input.input.mutable_incoming_call()->set_arrangement(arrangement);
  return input;
}

class LoadTest : public StoreTest {
 protected:
  store::Load ReadLoad() {
    const auto load = store().ReadLoad();
    EXPECT_TRUE(load.ok()) << load.status();
    return load.ok() ? *load : store::Load();
  }
};

TEST_P(LoadTest, AnEmptyStoreHasNothingToCome) {
  const store::Load load = ReadLoad();
  EXPECT_EQ(load.live_sessions, 0);
  EXPECT_EQ(load.dials_to_come, 0);
  EXPECT_EQ(load.conferences_to_come, 0);
  EXPECT_FALSE(load.first_dial_by_time.has_value());
}

TEST_P(LoadTest, CountsWhatWasAcceptedAndNotSteppedYet) {
  Append(Request("s_1", seconds(30)));
  Append(Request("s_2", seconds(7)));
  Append(Incoming("s_3", IncomingCall::ARRANGEMENT_BRIDGE));
  Append(Incoming("s_4", IncomingCall::ARRANGEMENT_OFFER));
  Append(Incoming("s_5", IncomingCall::ARRANGEMENT_REJECT));
  Append(Incoming("s_6", IncomingCall::ARRANGEMENT_BUSY));
  const store::Load load = ReadLoad();
  EXPECT_EQ(load.live_sessions, 6);
  EXPECT_EQ(load.dials_to_come, 2 + 2 + 1);
  EXPECT_EQ(load.conferences_to_come, 3);
  EXPECT_EQ(load.first_dial_by_time, kStart + seconds(7));
}

TEST_P(LoadTest, ADialQueueEndsBeforeAPatientRequest) {
  Append(Request("s_1", seconds(30)));
  EXPECT_EQ(ReadLoad().first_dial_by_time, kStart + seconds(20));
}

TEST_P(LoadTest, CountsARequestForAnOfferFromItsAcceptanceOn) {
  Append(Incoming("s_1", IncomingCall::ARRANGEMENT_OFFER));
  SessionCommit commit = StepOf(StoreTest::Load("s_1"));
  commit.session.mutable_offered();
  AddEvent(commit, callbridge::v1::Session::STATE_OFFERED);
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_EQ(ReadLoad().dials_to_come, 0);
  NewInput take = StartRequest("s_1", "");
  take.creates_session_id.clear();
  Append(take);
  EXPECT_EQ(ReadLoad().dials_to_come, 1);
  EXPECT_EQ(ReadLoad().conferences_to_come, 1);
}

TEST_P(LoadTest, ForgetsWhatHasEnded) {
  Append(Request("s_1", seconds(30)));
  SessionCommit commit = StepOf(StoreTest::Load("s_1"));
  commit.session.mutable_ended();
  ASSERT_TRUE(Commit(commit).ok());
  const store::Load load = ReadLoad();
  EXPECT_EQ(load.live_sessions, 0);
  EXPECT_EQ(load.dials_to_come, 0);
  EXPECT_FALSE(load.first_dial_by_time.has_value());
}

// Every phase, with and without a conference and a dial that waits.
TEST(ToCome, IsWhatEachPhaseStillAsks) {
  struct Row {
    void (*enter)(internal::v1::Session&);
    int dials;
    bool conference;
    // With a dial that waits for its turn.
    int dials_waiting;
  };
  const Row rows[] = {
      {[](internal::v1::Session& session) { session.mutable_offered(); }, 0, false, 0},
      {[](internal::v1::Session& session) { session.mutable_answering_caller(); }, 1, true, 1},
      {[](internal::v1::Session& session) { session.mutable_dialing_caller(); }, 2, true, 2},
      {[](internal::v1::Session& session) {
         session.mutable_dialing_caller();
         // The caller has a leg before the dial is issued.
         session.add_legs();
       },
       2, true, 2},
      {[](internal::v1::Session& session) {
         session.mutable_dialing_caller();
         session.add_legs()->set_dial(2);
       },
       1, true, 2},
      {[](internal::v1::Session& session) { session.mutable_joining_caller(); }, 1, true, 1},
      {[](internal::v1::Session& session) { session.mutable_greeting(); }, 1, true, 1},
      {[](internal::v1::Session& session) { session.mutable_dialing_callee(); }, 0, false, 1},
      {[](internal::v1::Session& session) { session.mutable_stopping_music(); }, 0, false, 0},
      {[](internal::v1::Session& session) { session.mutable_announcing(); }, 0, false, 0},
      {[](internal::v1::Session& session) { session.mutable_connected(); }, 0, false, 0},
      {[](internal::v1::Session& session) { session.mutable_apologizing(); }, 0, false, 0},
      {[](internal::v1::Session& session) { session.mutable_ending(); }, 0, false, 0},
      {[](internal::v1::Session& session) { session.mutable_ended(); }, 0, false, 0},
      {[](internal::v1::Session&) {}, 0, false, 0},
  };
  for (const Row& row : rows) {
    internal::v1::Session session;
    row.enter(session);
    SCOPED_TRACE(session.phase_case());
    EXPECT_EQ(ToComeOf(session).dials, row.dials);
    EXPECT_EQ(ToComeOf(session).conferences, row.conference ? 1 : 0);
    EXPECT_EQ(ToComeOf(session).dial_by_time.has_value(), row.dials == 2);
    internal::v1::OpenCommand& dial = *session.add_open_commands();
    dial.mutable_command()->mutable_dial_leg();
    dial.set_status(internal::v1::Command::STATUS_IN_FLIGHT);
    EXPECT_EQ(ToComeOf(session).dials, row.dials) << "it has left";
    dial.set_status(internal::v1::Command::STATUS_PENDING);
    EXPECT_EQ(ToComeOf(session).dials, row.dials_waiting);
    session.mutable_conference()->set_conference_id("conference");
    EXPECT_EQ(ToComeOf(session).conferences, 0);
  }
}

CALLBRIDGE_TEST_ENGINES(LoadTest);

}  // namespace
}  // namespace callbridge::store
