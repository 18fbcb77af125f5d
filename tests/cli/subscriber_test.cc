#include "callbridge/subscriber.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <stop_token>
#include <thread>

#include "callbridge/error_details.h"
#include "tests/cli/fake_service.h"
#include "tests/cli/notebook.h"
#include "tests/cli/status.h"

namespace callbridge::client {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SubscriberOptions QuickOptions() {
  SubscriberOptions options;
  options.backoff = {milliseconds(1), milliseconds(2)};
  return options;
}

v1::StreamEventsRequest OneSession() {
  v1::StreamEventsRequest request;
  request.set_session_id("s_1");
  request.set_position(v1::START_POSITION_BEGINNING);
  return request;
}

v1::StreamEventsRequest AllSessions(v1::StartPosition position) {
  v1::StreamEventsRequest request;
  request.set_position(position);
  return request;
}

const v1::StreamEventsResponse kEnd = EndedMessage(9, v1::Outcome::RESULT_COMPLETED);

TEST(Subscriber, ResumesACutStreamWithTheLastToken) {
  FakeService service;
  service.AddStream({{EventMessage(1), EventMessage(2)},
                     false,
                     {grpc::StatusCode::UNAVAILABLE, "connection reset"}});
  service.AddStream({{EventMessage(3), kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(OneSession(), notebook, {}).ok());
  EXPECT_THAT(notebook.lines,
              ElementsAre("event 1", "event 2", "lost", "resumed after 2", "event 3", "event 9"));
  EXPECT_EQ(notebook.last_token, "token-9");
  const auto requests = service.stream_requests();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_EQ(requests[0].position(), v1::START_POSITION_BEGINNING);
  EXPECT_EQ(requests[1].resume_token(), "token-2");
  EXPECT_EQ(requests[1].session_id(), "s_1");
}

TEST(Subscriber, DeliversARepeatedEventOnce) {
  FakeService service;
  service.AddStream(
      {{EventMessage(1), EventMessage(2)}, false, {grpc::StatusCode::UNAVAILABLE, ""}});
  service.AddStream(
      {{EventMessage(2), EventMessage(3), EventMessage(3), kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(OneSession(), notebook, {}).ok());
  EXPECT_THAT(notebook.lines,
              ElementsAre("event 1", "event 2", "lost", "resumed after 2", "event 3", "event 9"));
}

TEST(Subscriber, ReconnectsAsTheClosingBookmarkSays) {
  FakeService service;
  v1::StreamEventsResponse closing = BookmarkMessage(v1::Bookmark::KIND_CLOSING, "token-c");
  closing.mutable_bookmark()->mutable_reconnect_delay()->set_nanos(3'000'000);
  service.AddStream({{EventMessage(1), closing},
                     false,
                     MakeError(grpc::StatusCode::UNAVAILABLE, "STREAM_TOO_OLD", milliseconds(0))});
  service.AddStream({{kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(OneSession(), notebook, {}).ok());
  EXPECT_THAT(notebook.lines,
              ElementsAre("event 1", "KIND_CLOSING", "closed", "resumed after 1", "event 9"));
  EXPECT_EQ(notebook.interruptions[0].delay, milliseconds(3));
  EXPECT_EQ(service.stream_requests()[1].resume_token(), "token-c");
}

TEST(Subscriber, GoesOnWhenAStreamOfAllEndsWithOk) {
  FakeService service;
  service.AddStream({{EventMessage(1)}, false, grpc::Status::OK});
  service.AddStream({{EventMessage(2)}, true, grpc::Status::OK});
  std::stop_source stop;
  Notebook notebook;
  notebook.on_line = [&](const std::string& line) {
    if (line == "event 2") stop.request_stop();
  };
  const absl::Status status =
      Subscriber(service.channel(), QuickOptions())
          .Run(AllSessions(v1::START_POSITION_NOW), notebook, stop.get_token());
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_THAT(notebook.lines, ElementsAre("event 1", "lost", "resumed after 1", "event 2"));
}

TEST(Subscriber, NoticesADeadConnectionByItsSilence) {
  FakeService service;
  v1::StreamEventsRequest request = OneSession();
  request.mutable_bookmark_interval()->set_nanos(20'000'000);
  service.AddStream({{EventMessage(1)}, true, grpc::Status::OK});
  service.AddStream({{kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(request, notebook, {}).ok());
  EXPECT_THAT(notebook.lines, ElementsAre("event 1", "lost", "resumed after 1", "event 9"));
  EXPECT_TRUE(absl::IsUnavailable(notebook.interruptions[0].cause));
}

TEST(Subscriber, SaysThatAGapIsPossibleWhenThereWasNoToken) {
  FakeService service;
  service.AddStream({{}, false, {grpc::StatusCode::UNAVAILABLE, ""}});
  service.AddStream({{}, false, {grpc::StatusCode::UNAVAILABLE, ""}});
  service.AddStream({{kEnd}, false, grpc::Status::OK});
  v1::StreamEventsRequest request = OneSession();
  request.set_position(v1::START_POSITION_NOW);
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(request, notebook, {}).ok());
  EXPECT_THAT(notebook.lines, ElementsAre("lost", "lost", "gap after 0", "event 9"));
  EXPECT_EQ(notebook.interruptions[1].attempt, 2);
}

TEST(Subscriber, TakesTheSnapshotAgainWhenItBrokeOffInIt) {
  FakeService service;
  v1::StreamEventsResponse snapshot;
  snapshot.mutable_snapshot()->set_session_id("s_1");
  service.AddStream({{snapshot}, false, {grpc::StatusCode::UNAVAILABLE, ""}});
  service.AddStream({{snapshot, BookmarkMessage(v1::Bookmark::KIND_SNAPSHOT_COMPLETE, "token-s")},
                     false,
                     {grpc::StatusCode::UNAVAILABLE, ""}});
  service.AddStream({{}, false, {grpc::StatusCode::PERMISSION_DENIED, ""}});
  Notebook notebook;
  const absl::Status status = Subscriber(service.channel(), QuickOptions())
                                  .Run(AllSessions(v1::START_POSITION_SNAPSHOT), notebook, {});
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_THAT(notebook.lines, ElementsAre("snapshot s_1", "lost", "gap after 0", "snapshot s_1",
                                          "KIND_SNAPSHOT_COMPLETE", "lost"));
  EXPECT_EQ(service.stream_requests()[1].position(), v1::START_POSITION_SNAPSHOT);
  EXPECT_EQ(service.stream_requests()[2].resume_token(), "token-s");
}

TEST(Subscriber, ReturnsAnExpiredTokenForASnapshotToBeTaken) {
  FakeService service;
  service.AddStream({{}, false, MakeError(grpc::StatusCode::OUT_OF_RANGE, "RESUME_TOKEN_EXPIRED")});
  v1::StreamEventsRequest request;
  (*request.mutable_labels())["team"] = "a";
  request.set_resume_token("old");
  Notebook notebook;
  const absl::Status status =
      Subscriber(service.channel(), QuickOptions()).Run(request, notebook, {});
  EXPECT_TRUE(IsResumeTokenExpired(status));
  EXPECT_THAT(notebook.lines, IsEmpty());
  google::protobuf::Timestamp since;
  since.set_seconds(77);
  const v1::StreamEventsRequest again = MakeSnapshotRequest(request, since);
  EXPECT_EQ(again.position(), v1::START_POSITION_SNAPSHOT);
  EXPECT_FALSE(again.has_resume_token());
  EXPECT_EQ(again.ended_since().seconds(), 77);
  EXPECT_EQ(again.labels().at("team"), "a");
}

TEST(Subscriber, IsContentWhenTheConnectionBreaksAfterTheEnd) {
  FakeService service;
  service.AddStream({{kEnd}, false, {grpc::StatusCode::UNAVAILABLE, "connection reset"}});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(OneSession(), notebook, {}).ok());
  EXPECT_THAT(service.stream_requests(), SizeIs(1));
}

TEST(Subscriber, ResumesAReaderThatStalledAndWhateverSuggestsARetry) {
  FakeService service;
  service.AddStream({{EventMessage(1)},
                     false,
                     MakeError(grpc::StatusCode::RESOURCE_EXHAUSTED, "READER_STALLED")});
  service.AddStream(
      {{},
       false,
       MakeError(grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS", milliseconds(5))});
  service.AddStream({{kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), QuickOptions()).Run(OneSession(), notebook, {}).ok());
  EXPECT_THAT(notebook.lines, ElementsAre("event 1", "lost", "lost", "resumed after 1", "event 9"));
  EXPECT_GE(notebook.interruptions[1].delay, milliseconds(5));
}

// All codes there are: a stream that the server reset shows whatever the client's library makes of
// it.
TEST(Subscriber, ResumesAfterEachCodeThatAnotherStreamCures) {
  using grpc::StatusCode;
  const std::set<StatusCode> cured = {StatusCode::OK, StatusCode::CANCELLED,
                                      StatusCode::DEADLINE_EXCEEDED, StatusCode::INTERNAL,
                                      StatusCode::UNAVAILABLE};
  for (int number = 0; number <= 16; ++number) {
    const auto code = static_cast<StatusCode>(number);
    FakeService service;
    service.AddStream({{EventMessage(1)}, false, grpc::Status(code, "")});
    service.AddStream({{kEnd}, false, grpc::Status::OK});
    Notebook notebook;
    v1::StreamEventsRequest all;
    const bool is_ok = code == StatusCode::OK;
    std::stop_source stop;
    // A stream of all sessions goes on after OK, until it is stopped.
    notebook.on_line = [&](const std::string& line) {
      if (is_ok && line == "event 9") stop.request_stop();
    };
    const absl::Status status = Subscriber(service.channel(), QuickOptions())
                                    .Run(is_ok ? all : OneSession(), notebook, stop.get_token());
    if (cured.contains(code)) {
      EXPECT_EQ(status.code(), is_ok ? absl::StatusCode::kCancelled : absl::StatusCode::kOk)
          << number;
      EXPECT_THAT(notebook.lines, ElementsAre("event 1", "lost", "resumed after 1", "event 9"))
          << number;
    } else {
      EXPECT_EQ(static_cast<int>(status.code()), number);
      EXPECT_THAT(notebook.lines, ElementsAre("event 1")) << number;
    }
  }
}

TEST(Subscriber, StopsWhileItWaitsForAMessage) {
  FakeService service;
  service.AddStream({{EventMessage(1)}, true, grpc::Status::OK});
  std::stop_source stop;
  Notebook notebook;
  std::jthread stopper;
  notebook.on_line = [&](const std::string&) {
    stopper = std::jthread([&] { stop.request_stop(); });
  };
  const absl::Status status =
      Subscriber(service.channel(), QuickOptions()).Run(OneSession(), notebook, stop.get_token());
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_THAT(notebook.lines, ElementsAre("event 1"));
}

TEST(Subscriber, StopsWhileItWaitsToReconnect) {
  FakeService service;
  service.AddStream({{}, false, {grpc::StatusCode::UNAVAILABLE, ""}});
  std::stop_source stop;
  SubscriberOptions options;
  options.backoff = {std::chrono::minutes(10), std::chrono::minutes(10)};
  Notebook notebook;
  notebook.on_line = [&](const std::string&) { stop.request_stop(); };
  const absl::Status status =
      Subscriber(service.channel(), options).Run(OneSession(), notebook, stop.get_token());
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_THAT(service.stream_requests(), SizeIs(1));
}

TEST(Subscriber, GivesUpOnAServerThatNeverSpeaks) {
  FakeService service;
  service.AddStream({{}, true, grpc::Status::OK});
  SubscriberOptions options = QuickOptions();
  options.first_message_timeout = milliseconds(30);
  Notebook notebook;
  const absl::Status status =
      Subscriber(service.channel(), options).Run(OneSession(), notebook, {});
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(notebook.lines, IsEmpty());
}

TEST(Subscriber, IsPatientWithAServerThatHasSpoken) {
  FakeService service;
  SubscriberOptions options = QuickOptions();
  // Shorter than the silence that follows the first message, which only the stream's own end
  // breaks.
  options.first_message_timeout = milliseconds(100);
  options.stream_timeout = milliseconds(300);
  service.AddStream({{EventMessage(1)}, true, grpc::Status::OK});
  service.AddStream({{kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), options).Run(OneSession(), notebook, {}).ok());
  ASSERT_THAT(notebook.interruptions, SizeIs(1));
  EXPECT_TRUE(absl::IsDeadlineExceeded(notebook.interruptions[0].cause))
      << notebook.interruptions[0].cause;
}

TEST(Subscriber, ResumesAStreamThatReachedItsOwnDeadline) {
  FakeService service;
  SubscriberOptions options = QuickOptions();
  options.stream_timeout = milliseconds(200);
  service.AddStream({{EventMessage(1)}, true, grpc::Status::OK});
  service.AddStream({{kEnd}, false, grpc::Status::OK});
  Notebook notebook;
  EXPECT_TRUE(Subscriber(service.channel(), options).Run(OneSession(), notebook, {}).ok());
  EXPECT_THAT(notebook.lines, ElementsAre("event 1", "lost", "resumed after 1", "event 9"));
}

}  // namespace
}  // namespace callbridge::client
