// A session that this code cannot go on with: what a newer version stored and this one does not
// know is a broken invariant. The session ends, everybody is hung up, and nothing happens again and
// again.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/flow/step.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::OpenCommand;
using internal::v1::Session;
using internal::v1::Timer;
using internal::v1::Transition;

const std::vector<std::string> kUntilTheyTalk = {"incoming-call",
                                                 "does 1",
                                                 "does 2",
                                                 "does 3",
                                                 "PARTICIPANT_JOINED caller",
                                                 "does 4",
                                                 "SAY_FINISHED 4",
                                                 "does 5",
                                                 "does 6",
                                                 "CALL_ESTABLISHED callee-1",
                                                 "does 7",
                                                 "PARTICIPANT_JOINED callee-1",
                                                 "PLAY_FINISHED 5",
                                                 "does 8",
                                                 "SAY_FINISHED 8"};

Transition StepAt(const Session& session, Input input, base::Time now) {
  *input.mutable_receive_time() = base::ToTimestamp(now);
  *input.mutable_step_time() = base::ToTimestamp(now);
  return Step(session, input);
}

Input TimerDue() {
  Input input;
  input.mutable_timer_due();
  return input;
}

// As a worker does it: woken whenever the session asks for it. Nullopt: it asks to be woken more
// often than any session should.
std::optional<Session> WakeUntilItHasEnded(Session session, base::Time now) {
  for (int steps = 0; steps < 200; ++steps) {
    const Transition transition = StepAt(session, TimerDue(), now);
    session = transition.session();
    if (session.has_ended()) return session;
    if (!transition.has_wake_time()) return std::nullopt;
    now = std::max(now, base::FromTimestamp(transition.wake_time()));
  }
  return std::nullopt;
}

void AddUnknownTimer(base::Time due, Session* session) {
  Timer& timer = *session->add_timers();
  timer.set_kind(static_cast<Timer::Kind>(99));
  *timer.mutable_due_time() = base::ToTimestamp(due);
}

TEST(BrokenInvariant, AtATimerEndsTheSessionAndDoesNotWakeItForEver) {
  Scenario scenario;
  PlayAll(scenario, kUntilTheyTalk);
  ASSERT_TRUE(scenario.session().has_connected()) << PhaseName(scenario.session());
  Session session = scenario.session();
  AddUnknownTimer(scenario.now(), &session);
  const Transition broken = StepAt(session, TimerDue(), scenario.now());
  EXPECT_EQ(broken.ignored_reason(), "broken invariant: every timer has a kind");
  EXPECT_TRUE(broken.session().has_ending()) << PhaseName(broken.session());
  EXPECT_EQ(broken.session().outcome().reason(), v1::END_REASON_INTERNAL);
  ASSERT_TRUE(broken.has_wake_time());
  EXPECT_GT(base::FromTimestamp(broken.wake_time()), scenario.now());
}

TEST(BrokenInvariant, AtATimerLeavesTheOtherTimersOfTheEndingTheirTurn) {
  Scenario scenario;
  PlayAll(scenario, kUntilTheyTalk);
  scenario.Play("end");
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  Session session = scenario.session();
  // Due with the first of the others.
  AddUnknownTimer(scenario.now() + std::chrono::milliseconds(500), &session);
  const std::optional<Session> ended =
      WakeUntilItHasEnded(session, scenario.now() + std::chrono::seconds(1));
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->outcome().reason(), v1::END_REASON_REQUESTED);
}

TEST(BrokenInvariant, OfATimerWhoseLegIsNotThereEndsTheSession) {
  for (const Timer::Kind kind : {Timer::KIND_DIAL_LOOK, Timer::KIND_RING_LOOK,
                                 Timer::KIND_RING_VERDICT, Timer::KIND_ABSENCE}) {
    Scenario scenario;
    PlayAll(scenario, kUntilTheyTalk);
    Session session = scenario.session();
    Timer& timer = *session.add_timers();
    timer.set_kind(kind);
    timer.set_subject("callee-9");
    *timer.mutable_due_time() = base::ToTimestamp(scenario.now());
    const Transition broken = StepAt(session, TimerDue(), scenario.now());
    EXPECT_TRUE(broken.session().has_ending()) << Timer::Kind_Name(kind);
    EXPECT_TRUE(WakeUntilItHasEnded(broken.session(), scenario.now()).has_value())
        << Timer::Kind_Name(kind);
  }
}

TEST(BrokenInvariant, OfACommandThatIsNotKnownEndsTheSession) {
  Scenario scenario;
  PlayAll(scenario, kUntilTheyTalk);
  Session session = scenario.session();
  OpenCommand& open = *session.add_open_commands();
  open.mutable_command()->set_number(99);
  open.mutable_command()->set_attempt(1);
  open.set_status(Command::STATUS_PENDING);
  Input taken;
  taken.mutable_command_taken()->set_number(99);
  taken.mutable_command_taken()->set_attempt(1);
  session = StepAt(session, taken, scenario.now()).session();
  EXPECT_TRUE(session.has_connected()) << PhaseName(session);
  Input result;
  result.mutable_command_result()->set_number(99);
  result.mutable_command_result()->set_attempt(1);
  const Transition broken = StepAt(session, result, scenario.now());
  EXPECT_EQ(broken.ignored_reason(), "broken invariant: every command has an action");
  EXPECT_EQ(broken.session().outcome().reason(), v1::END_REASON_INTERNAL);
  EXPECT_GT(broken.commands_size(), 0);
  EXPECT_TRUE(WakeUntilItHasEnded(broken.session(), scenario.now()).has_value());
}

// The command is on its way, so the end must not take it back: the store would refuse that for
// ever.
TEST(BrokenInvariant, AtACommandThatHasLeftDoesNotCancelIt) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "does 5"});
  Session session = scenario.session();
  ASSERT_EQ(session.legs(1).dial(), 6);
  session.mutable_legs()->RemoveLast();
  Input taken;
  taken.mutable_command_taken()->set_number(6);
  taken.mutable_command_taken()->set_attempt(1);
  const Transition broken = StepAt(session, taken, scenario.now());
  EXPECT_EQ(broken.ignored_reason(), "broken invariant: a dial has a leg");
  EXPECT_EQ(broken.session().outcome().reason(), v1::END_REASON_INTERNAL);
  EXPECT_EQ(broken.cancelled_commands_size(), 0);
}

// The dial is on its way when one input too many comes: the end must not take it back.
TEST(TooManyInputs, EndASessionAfterACommandThatHasLeftIsNoted) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "does 5"});
  internal::v1::Session full = scenario.session();
  full.set_inputs(base::kInputsPerSessionMax);
  Input input;
  *input.mutable_step_time() = base::ToTimestamp(scenario.now());
  input.mutable_command_taken()->set_number(6);
  input.mutable_command_taken()->set_attempt(1);
  const Transition left = Step(full, input);
  EXPECT_TRUE(left.session().has_dialing_callee()) << PhaseName(left.session());
  input.mutable_end_session();
  const Transition ended = Step(left.session(), input);
  EXPECT_EQ(ended.session().outcome().reason(), v1::END_REASON_INTERNAL);
  EXPECT_EQ(ended.cancelled_commands_size(), 0) << ended.ShortDebugString();
}

// In every phase: nothing of the session goes on, and each of its calls is hung up.
TEST(GivenUp, ASessionHangsUpAllItKnowsOfTellsItsEndAndTakesNoInputAnyMore) {
  for (std::size_t played = 1; played <= kUntilTheyTalk.size(); ++played) {
    SCOPED_TRACE(played);
    Scenario scenario;
    PlayAll(scenario,
            {kUntilTheyTalk.begin(), kUntilTheyTalk.begin() + static_cast<std::ptrdiff_t>(played)});
    const Session before = scenario.session();
    Input given_up;
    given_up.mutable_condemned()->set_reference("test");
    given_up.mutable_condemned()->set_given_up(true);
    const Transition end = StepAt(before, given_up, scenario.now());
    EXPECT_TRUE(end.session().has_ended());
    EXPECT_FALSE(end.has_wake_time());
    EXPECT_EQ(end.session().open_commands_size(), 0);
    int calls = 0;
    for (const internal::v1::Leg& leg : before.legs()) {
      calls += leg.call_id().empty() || leg.state() == v1::Leg::STATE_ENDED ? 0 : 1;
    }
    int hangups = 0;
    int conferences = 0;
    for (const internal::v1::Command& command : end.commands()) {
      EXPECT_EQ(command.attempt(), 1);
      EXPECT_GT(command.number(), before.last_command());
      hangups += command.has_hang_up_call() ? 1 : 0;
      conferences += command.has_hang_up_conference() ? 1 : 0;
    }
    EXPECT_EQ(hangups, calls);
    EXPECT_EQ(conferences, before.conference().conference_id().empty() ? 0 : 1);
    for (const OpenCommand& open : before.open_commands()) {
      const auto& cancelled = end.cancelled_commands();
      EXPECT_EQ(std::count(cancelled.begin(), cancelled.end(), open.command().number()),
                open.status() == Command::STATUS_PENDING ? 1 : 0);
    }
    ASSERT_EQ(end.events_size(), 2);
    EXPECT_EQ(end.events(0).sequence(), before.sequence() + 1);
    EXPECT_EQ(end.events(0).session_ending().outcome().reason(), v1::END_REASON_INTERNAL);
    EXPECT_EQ(end.events(1).sequence(), before.sequence() + 2);
    const v1::Session& record = end.events(1).session_ended().session();
    EXPECT_EQ(record.state(), v1::Session::STATE_ENDED);
    // What needs a person's attention: calls whose end is not confirmed, and no question that
    // nobody asks any more.
    EXPECT_EQ(record.issues_size(), record.legs_size());
    for (const v1::Issue& issue : record.issues()) {
      EXPECT_EQ(issue.kind(), v1::Issue::KIND_HANGUP_PENDING) << issue.summary();
    }
    EXPECT_EQ(end.session().issues_size(), record.issues_size());

    Input event;
    event.mutable_provider_event()->set_type(internal::v1::ProviderEvent::TYPE_CALL_FINISHED);
    event.mutable_provider_event()->set_call_id("call-caller");
    for (const Input& input : {event, TimerDue(), given_up}) {
      const Transition ignored = StepAt(end.session(), input, scenario.now());
      EXPECT_EQ(ignored.commands_size() + ignored.events_size(), 0);
      EXPECT_FALSE(ignored.ignored_reason().empty());
      EXPECT_FALSE(ignored.has_wake_time());
    }
  }
}

}  // namespace
}  // namespace callbridge::flow
