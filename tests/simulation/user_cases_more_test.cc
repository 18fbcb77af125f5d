// The other half of what users of comparable systems suffered, played against the whole service:
// fallbacks that are never reached, webhooks that come too often or not at all, calls that outlive
// their session, requests that are repeated. The numbers are those of docs/user-cases.md. All
// invariants are checked in each.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/client.h"
#include "tests/simulation/user_case.h"

namespace callbridge::simulation {
namespace {

using simulator::CallState;
using simulator::Delivery;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using Kind = BridgePlan::Kind;
using Result = v1::Outcome;

constexpr const char* kApology = "hears say \"Nobody there";

// 31, 42: a number that is disconnected costs no ring timeout.
TEST(UserCases, DisconnectedNumber_IsApologisedForAtOnce) {
  World world(OneBridge({.callee = "unreachable"}), Kept());
  ASSERT_TRUE(RunUntilPhase(world, "dialing_callee"));
  const base::Time dialled = world.now();
  ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_UNREACHABLE) << Story(world);
  const auto apology = When(CallOf(world, kCaller), kApology);
  ASSERT_TRUE(apology) << Story(world);
  EXPECT_LE(*apology, dialled + seconds(6)) << Story(world);
}

// 31: nor does a number that the provider does not accept.
TEST(UserCases, RefusedDial_IsNoSilence) {
  World world(OneBridge({.callee = "refused:403"}), Kept());
  ExpectEnd(world, Result::RESULT_FAILED);
  EXPECT_TRUE(When(CallOf(world, kCaller), kApology)) << Story(world);
}

// 38: what is heard before the answer is no answer.
TEST(UserCases, EarlyMedia_IsNoAnswer) {
  Plan plan = OneBridge({.callee = "never-answers"});
  plan.switches = {{"early-media", "yes"}};
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilCallIs(world, kCallee, CallState::kPreEstablished)) << Story(world);
  ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_NO_ANSWER) << Story(world);
  EXPECT_FALSE(world.session().has_connect_time());
  EXPECT_THAT(Told(world), Not(Contains(HasSubstr("LegAnswered callee-1")))) << Story(world);
}

// 39: the moment of the answer is told, and is the provider's.
TEST(UserCases, Answer_IsToldWithItsMoment) {
  World world(OneBridge(), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  const internal::v1::Session session = world.session();
  for (const std::string& number : {kCaller, kCallee}) {
    const simulator::Call call = CallOf(world, number);
    const std::string leg_id = number == kCaller ? "caller" : "callee-1";
    EXPECT_THAT(Told(world), Contains(HasSubstr("LegAnswered " + leg_id)));
    for (const auto& leg : session.legs()) {
      if (leg.leg_id() != leg_id) continue;
      const auto told = base::FromTimestamp(leg.answer_time());
      EXPECT_LE(std::chrono::abs(told - *call.answer), milliseconds(100)) << leg_id << Story(world);
    }
  }
}

// 40, 29: the provider takes no dials: the caller hears so in time, and the outcome says which it
// was.
TEST(UserCases, ThrottledDial_HasAnOutcomeOfItsOwn) {
  Plan plan = OneBridge();
  plan.faults = {{"throttled", "1"}, {"operations", "dial"}};
  plan.calm_after = seconds(90);
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilPhase(world, "dialing_callee"));
  const base::Time dialled = world.now();
  // The operator's problem, not the callee's: docs/decisions/0008.
  ExpectEnd(world, Result::RESULT_FAILED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_PROVIDER_THROTTLED) << Story(world);
  const auto apology = When(CallOf(world, kCaller), kApology);
  ASSERT_TRUE(apology) << Story(world);
  EXPECT_LE(*apology, dialled + seconds(23)) << Story(world);
}

// 41: nobody hears silence for longer than a second, from the answer to the callee.
TEST(UserCases, Silence_IsShort) {
  World world(OneBridge({.callee = "answers:6,hangs-up:20"}), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  base::Time quiet_since{};
  int sounds = 0;
  for (const auto& entry : CallOf(world, kCaller).timeline) {
    if (entry.text == "is answered" || entry.text.find(" ended") != std::string::npos) {
      quiet_since = entry.at;
    }
    if (!entry.text.starts_with("hears")) continue;
    ++sounds;
    EXPECT_LE(entry.at - quiet_since, seconds(1)) << entry.text << Story(world);
  }
  EXPECT_EQ(sounds, 3) << Story(world);
}

// 46: everything that was ever posted is posted again, at once and the day after, by whom it may
// be.
TEST(UserCases, Replay_OfEveryWebhookCallsNobody) {
  std::vector<std::string> posted;
  Plan plan = OneBridge();
  // A reader asks several times a second, which is long in a day.
  plan.readers = 0;
  World world(plan, Kept([&posted](const Delivery& delivery) {
                posted.push_back(delivery.body);
                return true;
              }));
  ExpectEnd(world, Result::RESULT_COMPLETED);
  const std::vector<std::string> all = posted;
  for (const minutes later : {minutes(1), minutes(60 * 25)}) {
    world.Run(later);
    for (const std::string& body : all) world.ingresses().front()->Receive(body);
    world.Run(seconds(60));
    EXPECT_EQ(Sessions(world), 1) << "after " << later.count() << " minutes";
  }
  EXPECT_EQ(CallsOf(world, kCaller).size(), 1U);
  EXPECT_EQ(CallsOf(world, kCallee).size(), 1U);
  EXPECT_EQ(Requests(world, "dial"), 1);
  EXPECT_EQ(world.session().outcome().result(), Result::RESULT_COMPLETED);
}

// 48, 49, 51: each webhook 46 times, some at once and some later: the provider is asked for nothing
// that it is not asked for without them.
TEST(UserCases, EveryWebhook46Times_ChangesNothing) {
  std::vector<std::map<std::string, int>> asked;
  for (const int times : {1, 46}) {
    World* known = nullptr;
    World world(OneBridge(), Kept([&known, times](const Delivery& delivery) {
                  for (int again = 1; again < times; ++again) {
                    known->After(milliseconds(again % 2 == 0 ? 0 : 37 * again), [&known, delivery] {
                      known->ingresses().front()->Receive(delivery.body);
                    });
                  }
                  return true;
                }));
    known = &world;
    ExpectEnd(world, Result::RESULT_COMPLETED);
    std::map<std::string, int>& requests = asked.emplace_back();
    for (const char* operation : {"answer", "create-conference", "add-call", "say", "play", "dial",
                                  "stop-play", "hangup", "hangup-conference"}) {
      requests[operation] = Requests(world, operation);
    }
  }
  EXPECT_EQ(asked[0], asked[1]);
}

// 53: who left or joined is not told, told late, or told after the next thing.
TEST(UserCases, Participants_MayBeToldOfLateOrNotAtAll) {
  for (const char* type : {"PARTICIPANT_REMOVED", "PARTICIPANT_JOINED", "PARTICIPANT_JOINING"}) {
    for (const base::Duration late : {seconds(0), seconds(4), seconds(30)}) {
      World* known = nullptr;
      World world(OneBridge({.callee = "answers:3,hangs-up:40"}),
                  Kept([&known, type, late](const Delivery& delivery) {
                    if (delivery.type != type) return true;
                    if (late == seconds(0)) return false;
                    known->After(late, [&known, delivery] {
                      known->ingresses().front()->Receive(delivery.body);
                    });
                    return false;
                  }));
      known = &world;
      SCOPED_TRACE(absl::StrCat(type, " late by ", late.count(), " ns; 0: never"));
      ExpectEnd(world, Result::RESULT_COMPLETED);
    }
  }
}

// 58, 65: a talk that goes on for long, without a webhook and through restarts, is nobody's to end
// before its time.
TEST(UserCases, LivingTalk_IsNotEndedByAnythingThatCleansUp) {
  bool told = true;
  World world(OneBridge({.callee = "answers:2"}), Kept([&told](const Delivery&) { return told; }));
  ASSERT_TRUE(RunUntilPhase(world, "connected"));
  told = false;
  for (int restart = 0; restart < 3; ++restart) {
    world.Run(seconds(30));
    world.Crash(*world.servers().front(), seconds(2));
  }
  EXPECT_EQ(world.CallsAlive(), 2) << Story(world);
  ExpectEnd(world, Result::RESULT_COMPLETED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_MAX_DURATION) << Story(world);
}

// 59: the longest talk ends at its time although the server was away at that moment and the
// provider says nothing.
TEST(UserCases, MaximumDuration_HoldsAlsoWhenTheServerWasAwayThen) {
  bool told = true;
  World world(OneBridge({.callee = "answers:2"}), Kept([&told](const Delivery&) { return told; }));
  ASSERT_TRUE(RunUntilPhase(world, "connected"));
  const base::Time connected = world.now();
  told = false;
  world.Run(seconds(115));
  world.Crash(*world.servers().front(), seconds(20));
  ExpectEnd(world, Result::RESULT_COMPLETED);
  const simulator::Call caller = CallOf(world, kCaller);
  EXPECT_LE(*caller.end, connected + seconds(145)) << Story(world);
}

// 61: the same two people again, one second later: nothing of the first bridge touches the second.
TEST(UserCases, SecondBridgeOfTheSamePeople_InheritsNothing) {
  World world(OneBridge({.callee = "answers:2,hangs-up:6"}), Kept());
  ASSERT_TRUE(RunUntilPhase(world, "ending"));
  world.Run(seconds(1));
  world.IncomingCall(RoutedNumber(0));
  ASSERT_TRUE(world.RunUntil([&] { return Sessions(world) == 2; }, seconds(5)));
  ExpectSomeEnd(world);
  std::vector<std::string> conferences;
  for (const auto& [id, watched] : world.checker().chronicle().sessions) {
    EXPECT_EQ(watched.session.outcome().result(), Result::RESULT_COMPLETED) << Story(world);
    EXPECT_GE(watched.session.outcome().talk_duration().seconds(), 2) << Story(world);
    conferences.push_back(watched.session.conference().conference_id());
  }
  ASSERT_EQ(conferences.size(), 2U);
  EXPECT_NE(conferences[0], conferences[1]);
}

// 63: what is to be taken down is gone already: that is success, whatever the provider calls it.
TEST(UserCases, Teardown_OfWhatIsGoneAlreadyIsSuccess) {
  for (const char* gone : {"404", "400"}) {
    Plan plan = OneBridge({.callee = "answers:2"});
    plan.switches = {{"ended-call", gone}, {"ended-conference", gone}};
    World world(plan, Kept());
    SCOPED_TRACE(gone);
    ASSERT_TRUE(RunUntilPhase(world, "connected"));
    HangUp(world, kCaller);
    HangUp(world, kCallee);
    ASSERT_TRUE(RunUntilPhase(world, "ended"));
    ExpectEnd(world, Result::RESULT_COMPLETED);
    EXPECT_TRUE(world.session().issues().empty()) << Story(world);
    EXPECT_LE(Requests(world, "hangup") + Requests(world, "hangup-conference"), 3) << Story(world);
  }
}

// 64: nobody listened while everything happened; what was missed is looked for, not waited for.
TEST(UserCases, MissedWebhooks_AreMadeUpForByLooking) {
  for (const int begins : {3, 6, 9, 12, 20}) {
    Plan plan = OneBridge({.callee = "answers:4,hangs-up:60"});
    plan.outages = {{Outage::Kind::kIngressDown, seconds(begins), seconds(40)}};
    World world(plan, Kept());
    SCOPED_TRACE(absl::StrCat("nobody listens from second ", begins, " on"));
    ExpectEnd(world, Result::RESULT_COMPLETED);
  }
}

// 66: the dial's answer is lost after the provider took it: one telephone rings, once.
TEST(UserCases, LostAnswerOfADial_RingsOneTelephoneOnce) {
  for (const char* fault : {"reset-after", "error-after"}) {
    Plan plan = OneBridge();
    plan.faults = {{fault, "1"}, {"operations", "dial"}};
    plan.calm_after = seconds(60);
    World world(plan, Kept());
    SCOPED_TRACE(fault);
    ExpectEnd(world, Result::RESULT_COMPLETED);
    EXPECT_EQ(CallsOf(world, kCallee).size(), 1U) << Story(world);
  }
}

// 66: the key keeps its meaning after the end, also after a failure: the same session, and nobody
// is called again.
TEST(UserCases, SameRequestAfterAFailure_IsTheSameSessionAndCallsNobody) {
  for (const char* caller : {"refused:403", "busy", "answers:1,hangs-up:15"}) {
    World world(OneBridge({.kind = Kind::kRequested, .caller = caller}), Kept());
    SCOPED_TRACE(caller);
    ExpectSomeEnd(world);
    const int dials = Requests(world, "dial");
    StartBridge(world, world.RequestFor(0, "request-0"));
    world.Run(seconds(60));
    EXPECT_EQ(Sessions(world), 1) << Story(world);
    EXPECT_EQ(Requests(world, "dial"), dials) << Story(world);
  }
}

// 70: also what rings can be ended, by the id that was told first.
TEST(UserCases, EndSession_EndsWhatStillRings) {
  for (const Kind kind : {Kind::kIncoming, Kind::kOffered, Kind::kRequested}) {
    World world(OneBridge({.kind = kind, .caller = "answers:14", .offer_taken = seconds(40)}),
                Kept());
    ASSERT_TRUE(RunUntilCallIs(world, kCaller, CallState::kRinging));
    ASSERT_TRUE(world.RunUntil([&] { return Sessions(world) == 1; }, seconds(2)));
    EndSession(world, world.session().session_id());
    EXPECT_TRUE(world.RunUntil([&] { return world.CallsAlive() == 0; }, seconds(5)))
        << Story(world);
    ExpectEnd(world, kind == Kind::kOffered ? Result::RESULT_REJECTED : Result::RESULT_CANCELLED);
  }
}

}  // namespace
}  // namespace callbridge::simulation
