// What users of comparable systems suffered, played against the whole service: callees who ring for
// nobody, parties without an end, music that goes on. The numbers are those of docs/user-cases.md.
// All invariants are checked in each.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/client.h"
#include "tests/simulation/user_case.h"

namespace callbridge::simulation {
namespace {

using simulator::CallState;
using simulator::Delivery;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using Kind = BridgePlan::Kind;
using Result = v1::Outcome;

// 1, 11
TEST(UserCases, GhostCallee_IsHungUpAtOnceWhenTheCallerLeavesWhileItRings) {
  World world(OneBridge({.callee = "answers:12"}), Kept());
  ASSERT_TRUE(RunUntilCallIs(world, kCallee, CallState::kRinging)) << Story(world);
  HangUp(world, kCaller);
  EXPECT_TRUE(world.RunUntil([&] { return CallOf(world, kCallee).ended(); }, seconds(1)))
      << Story(world);
  ExpectEnd(world, Result::RESULT_CALLER_ABANDONED);
  EXPECT_FALSE(When(CallOf(world, kCallee), "answers")) << Story(world);
}

// 1: who answers in the very race hears nothing and is let go at once.
TEST(UserCases, GhostCallee_WhoAnswersInTheRaceHearsNoMusicAndIsLetGo) {
  for (int offset = -300; offset <= 300; offset += 20) {
    World world(OneBridge({.callee = "answers:3"}), Kept());
    ASSERT_TRUE(RunUntilCallIs(world, kCallee, CallState::kRinging));
    SCOPED_TRACE(absl::StrCat("the caller leaves ", offset, " ms after the answer"));
    world.Run(milliseconds(3000 + offset));
    HangUp(world, kCaller);
    EXPECT_TRUE(world.RunUntil([&] { return CallOf(world, kCallee).ended(); }, seconds(2)))
        << Story(world);
    ExpectSomeEnd(world);
    const bool talked = world.session().has_connect_time();
    EXPECT_EQ(world.session().outcome().result(),
              talked ? Result::RESULT_COMPLETED : Result::RESULT_CALLER_ABANDONED);
    EXPECT_FALSE(Hears(CallOf(world, kCallee))) << Story(world);
  }
}

// 2: the dial was taken, and has not reached the provider yet.
TEST(UserCases, GhostCallee_CallerHangsUpAsTheDialLeaves) {
  for (int later = 0; later <= 200; later += 5) {
    World world(OneBridge({.callee = "answers:3"}), Kept());
    ASSERT_TRUE(RunUntilPhase(world, "dialing_callee"));
    world.Run(milliseconds(later));
    SCOPED_TRACE(absl::StrCat("the caller leaves ", later, " ms after the dial was decided"));
    HangUp(world, kCaller);
    world.Run(seconds(2));
    EXPECT_LE(Requests(world, "dial"), 1) << Story(world);
    for (const simulator::Call& call : CallsOf(world, kCallee)) {
      EXPECT_TRUE(call.ended()) << Story(world);
      EXPECT_FALSE(When(call, "answers")) << Story(world);
    }
    ExpectSomeEnd(world);
    // A dial that meets the conference's end is refused before anybody has told that the caller
    // left.
    const v1::Outcome outcome = world.session().outcome();
    EXPECT_TRUE(outcome.result() == Result::RESULT_CALLER_ABANDONED ||
                outcome.reason() == v1::END_REASON_PROVIDER_REFUSED)
        << Story(world);
  }
}

// 2, 10: it is known that the caller left while the dial waited for its turn: it never leaves.
TEST(UserCases, GhostCallee_IsNotDialledWhenTheCallerLeftWhileTheDialWaited) {
  Plan plan = OneBridge({.callee = "answers:3"});
  plan.faults = {{"throttled", "1"}, {"operations", "dial"}, {"retry-after", "5"}};
  plan.calm_after = seconds(60);
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilPhase(world, "dialing_callee"));
  world.Run(seconds(2));
  HangUp(world, kCaller);
  ASSERT_TRUE(RunUntilPhase(world, "ended")) << Story(world);
  const int dials = Requests(world, "dial");
  ExpectEnd(world, Result::RESULT_CALLER_ABANDONED);
  EXPECT_EQ(Requests(world, "dial"), dials) << Story(world);
  EXPECT_TRUE(CallsOf(world, kCallee).empty()) << Story(world);
}

// 10: the word of the caller's hangup is lost; it is noticed before anybody's telephone rings.
TEST(UserCases, GhostCallee_IsNotDialledWhenNobodyWasToldThatTheCallerLeft) {
  bool told = true;
  World world(OneBridge(), Kept([&told](const Delivery&) { return told; }));
  ASSERT_TRUE(RunUntilPhase(world, "greeting"));
  world.Run(milliseconds(500));
  told = false;
  HangUp(world, kCaller);
  ExpectEnd(world, Result::RESULT_CALLER_ABANDONED);
  EXPECT_TRUE(CallsOf(world, kCallee).empty()) << Story(world);
}

// Lets nothing pass that is about the call of this number, but for what passes anyway.
World::Options Deaf(World*& world, const std::string& number, const std::set<std::string>& types) {
  return Kept([&world, number, types](const Delivery& delivery) {
    for (const simulator::Call& call : CallsOf(*world, number)) {
      if (call.id == delivery.call_id && types.contains(delivery.type)) return false;
    }
    return true;
  });
}

const std::set<std::string> kEnds = {"CALL_FINISHED", "CALL_FAILED", "PARTICIPANT_REMOVED",
                                     "PARTICIPANT_JOIN_FAILED", "CONFERENCE_FINISHED"};

// 4, 5: the provider never says how a leg ended; each gets its end all the same.
TEST(UserCases, EveryLeg_GetsItsEndAlsoWhenTheProviderIsSilent) {
  for (const std::string& silent : {kCaller, kCallee}) {
    World* known = nullptr;
    World world(OneBridge({.callee = "answers:12"}), Deaf(known, silent, kEnds));
    known = &world;
    ASSERT_TRUE(RunUntilCallIs(world, kCallee, CallState::kRinging));
    HangUp(world, kCaller);
    ExpectEnd(world, Result::RESULT_CALLER_ABANDONED);
    EXPECT_THAT(Told(world), Contains(HasSubstr("LegEnded caller"))) << Story(world);
    EXPECT_THAT(Told(world), Contains(HasSubstr("LegEnded callee-1"))) << Story(world);
  }
}

// 6, 8: a hangup is no wish: it is repeated until the provider shows that it happened.
TEST(UserCases, Hangup_IsRepeatedUntilTheProviderHasDoneIt) {
  for (const char* fault : {"error-before", "reset-before", "throttled"}) {
    Plan plan = OneBridge({.callee = "answers:2"});
    plan.faults = {{fault, "1"}, {"operations", "hangup,hangup-conference"}, {"times", "6"}};
    plan.calm_after = seconds(90);
    World world(plan, Kept());
    SCOPED_TRACE(fault);
    ASSERT_TRUE(RunUntilPhase(world, "connected"));
    EndSession(world, world.session().session_id());
    ExpectEnd(world, Result::RESULT_COMPLETED);
    EXPECT_GT(Requests(world, "hangup") + Requests(world, "hangup-conference"), 6) << Story(world);
  }
}

// 6, 7: the room is closed, and whoever was not in it yet rings on unless each is hung up.
TEST(UserCases, Room_ThatIsClosedTakesTheRingingTelephoneWithIt) {
  Plan plan = OneBridge({.callee = "answers:14"});
  plan.switches = {{"conference-hangup-reaches-ringing", "no"}};
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilCallIs(world, kCallee, CallState::kRinging));
  EndSession(world, world.session().session_id());
  EXPECT_TRUE(world.RunUntil([&] { return world.CallsAlive() == 0; }, seconds(5))) << Story(world);
  ExpectEnd(world, Result::RESULT_CANCELLED);
  EXPECT_FALSE(When(CallOf(world, kCallee), "answers")) << Story(world);
}

// 12: nobody else is called for a caller who does not answer, and it ends.
TEST(UserCases, DialledCaller_WhoDoesNotAnswerLeavesNobodyHanging) {
  for (const char* caller : {"never-answers", "busy", "rejects", "unreachable"}) {
    World world(OneBridge({.kind = Kind::kRequested, .caller = caller}), Kept());
    SCOPED_TRACE(caller);
    ExpectEnd(world, Result::RESULT_CALLER_UNREACHED);
    EXPECT_TRUE(CallsOf(world, kCallee).empty()) << Story(world);
  }
}

// 13: what is said of a call after its end, in whatever order, changes nothing.
TEST(UserCases, Ended_AbsorbsEveryLateEvent) {
  std::vector<std::string> late;
  World world(OneBridge({.callee = "never-answers"}), Kept([&late](const Delivery& delivery) {
                if (delivery.type != "CALL_RINGING" && delivery.type != "PARTICIPANT_JOINING") {
                  return true;
                }
                late.push_back(delivery.body);
                return false;
              }));
  ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
  ASSERT_FALSE(late.empty());
  const std::size_t told = Told(world).size();
  for (const std::string& body : late) world.ingresses().front()->Receive(body);
  world.Run(seconds(5));
  EXPECT_EQ(Told(world).size(), told) << Story(world);
  ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(world.session().outcome().reason(), v1::END_REASON_NO_ANSWER);
}

// 14: gone within 100 ms, and no word of it.
TEST(UserCases, Caller_WhoIsGoneWithinATenthOfASecondWithoutAWordHasAnEnd) {
  World world(OneBridge({.caller_leaves = milliseconds(100)}),
              Kept([](const Delivery& delivery) { return delivery.number == 1; }));
  ExpectEnd(world, Result::RESULT_CALLER_ABANDONED);
  EXPECT_TRUE(CallsOf(world, kCallee).empty()) << Story(world);
}

// The music ends within the promised time after the answer, the announcement follows it, and both
// talk.
void ExpectMusicStops(World& world) {
  ASSERT_TRUE(RunUntilPhase(world, "connected")) << Story(world);
  const simulator::Call caller = CallOf(world, kCaller);
  const auto answered = When(CallOf(world, kCallee), "answers");
  const auto announced = When(caller, "hears say \"Here they are");
  const auto stopped = When(caller, "stop-play");
  ASSERT_TRUE(answered && stopped && announced) << Story(world);
  EXPECT_LE(*stopped, *answered + seconds(2)) << Story(world);
  EXPECT_LE(*stopped, *announced) << Story(world);
  EndSession(world, world.session().session_id());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  EXPECT_EQ(world.model().world().journal.overlaps, 0) << Story(world);
}

// 15, 16, 17, 18: the answer or the join is told twice, late or not at all.
TEST(UserCases, Music_StopsWhicheverWordOfTheCalleeComes) {
  for (const std::set<std::string>& lost : {std::set<std::string>{"CALL_ESTABLISHED"},
                                            {"PARTICIPANT_JOINED"},
                                            {"CALL_RINGING", "PARTICIPANT_JOINING"}}) {
    World* known = nullptr;
    World world(OneBridge({.callee = "answers:4"}), Deaf(known, kCallee, lost));
    known = &world;
    SCOPED_TRACE(*lost.begin());
    ExpectMusicStops(world);
  }
  Plan twice = OneBridge({.callee = "answers:4"});
  twice.faults = {{"duplicate", "1"}, {"duplicate-after", "900ms"}};
  twice.calm_after = seconds(60);
  World world(twice, Kept());
  ExpectMusicStops(world);
}

// 15, 18: the telephone is lost for a second and comes back: the talk goes on and no music begins
// again.
TEST(UserCases, Music_DoesNotComeBackWithATelephoneThatWasLostForASecond) {
  World world(OneBridge({.callee = "answers:2,disconnects:8,hangs-up:20"}), Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  EXPECT_EQ(Requests(world, "play"), 1) << Story(world);
}

// 19
TEST(UserCases, Music_IsHeardByTheCallerOnly) {
  for (const Kind kind : {Kind::kIncoming, Kind::kOffered, Kind::kRequested}) {
    World world(OneBridge({.kind = kind}), Kept());
    ExpectEnd(world, Result::RESULT_COMPLETED);
    EXPECT_TRUE(When(CallOf(world, kCaller), "hears play")) << Story(world);
    EXPECT_FALSE(Hears(CallOf(world, kCallee))) << Story(world);
    EXPECT_EQ(Requests(world, "play-conference"), 0) << Story(world);
  }
}

// 20
TEST(UserCases, Music_BeginsForEachOfManyWhoCallInOneMoment) {
  Plan plan = OneBridge();
  plan.bridges.assign(4, BridgePlan());
  plan.servers = {ServerPlan{}, ServerPlan{}};
  World world(plan, Kept());
  ExpectEnd(world, Result::RESULT_COMPLETED);
  for (int bridge = 0; bridge < 4; ++bridge) {
    EXPECT_TRUE(When(CallOf(world, CallerNumber(bridge)), "hears play")) << Story(world);
  }
}

// 21, 28, 29: no event says that nobody answers: our own timer ends the music and says so to the
// caller.
TEST(UserCases, NoAnswer_IsDecidedByOurTimerWhenNoEventComes) {
  for (const char* callee : {"never-answers", "busy", "rejects:3"}) {
    World* known = nullptr;
    std::set<std::string> all = kEnds;
    all.insert({"CALL_RINGING", "CALL_STARTED", "PARTICIPANT_JOINING"});
    World world(OneBridge({.callee = callee}), Deaf(known, kCallee, all));
    known = &world;
    SCOPED_TRACE(callee);
    ASSERT_TRUE(RunUntilPhase(world, "dialing_callee"));
    const base::Time dialled = world.now();
    ExpectEnd(world, Result::RESULT_CALLEE_UNREACHED);
    const auto apology = When(CallOf(world, kCaller), "hears say \"Nobody there");
    ASSERT_TRUE(apology) << Story(world);
    EXPECT_LE(*apology, dialled + seconds(35)) << Story(world);
  }
}

// 22, 23, 41: two who are called by a program hear what an incoming caller hears.
TEST(UserCases, ClickToCall_HearsWhatAnIncomingCallHears) {
  std::vector<std::vector<std::string>> heard;
  for (const Kind kind : {Kind::kIncoming, Kind::kRequested}) {
    World world(OneBridge({.kind = kind}), Kept());
    ExpectEnd(world, Result::RESULT_COMPLETED);
    std::vector<std::string>& lines = heard.emplace_back();
    for (const auto& entry : CallOf(world, kCaller).timeline) {
      if (absl::StartsWith(entry.text, "hears")) lines.push_back(entry.text);
    }
  }
  EXPECT_EQ(heard[0].size(), 3U);
  EXPECT_EQ(heard[0], heard[1]);
}

// 24, 25: whatever the provider does with two sounds at once, it never gets two.
TEST(UserCases, Announcement_NeverMeetsTheMusic) {
  for (const char* overlap : {"queue", "replace", "refuse", "error"}) {
    for (int tenths = 0; tenths <= 30; ++tenths) {
      Plan plan = OneBridge({.callee = absl::StrCat("answers:", tenths / 10, ".", tenths % 10)});
      plan.switches = {{"overlap", overlap}};
      World world(plan, Kept());
      SCOPED_TRACE(absl::StrCat(overlap, " after ", tenths, " tenths of a second"));
      ExpectMusicStops(world);
    }
  }
}

// 26
TEST(UserCases, Announcement_DuringWhichEitherLeavesEndsTheBridge) {
  for (const std::string& leaver : {kCaller, kCallee}) {
    World world(OneBridge({.callee = "answers:2"}), Kept());
    ASSERT_TRUE(RunUntilPhase(world, "announcing"));
    world.Run(milliseconds(400));
    HangUp(world, leaver);
    EXPECT_TRUE(world.RunUntil([&] { return world.CallsAlive() == 0; }, seconds(3)))
        << Story(world);
    ExpectEnd(world, Result::RESULT_COMPLETED);
  }
}

// 27: nobody is told that the other one left; the one who is left alone does not stay so for ever.
TEST(UserCases, LoneParty_IsLetGoAlsoWhenNobodyWasToldThatTheOtherLeft) {
  for (const std::string& leaver : {kCaller, kCallee}) {
    bool told = true;
    World world(OneBridge({.callee = "answers:2"}),
                Kept([&told](const Delivery&) { return told; }));
    ASSERT_TRUE(RunUntilPhase(world, "connected"));
    told = false;
    HangUp(world, leaver);
    EXPECT_TRUE(world.RunUntil([&] { return world.CallsAlive() == 0; }, seconds(75)))
        << Story(world);
    ExpectEnd(world, Result::RESULT_COMPLETED);
  }
}

}  // namespace
}  // namespace callbridge::simulation
