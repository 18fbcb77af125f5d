#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/api/start_bridge.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using std::chrono::seconds;
using tests::ApiWorld;
using tests::ClickToCall;
using tests::ReadError;
using tests::ReadErrorOf;
using tests::ReasonOf;
using tests::SessionName;

v1::StartBridgeRequest TakeOffer(const std::string& request_id, const std::string& session_id) {
  v1::StartBridgeRequest request = ClickToCall(request_id);
  request.mutable_caller()->set_offered_session_id(session_id);
  return request;
}

TEST(StartBridge, AnswersWithASessionThatGetAndListFind) {
  ApiWorld world;
  world.StartWorker();
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world.Start(ClickToCall("r-1"), &started).ok());
  EXPECT_FALSE(started.replayed());
  EXPECT_EQ(started.session().state(), v1::Session::STATE_PREPARING);
  EXPECT_EQ(started.session().request_id(), "r-1");
  EXPECT_TRUE(base::IsSessionId(started.session().session_id()));
  v1::GetSessionResponse got;
  ASSERT_TRUE(world.Get(started.session().session_id(), &got).ok());
  EXPECT_GE(got.session().version(), started.session().version());
  v1::ListSessionsRequest list;
  list.set_request_id("r-1");
  v1::ListSessionsResponse listed;
  ASSERT_TRUE(world.List(list, &listed).ok());
  ASSERT_EQ(listed.sessions_size(), 1);
  EXPECT_EQ(listed.sessions(0).session_id(), started.session().session_id());
}

TEST(StartBridge, ReturnsTheSessionAsItHasBecomeForTheSameRequest) {
  ApiWorld world;
  world.StartWorker();
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world.Start(ClickToCall("r-1"), &started).ok());
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world.End(started.session().session_id(), &ended).ok());
  // Neither a full house nor changed settings spoil a repetition.
  world.free_disk_bytes = 0;
  world.settings.mutable_dialing()->add_denied_prefixes("+44");
  v1::StartBridgeResponse again;
  ASSERT_TRUE(world.Start(ClickToCall("r-1"), &again).ok());
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.session().session_id(), started.session().session_id());
  EXPECT_GE(again.session().state(), v1::Session::STATE_ENDING);
  EXPECT_GT(again.session().version(), started.session().version());
  const auto counts = world.story.store().Count();
  ASSERT_TRUE(counts.ok());
  EXPECT_LE(counts->live_sessions, 1);
}

TEST(StartBridge, RefusesARequestIdWithOtherContent) {
  ApiWorld world;
  world.StartWorker();
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world.Start(ClickToCall("r-1"), &started).ok());
  v1::StartBridgeRequest other = ClickToCall("r-1");
  other.mutable_callees(0)->mutable_endpoint()->mutable_phone()->set_number("+447700900008");
  v1::StartBridgeResponse response;
  const ReadError error = ReadErrorOf(world.Start(other, &response));
  EXPECT_EQ(error.code, grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(error.reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(error.metadata.at("session_id"), started.session().session_id());
}

TEST(StartBridge, MakesOneSessionOfManySimultaneousRepetitions) {
  ApiWorld world;
  world.StartWorker();
  std::vector<v1::StartBridgeResponse> responses(16);
  {
    std::vector<std::jthread> callers;
    for (v1::StartBridgeResponse& response : responses) {
      callers.emplace_back(
          [&world, &response] { EXPECT_TRUE(world.Start(ClickToCall("r-1"), &response).ok()); });
    }
  }
  std::set<std::string> sessions;
  int fresh = 0;
  for (const v1::StartBridgeResponse& response : responses) {
    sessions.insert(response.session().session_id());
    fresh += response.replayed() ? 0 : 1;
  }
  EXPECT_EQ(sessions.size(), 1U);
  EXPECT_EQ(fresh, 1);
}

TEST(StartBridge, StoresNothingWhenItOnlyValidates) {
  ApiWorld world;
  world.StartWorker();
  v1::StartBridgeRequest request = ClickToCall("r-1");
  request.set_validate_only(true);
  v1::StartBridgeResponse preview;
  ASSERT_TRUE(world.Start(request, &preview).ok());
  EXPECT_EQ(preview.session().state(), v1::Session::STATE_PREPARING);
  EXPECT_EQ(preview.session().session_id(), "");
  EXPECT_EQ(preview.session().callees_size(), 1);
  v1::ListSessionsResponse listed;
  ASSERT_TRUE(world.List({}, &listed).ok());
  EXPECT_EQ(listed.sessions_size(), 0);
  request.set_validate_only(false);
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world.Start(request, &started).ok());
  EXPECT_FALSE(started.replayed());
}

TEST(StartBridge, GivesAnOfferToTheFirstAndTheSameErrorToTheOtherEachTime) {
  ApiWorld world;
  world.StartWorker();
  const std::string session_id = world.OfferCall("call-1");
  v1::StartBridgeResponse first;
  ASSERT_TRUE(world.Start(TakeOffer("r-1", session_id), &first).ok());
  EXPECT_EQ(first.session().session_id(), session_id);
  for (int i = 0; i < 2; ++i) {
    v1::StartBridgeResponse second;
    const ReadError error = ReadErrorOf(world.Start(TakeOffer("r-2", session_id), &second));
    EXPECT_EQ(error.code, grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(error.reason, "OFFER_TAKEN");
    EXPECT_EQ(error.metadata.at("session_id"), session_id);
  }
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world.End(session_id, &ended).ok());
  v1::StartBridgeResponse later;
  EXPECT_EQ(ReasonOf(world.Start(TakeOffer("r-2", session_id), &later)), "OFFER_TAKEN");
  v1::StartBridgeResponse again;
  ASSERT_TRUE(world.Start(TakeOffer("r-1", session_id), &again).ok());
  EXPECT_TRUE(again.replayed());
}

TEST(StartBridge, DoesNotTakeAnOfferThatIsGone) {
  ApiWorld world;
  world.StartWorker();
  const std::string session_id = world.OfferCall("call-1");
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world.End(session_id, &ended).ok());
  v1::StartBridgeRequest request = TakeOffer("r-1", session_id);
  v1::StartBridgeResponse response;
  request.set_validate_only(true);
  EXPECT_EQ(ReasonOf(world.Start(request, &response)), "OFFER_GONE");
  request.set_validate_only(false);
  EXPECT_EQ(ReasonOf(world.Start(request, &response)), "OFFER_GONE");
}

TEST(StartBridge, PreviewsAnOfferWithoutTakingIt) {
  ApiWorld world;
  const std::string session_id = world.OfferCall("call-1");
  ASSERT_EQ(tests::StepAll(world.story.store(), world.story.clock().Now()), 1);
  v1::StartBridgeRequest request = TakeOffer("r-1", session_id);
  request.set_validate_only(true);
  v1::StartBridgeResponse preview;
  ASSERT_TRUE(world.Start(request, &preview).ok());
  EXPECT_EQ(preview.session().session_id(), session_id);
  EXPECT_EQ(preview.session().state(), v1::Session::STATE_PREPARING);
  v1::GetSessionResponse got;
  ASSERT_TRUE(world.Get(session_id, &got).ok());
  EXPECT_EQ(got.session().state(), v1::Session::STATE_OFFERED);
}

TEST(StartBridge, DoesNotKnowAnOfferThatNeverWas) {
  ApiWorld world;
  v1::StartBridgeResponse response;
  const ReadError error = ReadErrorOf(world.Start(TakeOffer("r-1", SessionName(1)), &response));
  EXPECT_EQ(error.code, grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(error.reason, "SESSION_NOT_FOUND");
}

TEST(StartBridge, TellsInWordsThatThereIsNoRoom) {
  ApiWorld world;
  world.story.Begin(SessionName(1));
  world.StartWorker();
  v1::StartBridgeResponse response;
  world.free_disk_bytes = (256LL << 20) - 1;
  ReadError error = ReadErrorOf(world.Start(ClickToCall("r-1"), &response));
  EXPECT_EQ(error.code, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(error.reason, "TOO_LITTLE_DISK");
  EXPECT_EQ(error.metadata.at("limit"), "268435456");
  EXPECT_TRUE(error.retry_delay.has_value());
  world.free_disk_bytes = 256LL << 20;
  world.settings.mutable_limits()->set_sessions_max(1);
  error = ReadErrorOf(world.Start(ClickToCall("r-1"), &response));
  EXPECT_EQ(error.reason, "TOO_MANY_SESSIONS");
  EXPECT_EQ(error.metadata.at("limit"), "1");
  world.story.End(SessionName(1));
  EXPECT_TRUE(world.Start(ClickToCall("r-1"), &response).ok());
}

TEST(StartBridge, RefusesWhatWouldWaitTooLongForItsDial) {
  ApiWorld world;
  v1::StartBridgeResponse response;
  // The second dial would leave 20 s after the first.
  world.rates.dials_per_second = 0.05;
  const ReadError error = ReadErrorOf(world.Start(ClickToCall("r-1"), &response));
  EXPECT_EQ(error.code, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(error.reason, "DIAL_BACKLOG");
  EXPECT_EQ(error.metadata.at("backlog"), "0");
  EXPECT_EQ(error.metadata.at("rate"), "0.05");
  EXPECT_EQ(error.retry_delay, seconds(2));
}

TEST(StartBridge, SaysThatItIsDraining) {
  ApiWorld world;
  world.service.Drain();
  v1::StartBridgeResponse response;
  const ReadError error = ReadErrorOf(world.Start(ClickToCall("r-1"), &response));
  EXPECT_EQ(error.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(error.reason, "DRAINING");
  EXPECT_TRUE(error.retry_delay.has_value());
}

TEST(StartBridge, IsDurableEvenIfNobodyStepsItBeforeTheDeadline) {
  ApiWorld world;
  api::BridgeStarter starter(world.story.store(), world.settings, world.room, world.story.clock(),
                             world.random_bits);
  const auto begun = starter.Begin(ClickToCall("r-1"), {});
  ASSERT_TRUE(begun.ok()) << begun.status();
  const auto& claim = std::get<api::BridgeStarter::Claim>(*begun);
  EXPECT_EQ(ReasonOf(api::ToGrpcStatus(starter.Answer(claim, std::nullopt).status())),
            "STORE_UNAVAILABLE");
  tests::StepAll(world.story.store(), world.story.clock().Now());
  v1::StartBridgeResponse again;
  ASSERT_TRUE(world.Start(ClickToCall("r-1"), &again).ok());
  EXPECT_TRUE(again.replayed());
  EXPECT_EQ(again.session().session_id(), claim.session_id);
  EXPECT_EQ(again.session().state(), v1::Session::STATE_PREPARING);
}

TEST(EndSession, EndsASessionAndAnEndedOneAgain) {
  ApiWorld world;
  world.story.Begin(SessionName(1));
  world.story.End(SessionName(1));
  world.StartWorker();
  const std::string session_id = world.OfferCall("call-1");
  v1::EndSessionResponse response;
  ASSERT_TRUE(world.End(session_id, &response).ok());
  EXPECT_GE(response.session().state(), v1::Session::STATE_ENDING);
  EXPECT_EQ(response.session().outcome().request_reason(), "no longer needed");
  ASSERT_TRUE(world.End(SessionName(1), &response).ok());
  EXPECT_EQ(response.session().state(), v1::Session::STATE_ENDED);
}

TEST(EndSession, RefusesWhatItCannotEnd) {
  ApiWorld world;
  v1::EndSessionResponse response;
  EXPECT_EQ(ReasonOf(world.End(SessionName(1), &response)), "SESSION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(world.End("", &response)), "INVALID_FIELD");
  grpc::ClientContext context;
  tests::SetDeadline(context);
  v1::EndSessionRequest request;
  request.set_session_id(SessionName(1));
  request.set_reason(std::string(257, 'x'));
  const ReadError error = ReadErrorOf(world.stub->EndSession(&context, request, &response));
  EXPECT_THAT(error.fields, testing::ElementsAre("reason"));
}

TEST(GetSession, DoesNotKnowASessionThatNeverWas) {
  ApiWorld world;
  v1::GetSessionResponse response;
  EXPECT_EQ(ReasonOf(world.Get(SessionName(1), &response)), "SESSION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(world.Get("", &response)), "INVALID_FIELD");
}

}  // namespace
}  // namespace callbridge
