// Whose a call is that the provider shows: of a dial by its customData, of a dial of unknown fate
// by its place in our conference, or of nobody here. What is not ours is left alone, and what a
// dial made is never left to ring for nobody.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Input;
using internal::v1::Leg;
using internal::v1::ProviderEvent;
using internal::v1::Transition;

using Tags = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kStranger = "call-stranger";
constexpr const char* kNobodys = "no leg of this session has this call";

Input Shown(ProviderEvent::Type type, const Tags& tags) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_type(type);
  event.set_call_id(kStranger);
  for (const auto& [key, value] : tags) {
    auto& entry = *event.mutable_call()->add_custom_data();
    entry.set_key(key);
    entry.set_value(value);
  }
  return input;
}

bool Knows(const Scenario& scenario, const std::string& call_id) {
  const auto& legs = scenario.session().legs();
  return std::any_of(legs.begin(), legs.end(),
                     [&](const Leg& leg) { return leg.call_id() == call_id; });
}

bool HangsUp(const Transition& transition, const std::string& call_id) {
  const auto& commands = transition.commands();
  return std::any_of(commands.begin(), commands.end(), [&](const auto& command) {
    return command.hang_up_call().call_id() == call_id;
  });
}

TEST(AdoptCall, LeavesACallOfAnotherSessionAlone) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Input joined = Shown(ProviderEvent::TYPE_PARTICIPANT_JOINED,
                       {{"dial", "6"}, {"leg", "callee-1"}, {"session", "s_ANOTHER"}});
  joined.mutable_provider_event()->set_conference_id("conference-1");
  EXPECT_EQ(scenario.Step(joined).ignored_reason(), kNobodys);
  EXPECT_FALSE(Knows(scenario, kStranger));
}

// The dial's number is missing, cannot be read or is of no dial: the leg's name tells as well.
TEST(AdoptCall, KnowsTheLegByItsNameWhenTheDialIsNotTold) {
  const std::string session = Scenario().session().session_id();
  for (const Tags& tags : {Tags{{"leg", "callee-1"}, {"session", session}},
                           Tags{{"dial", "six"}, {"leg", "callee-1"}, {"session", session}},
                           Tags{{"dial", "0"}, {"leg", "callee-1"}, {"session", session}},
                           Tags{{"dial", "99"}, {"leg", "callee-1"}, {"session", session}}}) {
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    scenario.Step(Shown(ProviderEvent::TYPE_CALL_RINGING, tags));
    EXPECT_EQ(scenario.session().legs(1).call_id(), kStranger) << tags.front().second;
    EXPECT_EQ(scenario.session().legs(1).state(), v1::Leg::STATE_RINGING) << tags.front().second;
  }
}

TEST(AdoptCall, TakesNoCallForTheCallerWhoCameIn) {
  const std::string session = Scenario().session().session_id();
  for (const Tags& tags : {Tags{{"dial", "0"}, {"leg", "caller"}, {"session", session}},
                           Tags{{"dial", "0"}, {"session", session}}, Tags{{"session", session}}}) {
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    const Transition seen = scenario.Step(Shown(ProviderEvent::TYPE_CALL_ESTABLISHED, tags));
    EXPECT_EQ(seen.ignored_reason(), kNobodys);
    EXPECT_EQ(seen.commands_size(), 0);
    EXPECT_FALSE(Knows(scenario, kStranger));
  }
}

// Without customData its place in our conference tells, while a dial may still have made it; a dial
// that is over has not.
TEST(AdoptCall, OfADialThatIsOverTakesNoUnknownCallInTheConference) {
  for (const bool over : {false, true}) {
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    if (over) scenario.Play("refused 6 400");
    Input joined = Shown(ProviderEvent::TYPE_PARTICIPANT_JOINING, {});
    joined.mutable_provider_event()->set_conference_id("conference-1");
    EXPECT_EQ(scenario.Step(joined).ignored_reason(),
              over ? kNobodys : "the leg is known to be at least as far");
    EXPECT_EQ(Knows(scenario, kStranger), !over);
  }
}

// The answer denied a call that there is: it must not ring for nobody, whichever is learned first.
TEST(AdoptCall, HangsUpACallThatShowsItselfAfterItsDialWasRefused) {
  const std::string session = Scenario().session().session_id();
  const Tags tags = {{"dial", "6"}, {"leg", "callee-1"}, {"session", session}};
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"refused 6 400", "does LookAtCaller ESTABLISHED", "does StopPlay",
                     "PLAY_FINISHED 5", "does PlayPrompt", "SAY_FINISHED PlayPrompt"});
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  const Transition seen = scenario.Step(Shown(ProviderEvent::TYPE_CALL_RINGING, tags));
  EXPECT_TRUE(HangsUp(seen, kStranger));
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_FAILED);
}

TEST(AdoptCall, HangsUpACallThatShowsItselfAfterItWasTakenForLost) {
  const std::string session = Scenario().session().session_id();
  const Tags tags = {{"dial", "6"}, {"leg", "callee-1"}, {"session", session}};
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"unknown 6", "wait 2s", "does FindCallee", "wait 2s", "does FindCallee", "end",
                     "CALL_FINISHED caller NORMAL_HANGUP API", "does HangUpConference", "wait 2s",
                     "does FindCallee", "wait 96s"});
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  ASSERT_EQ(scenario.session().legs(1).end().reason(), v1::END_REASON_LOST);
  EXPECT_TRUE(HangsUp(scenario.Step(Shown(ProviderEvent::TYPE_CALL_RINGING, tags)), kStranger));
}

// Somebody in our conference whom only this dial can have called: it is looked for no longer.
TEST(AdoptCall, FindsALostDialByItsPlaceInTheConference) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  scenario.Play("unknown 6");
  ASSERT_TRUE(scenario.session().legs(1).lost());
  Input joined = Shown(ProviderEvent::TYPE_PARTICIPANT_JOINED, {});
  joined.mutable_provider_event()->set_conference_id("conference-1");
  scenario.Step(joined);
  EXPECT_EQ(scenario.session().legs(1).call_id(), kStranger);
  EXPECT_FALSE(scenario.session().legs(1).lost());
}

// Its word is faster than our own notice that the dial was sent.
TEST(AdoptCall, OfADialWhoseNoticeHasNotComeYetIsKept) {
  Scenario scenario;
  PlayAll(scenario, {"start", "does 1", "CALL_STARTED caller"});
  EXPECT_EQ(scenario.session().legs(0).state(), v1::Leg::STATE_DIALING);
  EXPECT_FALSE(scenario.session().legs(0).has_answer_time());
  PlayAll(scenario, {"does 2", "PARTICIPANT_JOINED caller"});
  EXPECT_TRUE(scenario.session().has_greeting()) << PhaseName(scenario.session());
}

// What it shows is older than the event.
TEST(AdoptCall, EndsTheSearchWhoseLookIsStillOut) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"unknown DialCallee", "wait 2s", "sends FindCallee",
                     "CALL_DISCONNECTED callee-1", "done FindCallee"});
  EXPECT_FALSE(HasTimer(scenario.session(), internal::v1::Timer::KIND_DIAL_LOOK));
}

}  // namespace
}  // namespace callbridge::flow
