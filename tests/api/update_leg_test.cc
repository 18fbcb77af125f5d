// UpdateLeg over gRPC: who is muted and deafened, what is refused, and what a repetition does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "server/base/time.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using tests::ApiWorld;
using tests::ClickToCall;
using tests::ReadError;
using tests::ReadErrorOf;
using tests::ReasonOf;
using tests::SessionName;

// A click to call whose caller is being dialled.
class UpdateLegTest : public testing::Test {
 protected:
  UpdateLegTest() {
    world_.StartWorker();
    v1::StartBridgeResponse started;
    EXPECT_TRUE(world_.Start(ClickToCall("r-1"), &started).ok());
    session_id_ = started.session().session_id();
  }

  v1::UpdateLegRequest Mute(const std::string& request_id) const {
    v1::UpdateLegRequest request;
    request.set_session_id(session_id_);
    request.set_leg_id("caller");
    request.set_request_id(request_id);
    request.set_muted(true);
    return request;
  }

  grpc::Status Update(const v1::UpdateLegRequest& request) {
    grpc::ClientContext context;
    tests::SetDeadline(context);
    return world_.stub->UpdateLeg(&context, request, &response_);
  }

  v1::Leg Caller() {
    v1::GetSessionResponse got;
    EXPECT_TRUE(world_.Get(session_id_, &got).ok());
    return got.session().legs(0);
  }

  ApiWorld world_;
  std::string session_id_;
  v1::UpdateLegResponse response_;
};

TEST_F(UpdateLegTest, ShowsTheWishUntilTheProviderConfirmsIt) {
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  EXPECT_FALSE(response_.replayed());
  EXPECT_TRUE(response_.session().legs(0).mute_wanted());
  EXPECT_FALSE(response_.session().legs(0).muted());
  EXPECT_FALSE(response_.session().legs(0).deafen_wanted());
  const auto events = world_.story.store().ReadEvents(session_id_, 0, 100);
  ASSERT_TRUE(events.ok());
  const v1::LegUpdateRequested& told = events->back().leg_update_requested();
  EXPECT_EQ(told.leg_id(), "caller");
  EXPECT_TRUE(told.mute_wanted());
  EXPECT_EQ(events->back().source(), v1::SessionEvent::SOURCE_API);
}

TEST_F(UpdateLegTest, KeepsWhenTheRequestCame) {
  world_.story.clock().Advance(std::chrono::seconds(7));
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  const auto inputs = world_.story.store().ReadInputs(session_id_);
  ASSERT_TRUE(inputs.ok());
  ASSERT_TRUE(inputs->back().input.has_update_leg());
  EXPECT_EQ(base::FromTimestamp(inputs->back().input.receive_time()), world_.story.clock().Now());
}

TEST_F(UpdateLegTest, LeavesWhatTheRequestDoesNotName) {
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  v1::UpdateLegRequest deafen = Mute("m-2");
  deafen.clear_muted();
  deafen.set_deafened(true);
  ASSERT_TRUE(Update(deafen).ok());
  EXPECT_TRUE(Caller().mute_wanted());
  EXPECT_TRUE(Caller().deafen_wanted());
}

TEST_F(UpdateLegTest, ARepetitionChangesNothingEvenAfterAnotherWish) {
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  v1::UpdateLegRequest unmute = Mute("m-2");
  unmute.set_muted(false);
  ASSERT_TRUE(Update(unmute).ok());
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  EXPECT_TRUE(response_.replayed());
  EXPECT_FALSE(Caller().mute_wanted());
}

TEST_F(UpdateLegTest, ARequestIdHasOneContent) {
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  v1::UpdateLegRequest other = Mute("m-1");
  other.set_muted(false);
  const ReadError error = ReadErrorOf(Update(other));
  EXPECT_EQ(error.code, grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(error.reason, "REQUEST_ID_REUSED");
  EXPECT_TRUE(Caller().mute_wanted());
}

// The ids of StartBridge and of each session are apart, and no list finds a session by such an id.
TEST_F(UpdateLegTest, ARequestIdCountsWithinItsSession) {
  EXPECT_TRUE(Update(Mute("r-1")).ok());
  EXPECT_FALSE(response_.replayed());
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world_.Start(ClickToCall("r-2"), &started).ok());
  v1::UpdateLegRequest other = Mute("r-1");
  other.set_session_id(started.session().session_id());
  EXPECT_TRUE(Update(other).ok());
  EXPECT_FALSE(response_.replayed());
  EXPECT_TRUE(Update(Mute("m-9")).ok());
  v1::ListSessionsRequest list;
  list.set_request_id("m-9");
  v1::ListSessionsResponse listed;
  ASSERT_TRUE(world_.List(list, &listed).ok());
  EXPECT_EQ(listed.sessions_size(), 0);
}

TEST_F(UpdateLegTest, NamesEveryFieldAtFault) {
  const ReadError error = ReadErrorOf(Update({}));
  EXPECT_EQ(error.reason, "INVALID_FIELD");
  EXPECT_THAT(error.fields, UnorderedElementsAre("session_id", "leg_id", "request_id", "muted"));
  v1::UpdateLegRequest long_leg = Mute("m-1");
  long_leg.set_leg_id(std::string(65, 'x'));
  EXPECT_THAT(ReadErrorOf(Update(long_leg)).fields, ElementsAre("leg_id"));
}

TEST_F(UpdateLegTest, SaysWhatIsNotThere) {
  v1::UpdateLegRequest request = Mute("m-1");
  request.set_leg_id("callee-1");
  const ReadError no_leg = ReadErrorOf(Update(request));
  EXPECT_EQ(no_leg.code, grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(no_leg.reason, "LEG_NOT_FOUND");
  EXPECT_EQ(no_leg.metadata.at("leg_id"), "callee-1");
  request.set_session_id(SessionName(7));
  EXPECT_EQ(ReasonOf(Update(request)), "SESSION_NOT_FOUND");
  request.set_validate_only(true);
  EXPECT_EQ(ReasonOf(Update(request)), "SESSION_NOT_FOUND");
}

TEST_F(UpdateLegTest, IsRefusedOnceTheOutcomeIsDecided) {
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world_.End(session_id_, &ended).ok());
  const ReadError error = ReadErrorOf(Update(Mute("m-1")));
  EXPECT_EQ(error.code, grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(error.reason, "SESSION_OVER");
}

TEST_F(UpdateLegTest, OnlyValidatesIfItIsAskedTo) {
  v1::UpdateLegRequest request = Mute("m-1");
  request.set_validate_only(true);
  ASSERT_TRUE(Update(request).ok());
  EXPECT_EQ(response_.session().session_id(), session_id_);
  EXPECT_FALSE(Caller().mute_wanted());
  request.set_leg_id("callee-1");
  EXPECT_EQ(ReasonOf(Update(request)), "LEG_NOT_FOUND");
  // The id is still free.
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  EXPECT_FALSE(response_.replayed());
}

TEST_F(UpdateLegTest, ValidatingAKnownRequestIdTellsWhatTheRequestWouldMeet) {
  ASSERT_TRUE(Update(Mute("m-1")).ok());
  v1::UpdateLegRequest again = Mute("m-1");
  again.set_validate_only(true);
  ASSERT_TRUE(Update(again).ok());
  EXPECT_TRUE(response_.replayed());
  v1::UpdateLegRequest other = again;
  other.set_muted(false);
  EXPECT_EQ(ReasonOf(Update(other)), "REQUEST_ID_REUSED");
  EXPECT_TRUE(Caller().mute_wanted());
}

TEST_F(UpdateLegTest, IsRefusedWhileTheServerDrains) {
  world_.service.Drain();
  EXPECT_EQ(ReasonOf(Update(Mute("m-1"))), "DRAINING");
}

TEST_F(UpdateLegTest, APersonMayBeDialledMuted) {
  v1::StartBridgeRequest start = ClickToCall("r-9");
  start.mutable_caller()->set_muted(true);
  start.mutable_callees(0)->set_deafened(true);
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world_.Start(start, &started).ok());
  EXPECT_TRUE(started.session().legs(0).mute_wanted());
  EXPECT_FALSE(started.session().legs(0).deafen_wanted());
  EXPECT_TRUE(started.session().callees(0).deafened());
}

}  // namespace
}  // namespace callbridge
