// People are muted and deafened at any moment of a bridge, whatever is lost: in the end the
// provider does what the client wanted last, and the bridge notices nothing of it.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "tests/simulation/client.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kUntilItMustBeSo{20};

v1::UpdateLegRequest Wish(World& world, const std::string& leg_id, bool muted, int number) {
  v1::UpdateLegRequest request;
  request.set_session_id(world.session().session_id());
  request.set_leg_id(leg_id);
  request.set_request_id(absl::StrCat("wish-", number));
  request.set_muted(muted);
  return request;
}

const internal::v1::Leg* FindLeg(const internal::v1::Session& session, const std::string& leg_id) {
  for (const internal::v1::Leg& leg : session.legs()) {
    if (leg.leg_id() == leg_id) return &leg;
  }
  return nullptr;
}

bool IsMutedAtTheProvider(World& world, const std::string& leg_id) {
  const internal::v1::Session session = world.session();
  const internal::v1::Leg* leg = FindLeg(session, leg_id);
  const simulator::Call* call =
      leg == nullptr ? nullptr : world.model().world().calls.Find(leg->call_id());
  return call != nullptr && call->muted;
}

// The two talk for at least `kUntilItMustBeSo` after they were connected.
void ExpectMuted(World& world, const std::string& leg_id, bool muted) {
  ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_connect_time(); }, seconds(60)))
      << Story(world);
  world.Run(kUntilItMustBeSo);
  const internal::v1::Session session = world.session();
  ASSERT_TRUE(session.has_connected()) << Story(world);
  EXPECT_EQ(IsMutedAtTheProvider(world, leg_id), muted) << Story(world);
  const internal::v1::Leg& leg = *FindLeg(session, leg_id);
  EXPECT_EQ(leg.audio().muted(), muted) << Story(world);
  EXPECT_EQ(leg.audio().mute_wanted(), muted) << Story(world);
  EXPECT_FALSE(leg.audio().asking()) << Story(world);
  ExpectEnd(world, v1::Outcome::RESULT_COMPLETED);
}

// No event tells that a leg was changed.
bool AllButMedia(const simulator::Delivery& delivery) {
  return delivery.type != "PARTICIPANT_MEDIA_CHANGED";
}

int LinesWith(World& world, const std::string& words) {
  int lines = 0;
  for (const std::string& line : world.trace().lines()) lines += line.ends_with(words) ? 1 : 0;
  return lines;
}

const char* const kTalksLong = "answers:3,hangs-up:90";

void MuteAtAnyMoment(const std::string& leg_id,
                     const std::function<bool(const simulator::Delivery&)>& passes,
                     const std::function<void(World&)>& trouble) {
  for (int tenths = 3; tenths <= 240; tenths += 7) {
    World world(OneBridge({.callee = kTalksLong}), Passing(passes));
    world.Run(milliseconds(100 * tenths));
    const internal::v1::Session session = world.session();
    const internal::v1::Leg* leg = FindLeg(session, leg_id);
    // A callee whose dial has not left is no leg that clients know.
    if (leg == nullptr || (leg_id != "caller" && !leg->has_sent_time())) continue;
    SCOPED_TRACE(absl::StrCat(leg_id, " is muted after ", tenths, " tenths of a second"));
    UpdateLeg(world, Wish(world, leg_id, true, 1));
    trouble(world);
    ExpectMuted(world, leg_id, true);
  }
}

TEST(UpdateLeg, ReachesTheProviderAtAnyMoment) {
  MuteAtAnyMoment("caller", Everything, [](World&) {});
  MuteAtAnyMoment("callee-1", Everything, [](World&) {});
}

TEST(UpdateLeg, NeedsNoEvent) {
  MuteAtAnyMoment("callee-1", AllButMedia, [](World&) {});
}

TEST(UpdateLeg, SurvivesACrashRightAfterwards) {
  MuteAtAnyMoment("callee-1", AllButMedia, [](World& world) {
    world.Run(milliseconds(4));
    world.Crash(*world.servers().front(), seconds(2));
  });
}

// The last of several wishes counts, however soon one follows the other.
TEST(UpdateLeg, LeavesTheLastWish) {
  for (int apart = 0; apart <= 2000; apart += 50) {
    World world(OneBridge({.callee = kTalksLong}), Passing(Everything));
    world.RunUntil([&world] { return world.session().has_connect_time(); }, seconds(60));
    SCOPED_TRACE(absl::StrCat(apart, " ms apart"));
    for (int i = 1; i <= 4; ++i) {
      UpdateLeg(world, Wish(world, "callee-1", i % 2 == 1, i));
      world.Run(milliseconds(apart));
    }
    // An old request comes once more, as from a client that had no answer.
    UpdateLeg(world, Wish(world, "callee-1", true, 1));
    ExpectMuted(world, "callee-1", false);
  }
}

// The request, or its answer, is lost twice.
TEST(UpdateLeg, NeedsNoAnswer) {
  for (const char* fault : {"reset-before", "reset-after", "error-after", "action-failed"}) {
    Plan plan = OneBridge({.callee = kTalksLong});
    plan.faults = {{fault, "1"}, {"operations", "update-call"}, {"times", "2"}};
    plan.calm_after = seconds(30);
    World world(plan, Passing(AllButMedia));
    world.RunUntil([&world] { return world.session().has_connect_time(); }, seconds(60));
    SCOPED_TRACE(fault);
    UpdateLeg(world, Wish(world, "callee-1", true, 1));
    // What the provider certainly refuses is given up, and the client may ask again.
    if (std::string(fault) == "action-failed") {
      world.Run(seconds(1));
      const internal::v1::Session session = world.session();
      EXPECT_FALSE(FindLeg(session, "callee-1")->audio().mute_wanted()) << Story(world);
      UpdateLeg(world, Wish(world, "callee-1", true, 2));
      world.Run(seconds(1));
      UpdateLeg(world, Wish(world, "callee-1", true, 3));
    }
    ExpectMuted(world, "callee-1", true);
    // After the effect one fault is enough: a look shows it, and nothing is asked again.
    const bool had_effect = std::string_view(fault).ends_with("after");
    EXPECT_EQ(LinesWith(world, absl::StrCat(" ", fault)), had_effect ? 1 : 2) << Story(world);
  }
}

}  // namespace
}  // namespace callbridge::simulation
