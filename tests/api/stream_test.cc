#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/base/log.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::ApiWorld;
using tests::OpenStream;
using tests::ReadError;
using tests::ReadErrorOf;
using tests::ReasonOf;
using tests::SessionName;

const std::string kOne = SessionName(1);

v1::StreamEventsRequest From(v1::StartPosition position, const std::string& session_id = "") {
  v1::StreamEventsRequest request;
  request.set_position(position);
  request.set_session_id(session_id);
  return request;
}

v1::StreamEventsRequest After(const std::string& token, const std::string& session_id = "") {
  v1::StreamEventsRequest request;
  request.set_resume_token(token);
  request.set_session_id(session_id);
  return request;
}

std::vector<int> Sequences(const std::vector<v1::SessionEvent>& events) {
  std::vector<int> sequences;
  for (const v1::SessionEvent& event : events) sequences.push_back(event.sequence());
  return sequences;
}

std::vector<int> UpTo(int last) {
  std::vector<int> sequences;
  for (int i = 1; i <= last; ++i) sequences.push_back(i);
  return sequences;
}

TEST(StreamEvents, SendsWhatComesAndEndsWithOkAfterSessionEnded) {
  ApiWorld world;
  world.story.Begin(kOne);
  OpenStream stream(*world.stub, From(v1::START_POSITION_SNAPSHOT, kOne));
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  world.story.Tell(kOne);
  ASSERT_TRUE(stream.Next().has_value());
  world.story.End(kOne);
  EXPECT_TRUE(stream.Finish().ok());
  EXPECT_EQ(Sequences(stream.events()), (std::vector<int>{2, 3}));
}

TEST(StreamEvents, LeavesNothingOutThroughReconnects) {
  ApiWorld world;
  world.story.Begin(kOne);
  std::string token;
  std::vector<int> sequences;
  for (int round = 1; round <= 20; ++round) {
    OpenStream stream(*world.stub,
                      token.empty() ? From(v1::START_POSITION_BEGINNING) : After(token));
    world.story.TellMany(kOne, 30);
    // Each connection breaks somewhere else.
    for (int i = 0; i < round; ++i) {
      const auto message = stream.Next();
      ASSERT_TRUE(message.has_value());
      token = message->resume_token();
    }
    for (const int sequence : Sequences(stream.events())) sequences.push_back(sequence);
  }
  v1::StreamEventsRequest rest = After(token);
  rest.set_stop_when_caught_up(true);
  OpenStream stream(*world.stub, rest);
  EXPECT_TRUE(stream.Finish().ok());
  for (const int sequence : Sequences(stream.events())) sequences.push_back(sequence);
  EXPECT_EQ(sequences, UpTo(601));
}

TEST(StreamEvents, LetASlowReaderReadEverythingLaterAndOthersMeanwhile) {
  ApiWorld world;
  world.story.Begin(kOne);
  OpenStream slow(*world.stub, From(v1::START_POSITION_BEGINNING));
  ASSERT_TRUE(slow.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  const auto other_connection = tests::Connect(world.listener->port());
  OpenStream quick(*other_connection, From(v1::START_POSITION_BEGINNING));
  ASSERT_TRUE(quick.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  for (int i = 0; i < 100; ++i) world.story.TellMany(kOne, 100, 1'000);
  const int last = world.story.sequence(kOne);
  while (quick.events().back().sequence() < last) {
    ASSERT_TRUE(quick.Next().has_value());
  }
  v1::GetSessionResponse got;
  EXPECT_TRUE(world.Get(kOne, &got).ok());
  while (slow.events().back().sequence() < last) {
    ASSERT_TRUE(slow.Next().has_value());
  }
  EXPECT_EQ(Sequences(slow.events()), UpTo(last));
  EXPECT_EQ(Sequences(quick.events()), UpTo(last));
}

TEST(StreamEvents, MovesTheTokenOfAFilteredStreamWithHeartbeats) {
  ApiWorld world;
  world.story.Begin(kOne, {{"team", "sales"}});
  v1::StreamEventsRequest request = From(v1::START_POSITION_NOW);
  (*request.mutable_labels())["team"] = "support";
  OpenStream stream(*world.stub, request);
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  const std::string before = stream.last_token();
  world.story.TellMany(kOne, 1'000);
  world.story.clock().Advance(seconds(15));
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_HEARTBEAT).has_value());
  EXPECT_NE(stream.last_token(), before);
  EXPECT_TRUE(stream.events().empty());
}

TEST(StreamEvents, EndsWithClosingDrainingAndATokenThatContinuesElsewhere) {
  ApiWorld world;
  world.story.Begin(kOne);
  OpenStream stream(*world.stub, From(v1::START_POSITION_BEGINNING));
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  world.service.Drain();
  const auto closing = stream.NextBookmark(v1::Bookmark::KIND_CLOSING);
  ASSERT_TRUE(closing.has_value());
  EXPECT_TRUE(closing->bookmark().has_reconnect_delay());
  const ReadError error = ReadErrorOf(stream.Finish());
  EXPECT_EQ(error.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(error.reason, "DRAINING");
  EXPECT_TRUE(error.retry_delay.has_value());
  world.story.Tell(kOne);

  OpenStream refused(*world.stub, After(stream.last_token()));
  EXPECT_EQ(ReasonOf(refused.Finish()), "DRAINING");
  // Another server of the same store.
  api::BridgeService second(
      {world.story.store(), world.settings, world.story.clock(), world.random_bits, world.room});
  const auto listener = api::GrpcListener::Start({.address = "127.0.0.1:0", .tls = {}}, {&second});
  ASSERT_TRUE(listener.ok());
  const auto stub = tests::Connect((*listener)->port());
  OpenStream again(*stub, After(stream.last_token()));
  ASSERT_TRUE(again.Next().has_value());
  EXPECT_EQ(Sequences(again.events()), (std::vector<int>{2}));
}

TEST(StreamEvents, EndsAnOldStreamWithClosingAndStreamAge) {
  ApiWorld world;
  world.story.Begin(kOne);
  OpenStream stream(*world.stub, From(v1::START_POSITION_NOW, kOne));
  ASSERT_TRUE(stream.NextBookmark(v1::Bookmark::KIND_CAUGHT_UP).has_value());
  world.story.clock().Advance(base::kStreamAgeMax);
  const auto closing = stream.NextBookmark(v1::Bookmark::KIND_CLOSING);
  ASSERT_TRUE(closing.has_value());
  EXPECT_FALSE(closing->bookmark().has_reconnect_delay());
  EXPECT_FALSE(closing->resume_token().empty());
  EXPECT_EQ(ReasonOf(stream.Finish()), "STREAM_TOO_OLD");
}

bool SaidStalled(const base::LogCapture& log) {
  const std::vector<std::string> lines = log.Lines();
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("stream_reader_stalled") != std::string::npos;
  });
}

// More than all buffers between server and client hold.
void FillAllBuffers(ApiWorld& world) {
  world.story.Begin(kOne);
  for (int i = 0; i < 20; ++i) world.story.TellMany(kOne, 100, 10'000);
}

TEST(StreamEvents, EndsAReaderThatTakesNothingForAMinute) {
  const base::LogCapture log;
  ApiWorld world;
  FillAllBuffers(world);
  OpenStream stream(*world.stub, From(v1::START_POSITION_BEGINNING));
  ASSERT_TRUE(stream.Next().has_value());
  for (int i = 0; i < 100 && !SaidStalled(log); ++i) {
    world.story.clock().Advance(base::kReaderStalled);
    // Several ticks, lest the clock is moved again between the stall and the look at the log.
    for (int tick = 0; tick < 8 && !SaidStalled(log); ++tick) {
      world.service.WaitUntilStreamsEnded(base::kStreamTick);
    }
  }
  ASSERT_TRUE(SaidStalled(log));
  const ReadError error = ReadErrorOf(stream.Finish());
  EXPECT_EQ(error.code, grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(error.reason, "READER_STALLED");
  EXPECT_FALSE(stream.last_token().empty());
}

TEST(StreamEvents, GivesBackTheMemoryOfAReaderThatNeverReadsAgain) {
  ApiWorld world;
  FillAllBuffers(world);
  OpenStream stream(*world.stub, From(v1::START_POSITION_BEGINNING));
  ASSERT_TRUE(stream.Next().has_value());
  bool ended = false;
  for (int i = 0; i < 100 && !ended; ++i) {
    world.story.clock().Advance(base::kReaderStalled);
    ended = world.service.WaitUntilStreamsEnded(base::kStreamTick * 2);
  }
  EXPECT_TRUE(ended);
}

TEST(StreamEvents, FinishesACancelledStream) {
  ApiWorld world;
  world.story.Begin(kOne);
  OpenStream stream(*world.stub, From(v1::START_POSITION_NOW));
  ASSERT_TRUE(stream.Next().has_value());
  EXPECT_EQ(world.service.open_streams(), 1);
  stream.Cancel();
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(world.service.WaitUntilStreamsEnded(seconds(30)));
  const auto begin = std::chrono::steady_clock::now();
  world.listener->Shutdown(seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(15));
}

TEST(StreamEvents, RefusesOneStreamMoreThanTheLimit) {
  config::v1::Settings settings = tests::TestSettings();
  settings.mutable_limits()->set_streams_max(1);
  ApiWorld world(settings);
  OpenStream first(*world.stub, From(v1::START_POSITION_NOW));
  ASSERT_TRUE(first.Next().has_value());
  OpenStream second(*world.stub, From(v1::START_POSITION_NOW));
  const ReadError error = ReadErrorOf(second.Finish());
  EXPECT_EQ(error.reason, "TOO_MANY_STREAMS");
  EXPECT_EQ(error.metadata.at("limit"), "1");
}

TEST(StreamEvents, TellsErrorsInTheTrailers) {
  ApiWorld world;
  OpenStream unknown(*world.stub, From(v1::START_POSITION_SNAPSHOT, kOne));
  const ReadError not_found = ReadErrorOf(unknown.Finish());
  EXPECT_EQ(not_found.code, grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(not_found.reason, "SESSION_NOT_FOUND");
  EXPECT_EQ(not_found.metadata.at("session_id"), kOne);
  OpenStream invalid(*world.stub, After("x"));
  EXPECT_EQ(ReasonOf(invalid.Finish()), "RESUME_TOKEN_INVALID");
}

TEST(StreamEvents, ServesManyStreamsOfOneSessionAndOfAll) {
  ApiWorld world;
  std::vector<std::unique_ptr<OpenStream>> streams;
  for (int i = 0; i < 20; ++i) {
    world.story.Begin(SessionName(i));
    streams.push_back(std::make_unique<OpenStream>(
        *world.stub, From(v1::START_POSITION_NOW, i % 2 == 0 ? SessionName(i) : "")));
    ASSERT_TRUE(streams.back()->Next().has_value());
  }
  for (int i = 0; i < 20; ++i) world.story.End(SessionName(i));
  for (std::size_t i = 0; i < 20; ++i) {
    if (i % 2 == 0) {
      EXPECT_TRUE(streams[i]->Finish().ok());
      EXPECT_EQ(Sequences(streams[i]->events()), (std::vector<int>{2}));
    } else {
      const std::size_t begun_later = 19 - i;
      while (streams[i]->events().size() < begun_later + 20) {
        ASSERT_TRUE(streams[i]->Next().has_value());
      }
    }
  }
}

}  // namespace
}  // namespace callbridge
