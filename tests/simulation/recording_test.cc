// Bridges are recorded, whatever is lost: in the end each recording at the provider has exactly one
// record, with its file, and the bridge notices nothing of it.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/simulation/client.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using internal::v1::Recorder;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const char* const kTalksForAMinute = "answers:3,hangs-up:60";
v1::RecordingPlan Record(v1::RecordingMode mode,
                         v1::RecordingPlan::Start start = v1::RecordingPlan::START_CONNECTED) {
  v1::RecordingPlan plan;
  plan.set_mode(mode);
  plan.set_start(start);
  return plan;
}

// Two who talk for a minute, and whose plan records them.
Plan Recorded(v1::RecordingMode mode) {
  Plan plan = OneBridge({.callee = kTalksForAMinute});
  plan.recording = Record(mode);
  return plan;
}

// How many recordings are on at the provider.
int OnAtTheProvider(World& world) {
  int on = 0;
  for (const auto& [number, recording] : world.model().world().recordings.things()) {
    on += recording.ended() ? 0 : 1;
  }
  return on;
}

int OnInTheSession(World& world) {
  int on = 0;
  const internal::v1::Session session = world.session();
  for (const Recorder& recorder : session.recordings().recorders()) {
    on += recorder.recording().state() == v1::Recording::STATE_RECORDING ? 1 : 0;
  }
  return on;
}

// Every finished file at the provider stands in exactly one record, and no record names another.
void ExpectFilesAreKnown(World& world) {
  std::map<std::string, int> known;
  const internal::v1::Session session = world.session();
  for (const Recorder& recorder : session.recordings().recorders()) {
    const v1::Recording& recording = recorder.recording();
    EXPECT_EQ(recording.files_size() > 0, recording.state() == v1::Recording::STATE_READY)
        << Story(world);
    for (const v1::RecordingFile& file : recording.files()) ++known[file.file_id()];
  }
  std::set<std::string> made;
  for (const auto& [number, recording] : world.model().world().recordings.things()) {
    EXPECT_TRUE(recording.ended()) << Story(world);
    for (const auto* files : {&recording.composed_files, &recording.call_files}) {
      for (const simulator::RecordedFile& file : *files) made.insert(file.id);
    }
  }
  for (const std::string& file : made) EXPECT_EQ(known[file], 1) << file << "\n" << Story(world);
  EXPECT_EQ(known.size(), made.size()) << Story(world);
}

// recordings: how many there are in the end.
void ExpectRecorded(World& world, int recordings) {
  ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
  world.Run(kUntilAllIsKnown);
  EXPECT_EQ(world.session().recordings().recorders_size(), recordings) << Story(world);
  EXPECT_EQ(world.session().timers_size(), 0) << Story(world);
  ExpectFilesAreKnown(world);
  EXPECT_TRUE(world.IsOver()) << Story(world);
}

// The two talk, and the session says what is true at the provider.
void ExpectOn(World& world, int recordings) {
  ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_connect_time(); }, seconds(60)))
      << Story(world);
  world.Run(seconds(40));
  EXPECT_EQ(OnAtTheProvider(world), recordings) << Story(world);
  EXPECT_EQ(OnInTheSession(world), recordings) << Story(world);
}

TEST(Recording, IsOnWhileTheTwoTalk) {
  for (const auto& [mode, recordings] :
       {std::pair(v1::RECORDING_MODE_CONFERENCE, 1), std::pair(v1::RECORDING_MODE_LEGS, 2)}) {
    World world(Recorded(mode), Passing(Everything));
    ExpectOn(world, recordings);
    ExpectRecorded(world, recordings);
  }
}

TEST(Recording, NeedsNoEvent) {
  for (const char* lost : {"_STARTED", "_STOPPED", "_READY", "COMPOSITION", "RECORDING", "CORD"}) {
    for (const auto& [mode, recordings] :
         {std::pair(v1::RECORDING_MODE_CONFERENCE, 1), std::pair(v1::RECORDING_MODE_LEGS, 2)}) {
      SCOPED_TRACE(absl::StrCat(lost, " in mode ", mode));
      World world(Recorded(mode), Passing(AllBut(lost)));
      ExpectOn(world, recordings);
      ExpectRecorded(world, recordings);
    }
  }
}

TEST(Recording, NeedsNoAnswer) {
  for (const char* fault : {"reset-before", "reset-after", "error-before", "error-after"}) {
    for (const Passes& passes : {Passes(Everything), AllBut("RECORDING")}) {
      Plan plan = Recorded(v1::RECORDING_MODE_CONFERENCE);
      plan.faults = {{fault, "1"}, {"operations", "start-conference-recording"}, {"times", "2"}};
      plan.calm_after = minutes(2);
      World world(plan, Passing(passes));
      SCOPED_TRACE(fault);
      ExpectOn(world, 1);
      ExpectRecorded(world, 1);
    }
  }
}

TEST(Recording, SurvivesACrashAtAnyMoment) {
  for (int tenths = 60; tenths <= 140; tenths += 16) {
    SCOPED_TRACE(absl::StrCat("a crash after ", tenths, " tenths of a second"));
    World world(Recorded(v1::RECORDING_MODE_LEGS), Passing(AllBut("_READY")));
    world.Run(milliseconds(100 * tenths));
    world.Crash(*world.servers().front(), seconds(2));
    ExpectOn(world, 2);
    ExpectRecorded(world, 2);
  }
}

TEST(Recording, TakesEveryWayOfTheProvider) {
  for (const auto& [name, value] :
       {std::pair("second-recording", "200"), std::pair("recording-stopped-at-end", "no"),
        std::pair("composition", "after-conference"), std::pair("composed-told", "finished"),
        std::pair("composed-told", "ready"), std::pair("custom-data", "merge")}) {
    Plan plan = Recorded(v1::RECORDING_MODE_CONFERENCE);
    plan.switches = {{name, value}};
    World world(plan, Passing(Everything));
    SCOPED_TRACE(absl::StrCat(name, "=", value));
    ExpectOn(world, 1);
    ExpectRecorded(world, 1);
  }
}

TEST(Recording, FailsNoBridge) {
  for (const auto& [name, value] : {std::pair("recording", "403"), std::pair("recording", "on")}) {
    Plan plan = Recorded(v1::RECORDING_MODE_LEGS);
    plan.switches = {{name, value}};
    plan.faults = {{"recording-failed", "1"}};
    plan.calm_after = minutes(2);
    World world(plan, Passing(Everything));
    ExpectOn(world, 0);
    ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
    world.Run(kUntilAllIsKnown);
    const internal::v1::Session session = world.session();
    ASSERT_EQ(session.recordings().recorders_size(), 2) << Story(world);
    for (const Recorder& recorder : session.recordings().recorders()) {
      EXPECT_EQ(recorder.recording().state(), v1::Recording::STATE_FAILED) << Story(world);
    }
  }
}

TEST(Recording, OfLegsIsTakenIfNoneCanBeComposed) {
  Plan plan = Recorded(v1::RECORDING_MODE_CONFERENCE);
  plan.faults = {{"composition-failed", "1"}};
  plan.calm_after = minutes(5);
  World world(plan, Passing(Everything));
  ExpectOn(world, 1);
  ExpectRecorded(world, 1);
  const internal::v1::Session session = world.session();
  const v1::Recording& recording = session.recordings().recorders(0).recording();
  ASSERT_EQ(recording.files_size(), 2);
  EXPECT_EQ((std::set{recording.files(0).leg_id(), recording.files(1).leg_id()}),
            (std::set<std::string>{"caller", "callee-1"}));
}

v1::StartRecordingRequest Start(World& world, const std::string& request_id,
                                v1::RecordingMode mode) {
  v1::StartRecordingRequest request;
  request.set_session_id(world.session().session_id());
  request.set_request_id(request_id);
  request.set_mode(mode);
  return request;
}

v1::StopRecordingRequest Stop(World& world, const std::string& request_id) {
  v1::StopRecordingRequest request;
  request.set_session_id(world.session().session_id());
  request.set_request_id(request_id);
  return request;
}

// Started, stopped and started again, with less and more time in between than an answer takes.
TEST(Recording, IsStartedAndStoppedAtAnyMoment) {
  for (const v1::RecordingMode mode : {v1::RECORDING_MODE_CONFERENCE, v1::RECORDING_MODE_LEGS}) {
    for (const milliseconds pause : {milliseconds(1), milliseconds(100), milliseconds(4'000)}) {
      for (int tenths = 3; tenths <= 120; tenths += 58) {
        SCOPED_TRACE(absl::StrCat("mode ", mode, ", after ", tenths, " tenths of a second, pause ",
                                  pause.count(), " ms"));
        World world(OneBridge({.callee = kTalksForAMinute}), Passing(Everything));
        world.Run(milliseconds(100 * tenths));
        StartRecording(world, Start(world, "r-1", mode));
        world.Run(pause);
        StopRecording(world, Stop(world, "r-2"));
        world.Run(pause);
        StartRecording(world, Start(world, "r-3", mode));
        ExpectOn(world, mode == v1::RECORDING_MODE_LEGS ? 2 : 1);
        StopRecording(world, Stop(world, "r-4"));
        world.Run(seconds(10));
        EXPECT_EQ(OnAtTheProvider(world), 0) << Story(world);
        EXPECT_EQ(OnInTheSession(world), 0) << Story(world);
        ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
        world.Run(kUntilAllIsKnown);
        ExpectFilesAreKnown(world);
      }
    }
  }
}

TEST(Recording, DoesNotStartWithoutATalk) {
  Plan plan = Recorded(v1::RECORDING_MODE_CONFERENCE);
  plan.bridges.front().callee = "busy";
  World world(plan, Passing(Everything));
  ExpectEnd(world, v1::Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().recordings().recorders_size(), 0);
  EXPECT_TRUE(world.model().world().recordings.things().empty());
}

}  // namespace
}  // namespace callbridge::simulation
