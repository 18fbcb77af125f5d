#include "server/api/event_cursor.h"

#include <absl/strings/match.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/api/errors.h"
#include "server/api/grpc_edge.h"
#include "server/base/check.h"
#include "tests/api/error_reading.h"
#include "tests/api/story.h"

namespace callbridge::api {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::Labels;
using tests::SessionName;
using tests::Story;

const std::string kOne = SessionName(1);
const std::string kTwo = SessionName(2);

EventCursor MakeCursor(Story& story, const v1::StreamEventsRequest& request) {
  auto wish = ReadStreamRequest(request);
  base::Check(wish.ok(), "the test's request is valid");
  return {story.store(), *std::move(wish), story.clock().Now()};
}

// "s:<version>" for a snapshot, the sequence for an event, "b:<kind>" for a bookmark.
std::string Sign(const v1::StreamEventsResponse& message) {
  switch (message.item_case()) {
    case v1::StreamEventsResponse::kSnapshot:
      return "s:" + std::to_string(message.snapshot().version());
    case v1::StreamEventsResponse::kEvent:
      return std::to_string(message.event().sequence());
    case v1::StreamEventsResponse::kBookmark:
      return "b:" + v1::Bookmark::Kind_Name(message.bookmark().kind()).substr(5);
    case v1::StreamEventsResponse::ITEM_NOT_SET:
      return "nothing";
  }
  return "nothing";
}

struct Read {
  std::vector<std::string> signs;
  std::string last_token;
  std::optional<absl::Status> end;
  std::vector<v1::StreamEventsResponse> messages;
};

// Reads until nothing is stored any more.
Read ReadAll(Story& story, EventCursor& cursor) {
  Read read;
  for (bool drained = false; !drained && !read.end.has_value();) {
    EventCursor::Batch batch = cursor.Next(story.clock().Now());
    for (v1::StreamEventsResponse& message : batch.messages) {
      read.signs.push_back(Sign(message));
      if (!message.resume_token().empty()) read.last_token = message.resume_token();
      EXPECT_EQ(message.has_snapshot(), message.resume_token().empty());
      read.messages.push_back(std::move(message));
    }
    drained = batch.drained;
    read.end = batch.end;
  }
  return read;
}

Read ReadFrom(Story& story, const v1::StreamEventsRequest& request) {
  EventCursor cursor = MakeCursor(story, request);
  return ReadAll(story, cursor);
}

v1::StreamEventsRequest Of(const std::string& session_id, v1::StartPosition position) {
  v1::StreamEventsRequest request;
  request.set_session_id(session_id);
  request.set_position(position);
  return request;
}

v1::StreamEventsRequest Resume(const std::string& session_id, const std::string& token) {
  v1::StreamEventsRequest request;
  request.set_session_id(session_id);
  request.set_resume_token(token);
  return request;
}

TEST(EventCursor, GivesOneSessionsSnapshotThenWhatComes) {
  Story story;
  story.Begin(kOne);
  story.Tell(kOne);
  EventCursor cursor = MakeCursor(story, Of(kOne, v1::START_POSITION_UNSPECIFIED));
  EXPECT_THAT(ReadAll(story, cursor).signs,
              ElementsAre("s:2", "b:SNAPSHOT_COMPLETE", "b:CAUGHT_UP"));
  story.Tell(kOne);
  EXPECT_THAT(ReadAll(story, cursor).signs, ElementsAre("3"));
}

TEST(EventCursor, GivesAllOfOneSessionsHistoryAndEndsAfterItsLastEvent) {
  Story story;
  story.Begin(kOne);
  story.TellMany(kOne, 600);
  story.End(kOne);
  const Read read = ReadFrom(story, Of(kOne, v1::START_POSITION_BEGINNING));
  ASSERT_EQ(read.signs.size(), 602U);
  for (std::size_t i = 0; i < read.signs.size(); ++i) {
    EXPECT_EQ(read.signs[i], std::to_string(i + 1));
  }
  EXPECT_EQ(read.end, absl::OkStatus());
}

TEST(EventCursor, EndsAtOnceWhenResumedAfterTheLastEvent) {
  Story story;
  story.Begin(kOne);
  story.End(kOne);
  const Read first = ReadFrom(story, Of(kOne, v1::START_POSITION_BEGINNING));
  const Read again = ReadFrom(story, Resume(kOne, first.last_token));
  EXPECT_THAT(again.signs, IsEmpty());
  EXPECT_EQ(again.end, absl::OkStatus());
}

// A record of a recording may follow SessionEnded.
TEST(EventCursor, TellsWhatFollowsTheEndInStreamsOfAllSessionsOnly) {
  Story story;
  story.Begin(kOne);
  story.End(kOne);
  story.Tell(kOne);
  const Read one = ReadFrom(story, Of(kOne, v1::START_POSITION_BEGINNING));
  EXPECT_THAT(one.signs, ElementsAre("1", "2"));
  EXPECT_EQ(one.end, absl::OkStatus());
  EXPECT_EQ(ReadFrom(story, Resume(kOne, one.last_token)).end, absl::OkStatus());
  const Read shown = ReadFrom(story, Of(kOne, v1::START_POSITION_UNSPECIFIED));
  EXPECT_EQ(shown.signs.front(), "s:3");
  EXPECT_EQ(shown.end, absl::OkStatus());
  const Read all = ReadFrom(story, Of("", v1::START_POSITION_BEGINNING));
  EXPECT_THAT(all.signs, ElementsAre("1", "2", "3", "b:CAUGHT_UP"));
  EXPECT_EQ(all.end, std::nullopt);
}

TEST(EventCursor, ResumesRightAfterAnyMessage) {
  Story story;
  story.Begin(kOne);
  story.Begin(kTwo);
  story.TellMany(kOne, 5);
  story.TellMany(kTwo, 5);
  for (const std::string& session_id : {kOne, std::string()}) {
    const Read whole = ReadFrom(story, Of(session_id, v1::START_POSITION_BEGINNING));
    std::multiset<std::string> all;
    for (const auto& message : whole.messages) {
      if (message.has_event()) all.insert(message.event().event_id());
    }
    std::multiset<std::string> before;
    for (const auto& message : whole.messages) {
      if (!message.has_event()) continue;
      before.insert(message.event().event_id());
      std::multiset<std::string> both = before;
      for (const auto& later :
           ReadFrom(story, Resume(session_id, message.resume_token())).messages) {
        if (later.has_event()) both.insert(later.event().event_id());
      }
      EXPECT_EQ(both, all) << message.event().event_id();
    }
  }
}

TEST(EventCursor, ShowsTheLivingAndThenEventsFromBeforeTheSnapshot) {
  Story story;
  story.Begin(kOne);
  story.Begin(kTwo);
  story.End(kTwo);
  EventCursor cursor = MakeCursor(story, Of("", v1::START_POSITION_SNAPSHOT));
  cursor.Next(story.clock().Now());
  // Between the place where events begin and the snapshots: comes in both, is missed in none.
  story.Tell(kOne);
  const Read read = ReadAll(story, cursor);
  EXPECT_THAT(read.signs, ElementsAre("s:2", "b:SNAPSHOT_COMPLETE", "2", "b:CAUGHT_UP"));
}

TEST(EventCursor, ShowsAlsoThoseThatEndedSince) {
  Story story;
  story.Begin(kOne);
  story.End(kOne);
  const base::Time between = story.clock().Now() + seconds(1);
  story.clock().Advance(seconds(2));
  story.Begin(kTwo);
  story.TellMany(kTwo, 3);
  story.End(kTwo);
  v1::StreamEventsRequest request = Of("", v1::START_POSITION_SNAPSHOT);
  *request.mutable_ended_since() = base::ToTimestamp(between);
  EXPECT_THAT(ReadFrom(story, request).signs,
              ElementsAre("s:5", "b:SNAPSHOT_COMPLETE", "b:CAUGHT_UP"));
}

TEST(EventCursor, SendsMoreSnapshotsThanOneBatchAndGoesOnInTheMiddle) {
  Story story;
  for (int i = 0; i < 150; ++i) story.Begin(SessionName(i));
  EventCursor cursor = MakeCursor(story, Of("", v1::START_POSITION_SNAPSHOT));
  cursor.Next(story.clock().Now());
  const EventCursor::Batch first = cursor.Next(story.clock().Now());
  ASSERT_EQ(first.messages.size(), static_cast<std::size_t>(base::kSnapshotBatchMax));
  const auto closing = cursor.Closing(story.clock().Now(), std::nullopt);
  ASSERT_TRUE(closing.has_value());
  std::set<std::string> seen;
  for (const auto& message : first.messages) seen.insert(message.snapshot().session_id());
  for (const auto& message : ReadFrom(story, Resume("", closing->resume_token())).messages) {
    if (message.has_snapshot()) {
      EXPECT_TRUE(seen.insert(message.snapshot().session_id()).second);
    }
  }
  EXPECT_EQ(seen.size(), 150U);
}

TEST(EventCursor, GoesOnInTheMiddleWithThoseThatEndedSince) {
  Story story;
  const base::Time since = story.clock().Now();
  story.clock().Advance(seconds(1));
  for (int i = 0; i < 150; ++i) {
    story.Begin(SessionName(i));
    story.End(SessionName(i));
  }
  v1::StreamEventsRequest request = Of("", v1::START_POSITION_SNAPSHOT);
  *request.mutable_ended_since() = base::ToTimestamp(since);
  EventCursor cursor = MakeCursor(story, request);
  cursor.Next(story.clock().Now());
  const std::size_t first = cursor.Next(story.clock().Now()).messages.size();
  ASSERT_LT(first, 150U);
  const auto closing = cursor.Closing(story.clock().Now(), std::nullopt);
  ASSERT_TRUE(closing.has_value());
  // The token alone says what the snapshot was to show.
  std::size_t rest = 0;
  for (const auto& message : ReadFrom(story, Resume("", closing->resume_token())).messages) {
    if (message.has_snapshot()) ++rest;
  }
  EXPECT_EQ(first + rest, 150U);
}

TEST(EventCursor, GivesOnlyWhatComesFromNowOn) {
  Story story;
  story.Begin(kOne);
  EventCursor cursor = MakeCursor(story, Of("", v1::START_POSITION_NOW));
  EXPECT_THAT(ReadAll(story, cursor).signs, ElementsAre("b:CAUGHT_UP"));
  story.Tell(kOne);
  EXPECT_THAT(ReadAll(story, cursor).signs, ElementsAre("2"));
}

TEST(EventCursor, LeavesOutDetailsBelowTheWish) {
  Story story;
  story.Begin(kOne);
  story.Tell(kOne, v1::SessionEvent::DETAIL_DIAGNOSTIC);
  story.Tell(kOne, v1::SessionEvent::DETAIL_NORMAL);
  v1::StreamEventsRequest request = Of(kOne, v1::START_POSITION_BEGINNING);
  EXPECT_THAT(ReadFrom(story, request).signs, ElementsAre("1", "3", "b:CAUGHT_UP"));
  request.set_detail(v1::SessionEvent::DETAIL_MILESTONE);
  EXPECT_THAT(ReadFrom(story, request).signs, ElementsAre("1", "b:CAUGHT_UP"));
  request.set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  EXPECT_THAT(ReadFrom(story, request).signs, ElementsAre("1", "2", "3", "b:CAUGHT_UP"));
}

TEST(EventCursor, MovesItsTokenPastWhatAFilterLeavesOut) {
  Story story;
  story.Begin(kOne, {{"team", "sales"}});
  v1::StreamEventsRequest request = Of("", v1::START_POSITION_BEGINNING);
  (*request.mutable_labels())["team"] = "support";
  EventCursor cursor = MakeCursor(story, request);
  const Read first = ReadAll(story, cursor);
  EXPECT_THAT(first.signs, ElementsAre("b:CAUGHT_UP"));
  story.TellMany(kOne, 1'000);
  EXPECT_THAT(ReadAll(story, cursor).signs, IsEmpty());
  story.clock().Advance(seconds(15));
  const Read heartbeat = ReadAll(story, cursor);
  EXPECT_THAT(heartbeat.signs, ElementsAre("b:HEARTBEAT"));
  EXPECT_NE(heartbeat.last_token, first.last_token);
  // What comes after the heartbeat is read from there, not from the beginning.
  const auto token = DecodeResumeToken(heartbeat.last_token);
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->position, *story.store().FeedEnd());
}

TEST(EventCursor, SaysHowFarBehindItIs) {
  Story story;
  story.Begin(kOne, {{"team", "sales"}});
  story.TellMany(kOne, 1'000);
  story.clock().Advance(seconds(20));
  v1::StreamEventsRequest request = Of("", v1::START_POSITION_BEGINNING);
  (*request.mutable_labels())["team"] = "support";
  EventCursor cursor = MakeCursor(story, request);
  cursor.Next(story.clock().Now());
  cursor.Next(story.clock().Now());
  story.clock().Advance(seconds(15));
  const EventCursor::Batch behind = cursor.Next(story.clock().Now());
  ASSERT_EQ(behind.messages.size(), 1U);
  EXPECT_EQ(behind.messages[0].bookmark().lag().seconds(), 35);
  const Read read = ReadAll(story, cursor);
  ASSERT_THAT(read.signs, ElementsAre("b:CAUGHT_UP"));
  EXPECT_EQ(read.messages[0].bookmark().lag().seconds(), 0);
}

TEST(EventCursor, GivesAHeartbeatOnlyAfterAQuietInterval) {
  Story story;
  story.Begin(kOne);
  v1::StreamEventsRequest request = Of(kOne, v1::START_POSITION_NOW);
  request.mutable_bookmark_interval()->set_seconds(5);
  EventCursor cursor = MakeCursor(story, request);
  ReadAll(story, cursor);
  story.clock().Advance(seconds(4));
  EXPECT_FALSE(cursor.HeartbeatDue(story.clock().Now()));
  story.Tell(kOne);
  EXPECT_THAT(ReadAll(story, cursor).signs, ElementsAre("2"));
  story.clock().Advance(seconds(4));
  EXPECT_FALSE(cursor.HeartbeatDue(story.clock().Now()));
  story.clock().Advance(seconds(1));
  EXPECT_TRUE(cursor.HeartbeatDue(story.clock().Now()));
  EXPECT_THAT(ReadAll(story, cursor).signs, ElementsAre("b:HEARTBEAT"));
}

TEST(EventCursor, StopsWhenItHasCaughtUpWithWhatWasStoredAtItsBeginning) {
  for (const std::string& session_id : {kOne, std::string()}) {
    Story story;
    story.Begin(kOne);
    story.TellMany(kOne, 300);
    v1::StreamEventsRequest request = Of(session_id, v1::START_POSITION_BEGINNING);
    request.set_stop_when_caught_up(true);
    EventCursor cursor = MakeCursor(story, request);
    cursor.Next(story.clock().Now());
    // Stored while it reads: a stream under load must stop nevertheless.
    story.TellMany(kOne, 2'000);
    const Read read = ReadAll(story, cursor);
    EXPECT_EQ(read.end, absl::OkStatus());
    EXPECT_EQ(read.signs.back(), "b:CAUGHT_UP");
    EXPECT_GE(read.signs.size(), 302U);
    EXPECT_LT(read.signs.size(), 2'301U);
  }
}

TEST(EventCursor, RefusesATokenOfAnotherStore) {
  Story story;
  story.Begin(kOne);
  story.clock().Advance(seconds(7));
  Story other;
  other.Begin(kOne);
  for (const std::string& session_id : {kOne, std::string()}) {
    const Read read = ReadFrom(other, Of(session_id, v1::START_POSITION_NOW));
    const Read refused = ReadFrom(
        story,
        Resume(session_id, read.last_token.empty() ? EncodeResumeToken({}) : read.last_token));
    ASSERT_TRUE(refused.end.has_value());
    const tests::ReadError error = tests::ReadErrorOf(ToGrpcStatus(*refused.end));
    EXPECT_EQ(error.code, grpc::StatusCode::OUT_OF_RANGE);
    EXPECT_EQ(error.reason, "RESUME_TOKEN_EXPIRED");
    EXPECT_EQ(error.metadata.at("oldest_time"), "2026-01-15T12:00:00.000Z");
    EXPECT_TRUE(absl::StrContains(refused.end->message(), "another store")) << *refused.end;
  }
}

TEST(EventCursor, RefusesATokenAheadOfTheHistory) {
  Story story;
  story.Begin(kOne);
  ResumeToken token;
  token.store = StoreDigest(story.store().store_id());
  token.scope = ScopeDigest(kOne, {});
  token.sequence = 2;
  const Read refused = ReadFrom(story, Resume(kOne, EncodeResumeToken(token)));
  ASSERT_TRUE(refused.end.has_value());
  EXPECT_EQ(tests::ReasonOf(ToGrpcStatus(*refused.end)), "RESUME_TOKEN_EXPIRED");
  EXPECT_FALSE(absl::StrContains(refused.end->message(), "another store")) << *refused.end;
}

TEST(EventCursor, DoesNotKnowASessionThatNeverWas) {
  Story story;
  const Read read = ReadFrom(story, Of(kOne, v1::START_POSITION_SNAPSHOT));
  ASSERT_TRUE(read.end.has_value());
  EXPECT_EQ(tests::ReasonOf(ToGrpcStatus(*read.end)), "SESSION_NOT_FOUND");
}

}  // namespace
}  // namespace callbridge::api
