// StartRecording, StopRecording and ListRecordings over gRPC: what is stored, what is refused with
// which words, and how lists are paged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using tests::ApiWorld;
using tests::ClickToCall;
using tests::ReadError;
using tests::ReadErrorOf;
using tests::ReasonOf;
using tests::SessionName;

// A click to call whose caller is being dialled.
class RecordingWishes : public testing::Test {
 protected:
  RecordingWishes() {
    world_.StartWorker();
    v1::StartBridgeResponse started;
    EXPECT_TRUE(world_.Start(ClickToCall("start"), &started).ok());
    session_id_ = started.session().session_id();
  }

  v1::StartRecordingRequest Start(const std::string& request_id) {
    v1::StartRecordingRequest request;
    request.set_session_id(session_id_);
    request.set_request_id(request_id);
    return request;
  }
  grpc::Status Ask(const v1::StartRecordingRequest& request) {
    started_.Clear();
    return world_.Ask(&v1::BridgeService::Stub::StartRecording, request, &started_);
  }
  grpc::Status AskToStop(const std::string& request_id) {
    v1::StopRecordingRequest request;
    request.set_session_id(session_id_);
    request.set_request_id(request_id);
    stopped_.Clear();
    return world_.Ask(&v1::BridgeService::Stub::StopRecording, request, &stopped_);
  }

  internal::v1::Recordings Stored() {
    const auto session = world_.story.store().GetSession(session_id_);
    EXPECT_TRUE(session.ok());
    return session->recordings();
  }
  v1::SessionEvent LastEvent() {
    const auto events = world_.story.store().ReadEvents(session_id_, 0, 100);
    EXPECT_TRUE(events.ok());
    return events->back();
  }

  ApiWorld world_;
  std::string session_id_;
  v1::StartRecordingResponse started_;
  v1::StopRecordingResponse stopped_;
};

TEST_F(RecordingWishes, AreStoredAndTold) {
  ASSERT_TRUE(Ask(Start("r-1")).ok());
  EXPECT_FALSE(started_.replayed());
  EXPECT_EQ(started_.session().session_id(), session_id_);
  // Without a word of the plan the conference is recorded.
  EXPECT_EQ(Stored().mode_wanted(), v1::RECORDING_MODE_CONFERENCE);
  EXPECT_EQ(LastEvent().recording_requested().mode(), v1::RECORDING_MODE_CONFERENCE);
  EXPECT_EQ(LastEvent().recording_requested().request_id(), "r-1");
  EXPECT_EQ(LastEvent().source(), v1::SessionEvent::SOURCE_API);
  ASSERT_TRUE(Ask(Start("r-1")).ok());
  EXPECT_TRUE(started_.replayed());
  ASSERT_TRUE(AskToStop("r-2").ok());
  EXPECT_EQ(Stored().mode_wanted(), v1::RECORDING_MODE_UNSPECIFIED);
  EXPECT_EQ(LastEvent().recording_requested().mode(), v1::RECORDING_MODE_UNSPECIFIED);
}

TEST_F(RecordingWishes, MayAskForABeepOfEachLegOnly) {
  v1::StartRecordingRequest request = Start("r-1");
  request.set_beep(true);
  const ReadError vague = ReadErrorOf(Ask(request));
  EXPECT_EQ(vague.code, grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(vague.fields, ElementsAre("beep"));
  request.set_mode(v1::RECORDING_MODE_CONFERENCE);
  EXPECT_THAT(ReadErrorOf(Ask(request)).fields, ElementsAre("beep"));
  EXPECT_FALSE(Stored().decided());
  request.set_mode(v1::RECORDING_MODE_LEGS);
  ASSERT_TRUE(Ask(request).ok());
  EXPECT_TRUE(Stored().beep_wanted());
}

TEST_F(RecordingWishes, NameEveryFieldAtFault) {
  EXPECT_THAT(ReadErrorOf(Ask({})).fields, UnorderedElementsAre("session_id", "request_id"));
  v1::StartRecordingRequest unknown = Start("r-1");
  unknown.set_mode(static_cast<v1::RecordingMode>(99));
  EXPECT_THAT(ReadErrorOf(Ask(unknown)).fields, ElementsAre("mode"));
  EXPECT_THAT(ReadErrorOf(AskToStop("")).fields, ElementsAre("request_id"));
}

TEST_F(RecordingWishes, ARequestIdHasOneContentAndOneKind) {
  ASSERT_TRUE(Ask(Start("r-1")).ok());
  v1::StartRecordingRequest other = Start("r-1");
  other.set_mode(v1::RECORDING_MODE_LEGS);
  EXPECT_EQ(ReasonOf(Ask(other)), "REQUEST_ID_REUSED");
  // The same bytes as the start.
  EXPECT_EQ(ReasonOf(AskToStop("r-1")), "REQUEST_ID_REUSED");
}

TEST_F(RecordingWishes, OnlyValidateIfTheyAreAskedTo) {
  v1::StartRecordingRequest request = Start("r-1");
  request.set_validate_only(true);
  ASSERT_TRUE(Ask(request).ok());
  EXPECT_EQ(started_.session().session_id(), session_id_);
  EXPECT_FALSE(Stored().decided());
}

TEST_F(RecordingWishes, AreRefusedOnceTheOutcomeIsDecidedAndWhileTheServerDrains) {
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world_.End(session_id_, &ended).ok());
  EXPECT_EQ(ReasonOf(Ask(Start("r-1"))), "SESSION_OVER");
  EXPECT_EQ(ReasonOf(AskToStop("r-2")), "SESSION_OVER");
  world_.service.Drain();
  EXPECT_EQ(ReasonOf(Ask(Start("r-3"))), "DRAINING");
}

TEST(RecordingWish, IsRefusedOnceAPersonHasRefusedToBeRecorded) {
  ApiWorld world;
  world.story.Begin(SessionName(1));
  world.story.Refuse(SessionName(1));
  world.StartWorker();
  v1::StartRecordingRequest request;
  request.set_session_id(SessionName(1));
  request.set_request_id("r-1");
  v1::StartRecordingResponse started;
  const ReadError error =
      ReadErrorOf(world.Ask(&v1::BridgeService::Stub::StartRecording, request, &started));
  EXPECT_EQ(error.code, grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(error.reason, "NOTICE_REFUSED");
  EXPECT_EQ(error.metadata.at("leg_id"), "caller");
  v1::GetSessionRequest get;
  get.set_session_id(SessionName(1));
  v1::GetSessionResponse shown;
  ASSERT_TRUE(world.Ask(&v1::BridgeService::Stub::GetSession, get, &shown).ok());
  ASSERT_EQ(shown.session().notices_size(), 1);
  EXPECT_EQ(shown.session().notices(0).result(), v1::NoticeEvidence::RESULT_REFUSED);
}

class ListRecordings : public testing::Test {
 protected:
  grpc::Status Ask(const v1::ListRecordingsRequest& request) {
    listed_.Clear();
    return world_.Ask(&v1::BridgeService::Stub::ListRecordings, request, &listed_);
  }
  std::vector<std::string> Ids() const {
    std::vector<std::string> ids;
    for (const v1::Recording& recording : listed_.recordings()) {
      ids.push_back(recording.recording_id());
    }
    return ids;
  }

  ApiWorld world_;
  v1::ListRecordingsResponse listed_;
};

TEST_F(ListRecordings, PagesThroughRecordedSessionsNewestFirst) {
  for (int i = 0; i < 9; ++i) {
    world_.story.Begin(SessionName(i));
    for (int recording = 0; recording < i % 3; ++recording) world_.story.Record(SessionName(i));
  }
  std::vector<std::string> wanted;
  for (const int i : {8, 7, 5, 4, 2, 1}) {
    for (int recording = i % 3; recording > 0; --recording) {
      wanted.push_back(SessionName(i) + "/" + std::to_string(recording));
    }
  }
  v1::ListRecordingsRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    ASSERT_TRUE(Ask(request).ok());
    EXPECT_LE(listed_.recordings_size(), 4);
    for (const std::string& id : Ids()) seen.push_back(id);
    request.set_page_token(listed_.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, wanted);
}

TEST_F(ListRecordings, OfOneSessionComeOnOnePage) {
  for (int i = 0; i < 2; ++i) world_.story.Begin(SessionName(i));
  for (int i = 0; i < 3; ++i) world_.story.Record(SessionName(1));
  v1::ListRecordingsRequest request;
  request.set_session_id(SessionName(1));
  request.set_page_size(1);
  ASSERT_TRUE(Ask(request).ok());
  EXPECT_THAT(Ids(),
              ElementsAre(SessionName(1) + "/3", SessionName(1) + "/2", SessionName(1) + "/1"));
  EXPECT_EQ(listed_.next_page_token(), "");
  request.set_session_id(SessionName(0));
  ASSERT_TRUE(Ask(request).ok());
  EXPECT_THAT(Ids(), IsEmpty());
  request.set_session_id(SessionName(7));
  EXPECT_EQ(ReasonOf(Ask(request)), "SESSION_NOT_FOUND");
}

TEST_F(ListRecordings, RefuseATokenOfAnotherListAndBadSizes) {
  for (int i = 0; i < 2; ++i) {
    world_.story.Begin(SessionName(i));
    world_.story.Record(SessionName(i));
  }
  v1::ListRecordingsRequest request;
  request.set_page_size(1);
  ASSERT_TRUE(Ask(request).ok());
  request.set_page_token(listed_.next_page_token());
  ASSERT_TRUE(Ask(request).ok());
  request.set_session_id(SessionName(0));
  EXPECT_THAT(ReadErrorOf(Ask(request)).fields, ElementsAre("page_token"));
  v1::ListSessionsRequest sessions;
  sessions.set_page_size(1);
  v1::ListSessionsResponse listed;
  ASSERT_TRUE(world_.List(sessions, &listed).ok());
  v1::ListRecordingsRequest foreign;
  foreign.set_page_token(listed.next_page_token());
  EXPECT_THAT(ReadErrorOf(Ask(foreign)).fields, ElementsAre("page_token"));
  v1::ListRecordingsRequest bad;
  bad.set_page_size(-1);
  bad.set_session_id(std::string(1'000, 's'));
  EXPECT_THAT(ReadErrorOf(Ask(bad)).fields, UnorderedElementsAre("page_size", "session_id"));
}

}  // namespace
}  // namespace callbridge
