// A notice before recording, whatever is lost: what the provider did and what it told decide
// whether a bridge is recorded, and never a guess.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>

#include "tests/simulation/client.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Two who talk for a minute and a half, and whose plan records them after a notice.
Plan Noticed(const std::string& refusing_key = "", const std::string& callee_presses = "") {
  Plan plan = OneBridge({.callee = "answers:3,hangs-up:90" + callee_presses});
  plan.recording.set_mode(v1::RECORDING_MODE_CONFERENCE);
  plan.recording.set_start(v1::RecordingPlan::START_CONNECTED);
  v1::RecordingNotice& notice = *plan.recording.mutable_notice();
  notice.mutable_prompt()->set_text("This is recorded.");
  if (refusing_key.empty()) return plan;
  notice.set_refusing_key(refusing_key);
  *notice.mutable_refusal_timeout() = base::ToProtoDuration(seconds(2));
  return plan;
}

int Recordings(World& world) {
  return static_cast<int>(world.model().world().recordings.things().size());
}

// Runs to the end; then so many recordings were made, and the evidence says this of each leg.
void ExpectNotices(World& world, v1::NoticeEvidence::Result caller,
                   v1::NoticeEvidence::Result callee, int recordings) {
  ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
  world.Run(kUntilAllIsKnown);
  const internal::v1::Session session = world.session();
  EXPECT_EQ(session.legs(0).notice().evidence().result(), caller) << Story(world);
  EXPECT_EQ(session.legs(1).notice().evidence().result(), callee) << Story(world);
  EXPECT_EQ(Recordings(world), recordings) << Story(world);
}

TEST(Notice, IsProvedBeforeAnythingIsRecorded) {
  for (const std::string key : {"", "9"}) {
    SCOPED_TRACE("key " + key);
    World world(Noticed(key), Passing(Everything));
    ExpectNotices(world, v1::NoticeEvidence::RESULT_PROVED, v1::NoticeEvidence::RESULT_PROVED, 1);
    const v1::NoticeEvidence evidence = world.session().legs(1).notice().evidence();
    EXPECT_TRUE(evidence.complete());
    EXPECT_EQ(evidence.attempt(), 1);
    EXPECT_EQ(evidence.text_sha256(),
              "95598651271ad6d64e5dd0f2d2453281e3aaa36ef7f2f50fe8bde39f2be146a4");
    EXPECT_TRUE(world.session().legs(1).dialled_apart());
  }
}

TEST(Notice, IsNeverTakenForHeard) {
  for (const std::string key : {"", "9"}) {
    SCOPED_TRACE("key " + key);
    World world(Noticed(key), Passing(AllBut(key.empty() ? "SAY_FINISHED" : "DTMF_CAPTURED")));
    ExpectNotices(world, v1::NoticeEvidence::RESULT_UNPROVED,
                  v1::NoticeEvidence::RESULT_UNSPECIFIED, 0);
    const internal::v1::Session session = world.session();
    EXPECT_EQ(session.recordings().recorders(0).recording().failure(),
              v1::RECORDING_FAILURE_NOTICE_UNPROVED);
    EXPECT_EQ(session.legs(0).notice().evidence().attempt(), 2);
    EXPECT_FALSE(session.legs(1).dialled_apart());
  }
}

TEST(Notice, IsRefusedByAKey) {
  World world(Noticed("1", ",presses:12"), Passing(Everything));
  ExpectNotices(world, v1::NoticeEvidence::RESULT_PROVED, v1::NoticeEvidence::RESULT_REFUSED, 0);
  EXPECT_EQ(world.session().recordings().recorders(0).recording().failure(),
            v1::RECORDING_FAILURE_NOTICE_REFUSED);
}

TEST(Notice, EndsTheBridgeOfWhoRefuses) {
  Plan plan = Noticed("1", ",presses:12");
  plan.recording.mutable_notice()->set_refusal(v1::RecordingNotice::REFUSAL_END);
  World world(plan, Passing(Everything));
  ExpectEnd(world, v1::Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_NOTICE_REFUSED);
  EXPECT_EQ(Recordings(world), 0);
}

// The call of its own needs no event either: looks find the answer and the join.
TEST(Notice, NeedsNoOtherEvent) {
  const Passes only_sounds = [](const simulator::Delivery& delivery) {
    return delivery.type == "SAY_FINISHED" || delivery.type == "PLAY_FINISHED" ||
           delivery.type == "CALL_RECEIVED";
  };
  World world(Noticed(), Passing(only_sounds));
  ExpectNotices(world, v1::NoticeEvidence::RESULT_PROVED, v1::NoticeEvidence::RESULT_PROVED, 1);
}

TEST(Notice, IsSaidWhenAClientAsksAtAnyMoment) {
  for (int tenths = 3; tenths <= 243; tenths += 24) {
    SCOPED_TRACE(absl::StrCat("after ", tenths, " tenths of a second"));
    Plan plan = Noticed();
    plan.recording.set_start(v1::RecordingPlan::START_REQUESTED);
    World world(plan, Passing(Everything));
    world.Run(milliseconds(100 * tenths));
    v1::StartRecordingRequest request;
    request.set_session_id(world.session().session_id());
    request.set_request_id("r-1");
    StartRecording(world, request);
    ExpectNotices(world, v1::NoticeEvidence::RESULT_PROVED, v1::NoticeEvidence::RESULT_PROVED, 1);
  }
}

}  // namespace
}  // namespace callbridge::simulation
