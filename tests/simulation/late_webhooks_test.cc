// Webhooks that come again when the memory of duplicates has forgotten them, up to 41.5 hours late
// (docs/provider.md §7.4): no session changes, none begins, nobody is dialled or answered; neither
// while the session's record is kept nor when the store has deleted it.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/user_case.h"
#include "tests/simulation/world.h"
#include "tests/simulator/webhook_schedule.h"

namespace callbridge::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = BridgePlan::Kind;
using Result = v1::Outcome;

struct Situation {
  const char* name;
  BridgePlan bridge;
  Result::Result result;
};

// Requests that change something at the provider.
constexpr const char* kDeeds[] = {"send-ringing",
                                  "answer",
                                  "hangup",
                                  "say",
                                  "play",
                                  "stop-play",
                                  "create-conference",
                                  "dial",
                                  "add-call",
                                  "hangup-conference",
                                  "stop-play-conference"};

// What the session and the provider know. Looks do not count: those of the sweep go on for ever.
std::string FactsOf(World& world) {
  std::string facts = absl::StrCat(Sessions(world), " sessions, ", Told(world).size(), " events, ",
                                   world.session().outcome().summary());
  for (const char* deed : kDeeds) {
    absl::StrAppend(&facts, ", ", deed, " ", Requests(world, deed));
  }
  return facts;
}

// Without readers: they ask several times a second, which is long in two days.
Plan PlanOf(const Situation& situation) {
  Plan plan = OneBridge(situation.bridge);
  plan.readers = 0;
  return plan;
}

class LateWebhooks : public testing::TestWithParam<Situation> {
 protected:
  // Plays the situation to its end, and keeps every webhook.
  void Play(World& world) {
    ExpectEnd(world, GetParam().result);
    // A client may ask for an offer that is gone.
    world.Run(minutes(2));
  }

  World::Options Options() {
    return Kept([this](const simulator::Delivery& delivery) {
      if (!ended_) bodies_.push_back(delivery.body);
      return true;
    });
  }

  // Each at its moment of the provider's schedule, from the first repeat that no memory knows on.
  void RepeatAll(World& world) {
    ended_ = true;
    const simulator::WebhookSchedule schedule{.kind =
                                                  simulator::WebhookSchedule::Kind::kInfobipPush};
    const base::Time begin = world.now();
    base::Duration after{};
    for (int posts = 1; const auto pause = PauseBeforeRepeat(schedule, posts); ++posts) {
      after += *pause;
      if (after < base::kDedupeAge + hours(2)) continue;
      world.Run(begin + after - world.now());
      for (const std::string& body : bodies_) {
        world.ingresses().front()->Receive(body);
        world.Run(seconds(1));
      }
      ++repeats_;
    }
    world.Run(minutes(5));
  }

  std::vector<std::string> bodies_;
  bool ended_ = false;
  int repeats_ = 0;
};

TEST_P(LateWebhooks, ChangeNothingOfASessionThatIsKept) {
  World world(PlanOf(GetParam()), Options());
  Play(world);
  const std::string before = FactsOf(world);
  ASSERT_GT(bodies_.size(), 1U);
  RepeatAll(world);
  EXPECT_GE(repeats_, 3);
  EXPECT_EQ(FactsOf(world), before);
  EXPECT_TRUE(world.session().has_ended()) << Story(world);
  EXPECT_EQ(world.CallsAlive(), 0);
}

TEST_P(LateWebhooks, BeginNothingWhenTheSessionIsForgotten) {
  World::Options options = Options();
  options.retention = hours(1);
  World world(PlanOf(GetParam()), std::move(options));
  Play(world);
  const std::string session_id = world.session().session_id();
  const std::string before = FactsOf(world);
  RepeatAll(world);
  EXPECT_FALSE(world.store().GetSession(session_id).ok()) << "it is still kept";
  EXPECT_EQ(FactsOf(world), before);
  EXPECT_EQ(world.CallsAlive(), 0);
}

// A repeat within the memory's time, of other bytes: the call's session is there or was there, and
// its call is over.
TEST_P(LateWebhooks, AnswerNobodyWhenTheMemoryDoesNotKnowTheBytes) {
  World::Options options = Options();
  options.retention = minutes(1);
  World world(PlanOf(GetParam()), std::move(options));
  Play(world);
  ended_ = true;
  world.Run(hours(2));
  const auto deeds = [&world] {
    std::string text;
    for (const char* deed : {"dial", "answer", "say", "play", "add-call"}) {
      absl::StrAppend(&text, deed, " ", Requests(world, deed), ", ");
    }
    return text;
  };
  const std::string before = deeds();
  for (const std::string& body : bodies_) {
    world.ingresses().front()->Receive(absl::StrCat(body.substr(0, body.size() - 1), R"(,"n":1})"));
    world.Run(seconds(1));
  }
  world.Run(minutes(5));
  EXPECT_EQ(deeds(), before) << Story(world);
  EXPECT_EQ(world.CallsAlive(), 0) << Story(world);
  EXPECT_EQ(world.ConferencesOpen(), 0) << Story(world);
}

INSTANTIATE_TEST_SUITE_P(
    Every, LateWebhooks,
    testing::Values(
        Situation{"Answered", {.callee = "answers:3,hangs-up:20"}, Result::RESULT_COMPLETED},
        Situation{"Unanswered", {.callee = "never-answers"}, Result::RESULT_CALLEE_UNREACHED},
        Situation{"Abandoned",
                  {.callee = "answers:12", .caller_leaves = seconds(6)},
                  Result::RESULT_CALLER_ABANDONED},
        Situation{"Requested",
                  {.kind = Kind::kRequested, .callee = "answers:3,hangs-up:20"},
                  Result::RESULT_COMPLETED},
        Situation{"Offered",
                  {.kind = Kind::kOffered, .callee = "answers:3,hangs-up:20"},
                  Result::RESULT_COMPLETED},
        Situation{"Rejected",
                  {.kind = Kind::kOffered, .offer_taken = seconds(40)},
                  Result::RESULT_REJECTED}),
    [](const testing::TestParamInfo<Situation>& situation) { return situation.param.name; });

}  // namespace
}  // namespace callbridge::simulation
