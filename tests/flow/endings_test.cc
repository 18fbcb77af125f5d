// The end of a session and what is pursued after it: nothing is asked without a pause, nothing goes
// on for longer than it must, and a defect stops none of it.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "server/flow/step.h"
#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Session;
using internal::v1::Timer;
using internal::v1::Transition;
using std::chrono::hours;
using std::chrono::seconds;

std::int32_t OpenCommandOf(const Scenario& scenario, Command::ActionCase action) {
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().action_case() == action) return open.command().number();
  }
  return 0;
}

// Two talked and the caller has hung up; the commands of the end are in flight.
void PlayUntilTheEnding(Scenario& scenario) {
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_ESTABLISHED callee-1", "PARTICIPANT_JOINED callee-1",
                     "PLAY_FINISHED 5", "sound-over", "CALL_FINISHED caller NORMAL_HANGUP"});
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
}

TEST(EndedSession, HasNoTimerOnceAllIsConfirmed) {
  Scenario scenario;
  PlayUntilTheEnding(scenario);
  const std::int32_t hangup = OpenCommandOf(scenario, Command::kHangUpConference);
  PlayAll(scenario, {absl::StrCat("does ", hangup), "CALL_FINISHED callee-1 NORMAL_HANGUP API"});
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  EXPECT_EQ(scenario.session().timers_size(), 0);
}

TEST(EndedSession, HasNoTimerOnceAllIsConfirmedAfterItsEnd) {
  Scenario scenario;
  PlayUntilTheEnding(scenario);
  scenario.Play("wait 40s");
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  EXPECT_TRUE(HasTimer(scenario.session(), Timer::KIND_PURSUIT_END));
  scenario.Play("CALL_FINISHED callee-1 NORMAL_HANGUP API");
  EXPECT_TRUE(HasTimer(scenario.session(), Timer::KIND_PURSUIT_END))
      << "the conference is not hung up yet";
  scenario.Play("CONFERENCE_FINISHED");
  EXPECT_EQ(scenario.session().timers_size(), 0);
}

// It is pursued until the provider ends the call by itself, which was dialled two seconds after the
// session began.
TEST(PursuitEnd, IsLaterForALegThatShowsItselfLater) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
           "wait 2s", "SAY_FINISHED 4", "does 5", "does 6", "CALL_ESTABLISHED callee-1",
           "PARTICIPANT_JOINED callee-1", "PLAY_FINISHED 5", "CALL_FINISHED caller NORMAL_HANGUP",
           "CALL_FINISHED callee-1 NORMAL_HANGUP API", "wait 40s"});
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  const auto end = [&] {
    for (const Timer& timer : scenario.session().timers()) {
      if (timer.kind() == Timer::KIND_PURSUIT_END) return base::FromTimestamp(timer.due_time());
    }
    return base::Time();
  };
  const base::Time before = end();
  ASSERT_NE(before, base::Time()) << "the conference is pursued";
  // The dial has made a second call.
  Input event;
  event.mutable_provider_event()->set_type(internal::v1::ProviderEvent::TYPE_CALL_RINGING);
  event.mutable_provider_event()->set_call_id("call-stray");
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"dial", "6"}, {"session", scenario.session().session_id()}}) {
    auto& entry = *event.mutable_provider_event()->mutable_call()->add_custom_data();
    entry.set_key(key);
    entry.set_value(value);
  }
  scenario.Step(event);
  EXPECT_EQ(end(), before + seconds(2));
}

// The list of conferences cannot be read for an hour.
TEST(FindConference, BacksOffAfterTheEnd) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "sends 2", "unknown 2",
                     "CALL_FINISHED caller NORMAL_HANGUP"});
  int looks = 0;
  const base::Time end = scenario.now() + hours(1);
  while (scenario.now() < end) {
    const std::int32_t look = OpenCommandOf(scenario, Command::kFindConference);
    if (look != 0) {
      PlayAll(scenario, {absl::StrCat("sends ", look), absl::StrCat("unknown ", look)});
      ++looks;
    }
    scenario.Play("wait 1s");
  }
  EXPECT_GT(looks, 100) << "it goes on";
  EXPECT_LT(looks, 140) << "every 30 s at last";
}

// It was created twice, and only one shows itself, after the end: the other one is looked for.
TEST(FindConference, GoesOnAfterTheEndWhileThereMayBeASecondOne) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does 1", "sends 2", "unknown 2", "does FindConference", "wait 2s",
           "does FindConference", "sends CreateConference", "unknown CreateConference",
           "CALL_FINISHED caller NORMAL_HANGUP", "does FindConference"});
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  scenario.Play("CONFERENCE_CREATED");
  EXPECT_TRUE(HasTimer(scenario.session(), Timer::KIND_LOOK_AGAIN));
  PlayAll(scenario, {"does HangUpConference", "wait 20s", "does FindConference another"});
  ASSERT_EQ(scenario.session().conference().surplus_ids_size(), 1);
  scenario.Play("does HangUpConference");
  EXPECT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  EXPECT_EQ(scenario.session().timers_size(), 0);
}

// docs/provider.md §9.14: an ended conference may answer 400.
TEST(ConferenceHangUp, ThatIsRefusedIsFollowedByALook) {
  for (const char* seen : {"finished", ""}) {
    Scenario scenario;
    PlayUntilTheEnding(scenario);
    const std::int32_t hangup = OpenCommandOf(scenario, Command::kHangUpConference);
    PlayAll(scenario, {absl::StrCat("sends ", hangup), absl::StrCat("refused ", hangup, " 400"),
                       "CALL_FINISHED callee-1 NORMAL_HANGUP API"});
    ASSERT_FALSE(scenario.session().has_ended());
    const std::int32_t look = OpenCommandOf(scenario, Command::kLookAtConference);
    ASSERT_NE(look, 0);
    scenario.Play(absl::StrCat("does ", look, " ", seen));
    EXPECT_TRUE(scenario.session().has_ended()) << "seen: " << seen;
    EXPECT_EQ(scenario.session().timers_size(), 0);
  }
}

TEST(ConferenceHangUp, ThatIsRefusedOfALivingConferenceIsRepeated) {
  Scenario scenario;
  PlayUntilTheEnding(scenario);
  const std::int32_t hangup = OpenCommandOf(scenario, Command::kHangUpConference);
  PlayAll(scenario, {absl::StrCat("sends ", hangup), absl::StrCat("refused ", hangup, " 400")});
  const std::int32_t look = OpenCommandOf(scenario, Command::kLookAtConference);
  PlayAll(scenario, {absl::StrCat("does ", look, " callee-1"), "wait 1s"});
  EXPECT_NE(OpenCommandOf(scenario, Command::kHangUpConference), 0);
  EXPECT_FALSE(scenario.session().conference().finished());
}

// The second one of our name is asked for by its own id.
TEST(ConferenceHangUp, OfASurplusOneThatIsRefusedLooksAtThatOne) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  scenario.Play("CONFERENCE_CREATED another");
  const std::int32_t hangup = OpenCommandOf(scenario, Command::kHangUpConference);
  ASSERT_NE(hangup, 0);
  PlayAll(scenario, {absl::StrCat("sends ", hangup), absl::StrCat("refused ", hangup, " 400")});
  const std::int32_t look = OpenCommandOf(scenario, Command::kLookAtConference);
  ASSERT_NE(look, 0);
  scenario.Play(absl::StrCat("does ", look));
  EXPECT_EQ(scenario.session().conference().surplus_ids_size(), 0);
  EXPECT_FALSE(scenario.session().conference().finished());
  EXPECT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
}

TEST(SilentTimer, AsksNoMoreOnceTheLegIsUnwanted) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1", "refused 5 400", "wait 58s"});
  ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
  const std::int32_t apology = OpenCommandOf(scenario, Command::kPlayPrompt);
  ASSERT_NE(apology, 0);
  PlayAll(scenario, {absl::StrCat("does ", apology), "wait 10s"});
  EXPECT_FALSE(HasTimer(scenario.session(), Timer::KIND_CALLEE_SILENT));
}

// What shows itself while the caller hears that nobody can be reached is hung up, and never
// interrupts.
TEST(Apology, IsNotInterruptedByACallThatShowsItselfOnlyNow) {
  for (const char* event : {"CALL_RINGING callee-1", "PARTICIPANT_JOINED callee-1"}) {
    SCOPED_TRACE(event);
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    PlayAll(scenario, {"refused 6 400", "does LookAtCaller ESTABLISHED", "PLAY_FINISHED 5",
                       "does PlayPrompt", event});
    ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
    ASSERT_GT(scenario.session().legs_size(), 2);
    EXPECT_TRUE(scenario.session().legs(2).unwanted());
    EXPECT_NE(OpenCommandOf(scenario, Command::kHangUpCall), 0);
    scenario.Play("PARTICIPANT_JOINED callee-1");
    EXPECT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
  }
}

TEST(ConferenceGone, WhileTheCallerHearsTheApologyHidesNoReason) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_FAILED callee-1 BUSY", "PLAY_FINISHED 5", "does 8",
                     "CONFERENCE_FINISHED", "wait 8s"});
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_BUSY);
}

// A defect at a timer after the end: the timer is asked again later, not forgotten.
TEST(BrokenInvariant, AfterTheOutcomePutsItsTimerOff) {
  Scenario scenario;
  PlayUntilTheEnding(scenario);
  Session broken = scenario.session();
  // The timer's leg does not exist.
  Timer& timer = *broken.add_timers();
  timer.set_kind(Timer::KIND_PROMPT);
  timer.set_subject("no such leg");
  *timer.mutable_due_time() = base::ToTimestamp(scenario.now());
  Input due;
  due.mutable_timer_due();
  *due.mutable_step_time() = base::ToTimestamp(scenario.now());
  const Transition transition = Step(broken, due);
  EXPECT_NE(transition.ignored_reason().find("broken invariant"), std::string::npos);
  bool found = false;
  for (const Timer& kept : transition.session().timers()) {
    if (kept.kind() != Timer::KIND_PROMPT) continue;
    found = true;
    EXPECT_EQ(base::FromTimestamp(kept.due_time()), scenario.now() + seconds(30));
  }
  EXPECT_TRUE(found);
}

TEST(ConferenceGone, WhileTheCallerHearsTheApologyLeavesItsReason) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_FAILED callee-1 BUSY", "CONFERENCE_FINISHED",
                     "does LookAtCaller ESTABLISHED"});
  ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
  scenario.Play("wait 3s");
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_BUSY);
}

// Nothing is looked up any more, so nothing is left for a person to see to.
TEST(EndedSession, KeepsNoIssueOfAnAnswerOfUnknownFate) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does CreateConference", "sends AnswerCaller", "unknown AnswerCaller",
           "CALL_FAILED caller CANCELLED", "does HangUpConference"});
  ASSERT_TRUE(scenario.session().has_ended()) << scenario.account();
  EXPECT_EQ(scenario.session().issues_size(), 0) << scenario.account();
}

}  // namespace
}  // namespace callbridge::flow
