// The commands record and recordings against a server in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "client/cli/run.h"
#include "tests/cli/fake_service.h"
#include "tests/cli/run_with.h"

namespace callbridge::cli {
namespace {

using client::FakeService;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// A session with a recording of the conference that is ready, and one of the callee that goes on.
v1::Session RecordedSession() {
  v1::Session session;
  session.set_session_id("s_1");
  session.set_state(v1::Session::STATE_CONNECTED);
  v1::Recording& ready = *session.add_recordings();
  ready.set_session_id("s_1");
  ready.set_recording_id("recording-1");
  ready.set_state(v1::Recording::STATE_READY);
  ready.mutable_start_time()->set_seconds(1'000);
  ready.mutable_end_time()->set_seconds(1'090);
  v1::RecordingFile& file = *ready.add_files();
  file.set_file_id("f-1");
  file.mutable_duration()->set_seconds(90);
  v1::Recording& going = *session.add_recordings();
  going.set_session_id("s_1");
  going.set_recording_id("recording-2");
  going.set_leg_id("callee-1");
  going.set_state(v1::Recording::STATE_RECORDING);
  return session;
}

TEST(Record, StartsAndStops) {
  FakeService service;
  service.SetSession(RecordedSession());
  const Result started = RunWith(
      service, {"record", "s_1", "start", "--mode", "legs", "--beep", "--request-id", "r-1"});
  EXPECT_EQ(started.status, ExitStatus::kOk) << started.err;
  EXPECT_THAT(started.out, HasSubstr("s_1"));
  ASSERT_THAT(service.record_requests(), SizeIs(1));
  const v1::StartRecordingRequest request = service.record_requests().front();
  EXPECT_EQ(request.session_id(), "s_1");
  EXPECT_EQ(request.request_id(), "r-1");
  EXPECT_EQ(request.mode(), v1::RECORDING_MODE_LEGS);
  EXPECT_TRUE(request.beep());
  // What is not named is left to the plan, and an id is made up.
  RunWith(service, {"record", "s_1", "start", "--validate-only"});
  ASSERT_THAT(service.record_requests(), SizeIs(2));
  EXPECT_EQ(service.record_requests().back().mode(), v1::RECORDING_MODE_UNSPECIFIED);
  EXPECT_FALSE(service.record_requests().back().beep());
  EXPECT_TRUE(service.record_requests().back().validate_only());
  EXPECT_FALSE(service.record_requests().back().request_id().empty());
  EXPECT_EQ(RunWith(service, {"record", "s_1", "stop"}).status, ExitStatus::kOk);
  ASSERT_THAT(service.stop_recording_requests(), SizeIs(1));
  EXPECT_EQ(service.stop_recording_requests().front().session_id(), "s_1");
}

TEST(Record, RefusesWhatItCannotMean) {
  FakeService service;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"record", "s_1", "pause"}, {"record", "s_1"}, {"record"}}) {
    EXPECT_EQ(RunWith(service, arguments).status, ExitStatus::kUsage);
  }
  EXPECT_THAT(RunWith(service, {"record", "s_1", "pause"}).err,
              HasSubstr("\"pause\" is neither start nor stop"));
  EXPECT_THAT(RunWith(service, {"record", "s_1", "start", "--mode", "all"}).err,
              HasSubstr("--mode: \"all\" is not one of CONFERENCE, LEGS"));
  EXPECT_THAT(service.record_requests(), IsEmpty());
}

TEST(Recordings, AreListedPageByPage) {
  FakeService service;
  service.SetSession(RecordedSession());
  const Result all = RunWith(service, {"recordings"});
  EXPECT_EQ(all.status, ExitStatus::kOk) << all.err;
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 2);
  EXPECT_THAT(all.out, HasSubstr("f-1"));
  EXPECT_THAT(all.out, HasSubstr("callee-1"));
  EXPECT_THAT(all.err, IsEmpty());
  const Result one = RunWith(service, {"recordings", "s_1", "--limit", "1", "--json"});
  EXPECT_THAT(one.out, StartsWith("{"));
  EXPECT_EQ(std::count(one.out.begin(), one.out.end(), '\n'), 1);
  EXPECT_EQ(service.recordings_requests().back().session_id(), "s_1");
  EXPECT_THAT(RunWith(service, {"recordings", "--limit", "1"}).err, HasSubstr("--limit"));
}

TEST(Recordings, SayThatThereAreNone) {
  FakeService service;
  v1::Session session;
  session.set_session_id("s_1");
  service.SetSession(session);
  const Result none = RunWith(service, {"recordings"});
  EXPECT_EQ(none.status, ExitStatus::kOk);
  EXPECT_THAT(none.out, IsEmpty());
  EXPECT_THAT(none.err, HasSubstr("nothing was recorded"));
}

}  // namespace
}  // namespace callbridge::cli
