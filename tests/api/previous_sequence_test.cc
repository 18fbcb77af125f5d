// previous_sequence, by which a reader notices that it misses something, whatever its detail and
// wherever it began.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "server/api/event_cursor.h"
#include "tests/api/api_world.h"

namespace callbridge {
namespace {

using tests::SessionName;

constexpr v1::SessionEvent::Detail kDetails[] = {v1::SessionEvent::DETAIL_MILESTONE,
                                                 v1::SessionEvent::DETAIL_NORMAL,
                                                 v1::SessionEvent::DETAIL_DIAGNOSTIC};

std::vector<v1::StreamEventsResponse> ReadAll(tests::Story& story,
                                              const v1::StreamEventsRequest& request) {
  api::EventCursor cursor(story.store(), *api::ReadStreamRequest(request), story.clock().Now());
  std::vector<v1::StreamEventsResponse> messages;
  for (bool drained = false; !drained;) {
    api::EventCursor::Batch batch = cursor.Next(story.clock().Now());
    for (const v1::StreamEventsResponse& message : batch.messages) messages.push_back(message);
    drained = batch.drained || batch.end.has_value();
  }
  return messages;
}

// Every event names the one before it of the same session, and the first of each session none.
void ExpectChained(tests::Story& story, v1::StreamEventsRequest request) {
  request.set_position(v1::START_POSITION_BEGINNING);
  const auto all = ReadAll(story, request);
  std::map<std::string, int> last;
  int events = 0;
  for (const v1::StreamEventsResponse& message : all) {
    if (!message.has_event()) {
      EXPECT_FALSE(message.has_previous_sequence());
      continue;
    }
    ++events;
    ASSERT_TRUE(message.has_previous_sequence());
    EXPECT_EQ(message.previous_sequence(), last[message.event().session_id()])
        << message.event().event_id();
    last[message.event().session_id()] = message.event().sequence();
    // Resumed right after this message, the rest of the chain is the same.
    v1::StreamEventsRequest resumed = request;
    resumed.set_resume_token(message.resume_token());
    std::map<std::string, int> last_of_rest = last;
    for (const v1::StreamEventsResponse& later : ReadAll(story, resumed)) {
      if (!later.has_event()) continue;
      EXPECT_EQ(later.previous_sequence(), last_of_rest[later.event().session_id()]);
      last_of_rest[later.event().session_id()] = later.event().sequence();
    }
  }
  EXPECT_GT(events, 3);
}

TEST(PreviousSequence, ChainsTheEventsAtEachDetailFromEachToken) {
  tests::ApiWorld world;
  for (int number = 1; number <= 2; ++number) {
    world.story.Begin(SessionName(number), {{"team", "a"}});
    for (int i = 0; i < 12; ++i) {
      world.story.Tell(SessionName(number), kDetails[(i * 7 + number) % 3]);
    }
  }
  for (const v1::SessionEvent::Detail detail : kDetails) {
    v1::StreamEventsRequest request;
    request.set_detail(detail);
    ExpectChained(world.story, request);
    (*request.mutable_labels())["team"] = "a";
    ExpectChained(world.story, request);
    request.clear_labels();
    request.set_session_id(SessionName(1));
    ExpectChained(world.story, request);
  }
}

TEST(PreviousSequence, ChainsWhatTheFlowEmits) {
  tests::ApiWorld world;
  world.StartWorker();
  v1::StartBridgeResponse started;
  ASSERT_TRUE(world.Start(tests::ClickToCall("r-1"), &started).ok());
  v1::EndSessionResponse ended;
  ASSERT_TRUE(world.End(started.session().session_id(), &ended).ok());
  for (const v1::SessionEvent::Detail detail : kDetails) {
    v1::StreamEventsRequest request;
    request.set_detail(detail);
    request.set_position(v1::START_POSITION_BEGINNING);
    int last = 0;
    int events = 0;
    for (const v1::StreamEventsResponse& message : ReadAll(world.story, request)) {
      if (!message.has_event()) continue;
      EXPECT_EQ(message.previous_sequence(), last) << message.event().DebugString();
      last = message.event().sequence();
      ++events;
    }
    EXPECT_GE(events, 2) << detail;
  }
}

}  // namespace
}  // namespace callbridge
