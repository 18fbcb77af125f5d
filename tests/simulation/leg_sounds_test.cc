// Clients let people hear something, and want keys, at any moment of a bridge, whatever is lost:
// nothing is heard twice or beside something else, and the bridge notices nothing of it.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/client.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const char* const kTalks = "answers:6,hangs-up:40";

v1::PlayPromptRequest Say(World& world, const std::string& request_id, const std::string& leg_id,
                          const std::string& text = "A word for you") {
  v1::PlayPromptRequest request;
  request.set_session_id(world.session().session_id());
  if (!leg_id.empty()) request.add_leg_ids(leg_id);
  request.set_request_id(request_id);
  request.mutable_prompt()->set_text(text);
  return request;
}

v1::CaptureDigitsRequest Capture(World& world, const std::string& request_id,
                                 const std::string& leg_id) {
  v1::CaptureDigitsRequest request;
  request.set_session_id(world.session().session_id());
  request.set_leg_id(leg_id);
  request.set_request_id(request_id);
  request.set_max_length(5);
  request.mutable_first_digit_timeout()->set_seconds(3);
  return request;
}

std::vector<v1::SessionEvent> EventsOf(World& world) {
  std::vector<v1::SessionEvent> events;
  const auto& sessions = world.checker().chronicle().sessions;
  for (const std::string& bytes : sessions.at(world.session().session_id()).events) {
    events.emplace_back().ParseFromString(bytes);
  }
  return events;
}

// No event tells that a sound or a capture is over.
bool AllButEnds(const simulator::Delivery& delivery) {
  return delivery.type != "SAY_FINISHED" && delivery.type != "PLAY_FINISHED" &&
         delivery.type != "DTMF_CAPTURED";
}

void ExpectInOrder(World& world) {
  ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
  EXPECT_EQ(world.model().world().journal.overlaps, 0) << Story(world);
}

// Everybody who is in the conference is to hear three sounds from this moment on, and one is asked
// for keys.
void HearAtAnyMoment(const std::function<bool(const simulator::Delivery&)>& passes,
                     const std::function<void(World&)>& trouble) {
  for (int tenths = 3; tenths <= 240; tenths += 7) {
    SCOPED_TRACE(absl::StrCat("after ", tenths, " tenths of a second"));
    World world(OneBridge({.callee = kTalks}), Passing(passes));
    world.Run(milliseconds(100 * tenths));
    PlayPrompt(world, Say(world, "r-1", ""));
    world.Run(milliseconds(50));
    CaptureDigits(world, Capture(world, "r-2", "caller"));
    PlayPrompt(world, Say(world, "r-3", "callee-1"));
    trouble(world);
    ExpectInOrder(world);
  }
}

TEST(LegSounds, AreHeardOneByOneAtAnyMoment) {
  HearAtAnyMoment(Everything, [](World&) {});
}

TEST(LegSounds, NeedNoEvent) {
  HearAtAnyMoment(AllButEnds, [](World&) {});
}

TEST(LegSounds, SurviveACrash) {
  HearAtAnyMoment(Everything, [](World& world) {
    world.Run(milliseconds(4));
    world.Crash(*world.servers().front(), seconds(2));
  });
}

TEST(LegSounds, AreDroppedAtAnyMoment) {
  HearAtAnyMoment(Everything, [](World& world) {
    world.Run(milliseconds(400));
    v1::StopSoundsRequest request;
    request.set_session_id(world.session().session_id());
    request.set_request_id("stop");
    StopSounds(world, request);
  });
}

bool HearsMusic(World& world) {
  const simulator::Call* caller =
      world.model().world().calls.Find(world.session().legs(0).call_id());
  return caller != nullptr && !caller->sounds.empty() && !caller->sounds.front().say;
}

TEST(LegSounds, LetTheMusicBeginAgainWhileItRings) {
  World world(OneBridge({.callee = "answers:12,hangs-up:20"}), Passing(Everything));
  ASSERT_TRUE(
      world.RunUntil([&world] { return world.session().has_dialing_callee(); }, seconds(30)));
  world.Run(seconds(2));
  ASSERT_TRUE(HearsMusic(world)) << Story(world);
  PlayPrompt(world, Say(world, "r-1", "caller"));
  PlayPrompt(world, Say(world, "r-2", "caller"));
  world.Run(milliseconds(300));
  EXPECT_FALSE(HearsMusic(world)) << Story(world);
  world.Run(seconds(4));
  EXPECT_TRUE(HearsMusic(world)) << Story(world);
  ExpectInOrder(world);
  int full = 0;
  int runs = 0;
  for (const v1::SessionEvent& event : EventsOf(world)) {
    const v1::PromptFinished& finished = event.prompt_finished();
    if (finished.prompt() == v1::PROMPT_KIND_REQUESTED) {
      full += finished.completion() == v1::PromptFinished::COMPLETION_FULL ? 1 : 0;
      // "A word for you" takes 1,140 ms.
      EXPECT_EQ(finished.played_duration().nanos(), 140'000'000) << Story(world);
    }
    if (event.has_music_started()) runs = event.music_started().run_number();
  }
  EXPECT_EQ(full, 2) << Story(world);
  EXPECT_EQ(runs, 2) << Story(world);
}

// Keys are counted, and nothing that is stored has them.
TEST(LegSounds, CountKeysAndKeepNone) {
  World world(OneBridge({.callee = "answers:3,hangs-up:30,presses:97531"}), Passing(Everything));
  ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_connected(); }, seconds(60)));
  CaptureDigits(world, Capture(world, "r-1", "callee-1"));
  CaptureDigits(world, Capture(world, "r-2", "caller"));
  ExpectInOrder(world);
  std::vector<v1::DigitsReceived> received;
  for (const v1::SessionEvent& event : EventsOf(world)) {
    if (event.has_digits_received()) received.push_back(event.digits_received());
    EXPECT_FALSE(absl::StrContains(event.SerializeAsString(), "97531"));
  }
  ASSERT_EQ(received.size(), 2U) << Story(world);
  for (const v1::DigitsReceived& one : received) {
    const bool callee = one.leg_id() == "callee-1";
    EXPECT_EQ(one.digit_count(), callee ? 5 : 0);
    EXPECT_EQ(one.completion(), callee ? v1::DigitsReceived::COMPLETION_FULL
                                       : v1::DigitsReceived::COMPLETION_TIMED_OUT);
  }
  EXPECT_FALSE(absl::StrContains(Story(world), "97531")) << Story(world);
}

int KeysHeard(World& world) {
  const auto& counts = world.model().world().journal.counts;
  const auto found = counts.find("send-dtmf");
  int heard = 0;
  if (found == counts.end()) return 0;
  for (const auto& [status, times] : found->second) heard += static_cast<int>(times);
  return heard;
}

// The request, or its answer, is lost: the keys are told as unknown, and never sent again.
TEST(LegSounds, NeverSendKeysTwice) {
  for (const char* fault : {"reset-before", "reset-after", "error-after", "action-failed"}) {
    SCOPED_TRACE(fault);
    Plan plan = OneBridge({.callee = "answers:3,hangs-up:60"});
    plan.faults = {{fault, "1"}, {"operations", "send-dtmf"}, {"times", "1"}};
    plan.calm_after = seconds(60);
    World world(plan, Passing(Everything));
    ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_connected(); }, seconds(60)));
    v1::SendDigitsRequest request;
    request.set_session_id(world.session().session_id());
    request.set_leg_id("callee-1");
    request.set_request_id("r-1");
    request.set_digits("4711#");
    SendDigits(world, request);
    ExpectInOrder(world);
    EXPECT_EQ(KeysHeard(world), 1) << Story(world);
    std::vector<v1::DigitsSent::Result> results;
    for (const v1::SessionEvent& event : EventsOf(world)) {
      if (event.has_digits_sent()) results.push_back(event.digits_sent().result());
    }
    const bool refused = std::string_view(fault) == "action-failed";
    EXPECT_EQ(results,
              std::vector<v1::DigitsSent::Result>{refused ? v1::DigitsSent::RESULT_FAILED
                                                          : v1::DigitsSent::RESULT_UNKNOWN})
        << Story(world);
  }
}

}  // namespace
}  // namespace callbridge::simulation
