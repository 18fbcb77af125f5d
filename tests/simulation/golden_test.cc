// The use case against the simulator's model: both endings, every switch in every position, every
// webhook lost once, all webhooks lost from any moment on, and a hangup, a request to end and a
// crash at any moment. All invariants are checked in each.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>
#include <vector>

#include "tests/simulation/client.h"
#include "tests/simulation/expect.h"
#include "tests/simulation/user_case.h"
#include "tests/simulation/world.h"
#include "tests/simulator/switches.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Result = v1::Outcome;

TEST(Bridge, ConnectsACalleeWhoAnswers) {
  World world(OneBridge(), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  EXPECT_EQ(world.session().outcome().ended_by(), v1::PARTY_CALLEE) << Story(world);
  EXPECT_GE(world.session().outcome().talk_duration().seconds(), 14) << Story(world);
  EXPECT_EQ(world.model().world().journal.overlaps, 0) << Story(world);
}

TEST(Bridge, ApologisesForACalleeWhoDoesNotAnswer) {
  World world(OneBridge({.callee = "never-answers"}), Kept());
  ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_NO_ANSWER) << Story(world);
}

TEST(Bridge, DialsTwoPeople) {
  World world(OneBridge({.kind = BridgePlan::Kind::kRequested}), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
}

TEST(Bridge, TakesAnOfferedCall) {
  World world(OneBridge({.kind = BridgePlan::Kind::kOffered}), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
}

TEST(Bridge, RejectsAnOfferThatNobodyTakes) {
  World world(OneBridge({.kind = BridgePlan::Kind::kOffered, .offer_taken = seconds(40)}), Kept());
  ExpectEnd(world, Result::RESULT_REJECTED);
}

// Two who go on talking are ended by the maximum duration.
TEST(Bridge, EndsAtTheMaximumDuration) {
  World world(OneBridge({.callee = "answers:2"}), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_MAX_DURATION) << Story(world);
}

struct Ending {
  const char* callee;
  v1::Outcome::Result result;
  v1::EndReason reason = v1::END_REASON_HUNG_UP;
};

// Both golden flows, with each switch in each position.
class Switch : public testing::TestWithParam<std::string> {};

std::vector<std::string> SwitchPositions() {
  std::vector<std::string> positions;
  for (const auto& row : simulator::SwitchRows()) {
    for (const std::string& choice : row.choices) {
      positions.push_back(absl::StrCat(row.name, "=", choice));
    }
  }
  return positions;
}

TEST_P(Switch, ChangesNoOutcome) {
  const std::string position = GetParam();
  const std::size_t equals = position.find('=');
  for (const Ending ending :
       {Ending{"answers:3,hangs-up:20", Result::RESULT_COMPLETED},
        Ending{"never-answers", Result::RESULT_CALLEE_UNREACHED, v1::END_REASON_NO_ANSWER},
        Ending{"busy", Result::RESULT_CALLEE_UNREACHED, v1::END_REASON_BUSY}}) {
    Plan plan = OneBridge({.callee = ending.callee});
    plan.switches = {{position.substr(0, equals), position.substr(equals + 1)}};
    World world(plan, Kept());
    SCOPED_TRACE(absl::StrCat(position, " ", ending.callee));
    ExpectEnd(world, ending.result);
    EXPECT_EQ(world.session().outcome().reason(), ending.reason) << Story(world);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Switch, testing::ValuesIn(SwitchPositions()),
                         [](const testing::TestParamInfo<std::string>& position) {
                           std::string name = position.param;
                           for (char& c : name) {
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
                           }
                           return name;
                         });

// docs/provider.md §1.3: states that are documented nowhere end nothing, and hide no end.
TEST(UnknownStates, ChangeNoOutcome) {
  for (const Ending ending :
       {Ending{"answers:3,hangs-up:20", Result::RESULT_COMPLETED},
        Ending{"never-answers", Result::RESULT_CALLEE_UNREACHED, v1::END_REASON_NO_ANSWER},
        Ending{"busy", Result::RESULT_CALLEE_UNREACHED, v1::END_REASON_BUSY}}) {
    for (const char* share : {"0.5", "1"}) {
      Plan plan = OneBridge({.callee = ending.callee});
      plan.faults = {{"unknown-state", share}};
      // Longer than the bridge.
      plan.calm_after = std::chrono::minutes(5);
      World world(plan, Kept());
      SCOPED_TRACE(absl::StrCat(ending.callee, " ", share));
      ExpectEnd(world, ending.result);
      EXPECT_EQ(world.session().outcome().reason(), ending.reason) << Story(world);
    }
  }
}

// All that is known of a talk is what looks show, in states that nobody knows: it goes on.
TEST(UnknownStates, EndNoTalkThatOnlyLooksTellOf) {
  bool told = true;
  Plan plan = OneBridge({.callee = "answers:3"});
  plan.faults = {{"unknown-state", "1"}};
  plan.calm_after = std::chrono::minutes(5);
  World world(plan, Kept([&told](const simulator::Delivery&) { return told; }));
  ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_connected(); }, seconds(60)))
      << Story(world);
  told = false;
  const base::Time connected = world.now();
  ASSERT_TRUE(world.RunUntil([&world] { return world.session().has_ended(); }, seconds(180)));
  // Not before the plan's maximum duration.
  EXPECT_GE(world.now() - connected, base::Duration(seconds(100))) << Story(world);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_MAX_DURATION) << Story(world);
}

// docs/provider.md §1.4: the fault is the operator's. Accepted, and failing later, it looks like a
// callee who cannot be reached.
TEST(UnknownConfiguration, IsTheAccountsFault) {
  for (const auto kind : {BridgePlan::Kind::kIncoming, BridgePlan::Kind::kRequested}) {
    Plan plan = OneBridge({.kind = kind});
    World world(plan, Kept());
    world.model().ForgetConfigurations();
    ExpectEnd(world, Result::RESULT_FAILED);
    EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_PROVIDER_ACCOUNT) << Story(world);
    EXPECT_EQ(world.model().world().conferences.things().size(), 0U);
  }
  Plan plan = OneBridge({});
  plan.switches = {{"unknown-configuration", "10309"}};
  World world(plan, Kept());
  world.model().ForgetConfigurations();
  ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_UNREACHABLE) << Story(world);
  EXPECT_EQ(world.session().outcome().provider_error().code(), 10309) << Story(world);
}

std::int64_t WebhooksOf(const char* callee) {
  std::int64_t last = 0;
  World world(OneBridge({.callee = callee}), Kept([&last](const simulator::Delivery& delivery) {
                last = std::max(last, delivery.number);
                return true;
              }));
  ExpectSomeEnd(world);
  return last;
}

class Lost : public testing::TestWithParam<Ending> {};

TEST_P(Lost, AnySingleWebhook) {
  const std::int64_t count = WebhooksOf(GetParam().callee);
  ASSERT_GT(count, 10);
  for (std::int64_t lost = 2; lost <= count; ++lost) {
    World world(
        OneBridge({.callee = GetParam().callee}),
        Kept([lost](const simulator::Delivery& delivery) { return delivery.number != lost; }));
    SCOPED_TRACE(absl::StrCat("webhook ", lost, " is lost"));
    ExpectEnd(world, GetParam().result);
  }
}

TEST_P(Lost, AllWebhooksFromAnyMomentOn) {
  const std::int64_t count = WebhooksOf(GetParam().callee);
  for (std::int64_t first = 2; first <= count; ++first) {
    World world(
        OneBridge({.callee = GetParam().callee}),
        Kept([first](const simulator::Delivery& delivery) { return delivery.number < first; }));
    SCOPED_TRACE(absl::StrCat("all webhooks from ", first, " on are lost"));
    ExpectEnd(world, GetParam().result);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Lost,
                         testing::Values(Ending{"answers:3,hangs-up:60", Result::RESULT_COMPLETED},
                                         Ending{"never-answers", Result::RESULT_CALLEE_UNREACHED},
                                         Ending{"busy", Result::RESULT_CALLEE_UNREACHED},
                                         Ending{"rejects", Result::RESULT_CALLEE_UNREACHED}));

// A busy caller, dialled: also when the failure to join is told before the reason.
TEST(Bridge, SaysWhyADialledCallerWasNotReached) {
  World world(OneBridge({.kind = BridgePlan::Kind::kRequested, .caller = "busy"}), Kept());
  ExpectEnd(world, Result::RESULT_CALLER_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_BUSY) << Story(world);
}

// The caller hangs up at any moment: nobody rings for nobody.
TEST(Bridge, EndsWheneverTheCallerLeaves) {
  for (int tenths = 1; tenths <= 150; tenths += 3) {
    World world(OneBridge({.callee = "answers:3", .caller_leaves = milliseconds(100 * tenths)}),
                Kept());
    SCOPED_TRACE(absl::StrCat("the caller leaves after ", tenths, " tenths of a second"));
    ExpectSomeEnd(world);
    const v1::Outcome outcome = world.session().outcome();
    EXPECT_TRUE(outcome.result() == Result::RESULT_CALLER_ABANDONED ||
                outcome.result() == Result::RESULT_COMPLETED)
        << Story(world);
    EXPECT_EQ(world.session().has_connect_time(), outcome.result() == Result::RESULT_COMPLETED);
  }
}

// EndSession at any moment.
TEST(Bridge, EndsWheneverItIsAskedTo) {
  for (int tenths = 1; tenths <= 150; tenths += 3) {
    World world(OneBridge({.callee = "answers:3"}), Kept());
    world.Run(milliseconds(100 * tenths));
    SCOPED_TRACE(absl::StrCat("the end is asked for after ", tenths, " tenths of a second"));
    const bool connected = world.session().has_connect_time();
    EndSession(world, world.session().session_id());
    ExpectEnd(world, connected ? Result::RESULT_COMPLETED : Result::RESULT_CANCELLED);
  }
}

// The server dies at any moment and is away for two seconds.
TEST(Bridge, SurvivesACrashAtAnyMoment) {
  for (int tenths = 1; tenths <= 150; tenths += 2) {
    World world(OneBridge({.callee = "answers:3,hangs-up:60"}), Kept());
    world.Run(milliseconds(100 * tenths));
    world.Crash(*world.servers().front(), seconds(2));
    SCOPED_TRACE(absl::StrCat("the server dies after ", tenths, " tenths of a second"));
    ExpectEnd(world, Result::RESULT_COMPLETED);
  }
}

}  // namespace
}  // namespace callbridge::simulation
