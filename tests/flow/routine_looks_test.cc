// Looks at talks in which nothing is overdue: they leave last, and are so spread that those of many
// talks do not come together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>

#include "server/flow/step.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Session;
using internal::v1::Timer;
using internal::v1::Transition;
using std::chrono::seconds;

constexpr seconds kUsual{60};

class RoutineLooks : public testing::Test {
 protected:
  RoutineLooks() {
    PlayAll(scenario_, {"incoming-call silent", "does 1", "does 2", "does 3",
                        "PARTICIPANT_JOINED caller", "does 4", "PARTICIPANT_JOINED callee-1"});
    talk_ = scenario_.session();
    EXPECT_TRUE(talk_.has_connected());
    connected_ = base::FromTimestamp(talk_.connect_time());
  }

  static Transition StepAt(base::Time time, const Session& session, Input input = {}) {
    if (input.input_case() == Input::INPUT_NOT_SET) input.mutable_timer_due();
    *input.mutable_step_time() = base::ToTimestamp(time);
    return Step(session, input);
  }

  static Input WithPeriod(seconds period) {
    Input input;
    *input.mutable_routine_look_period() = base::ToProtoDuration(period);
    return input;
  }

  // From the look of the transition to the one after it.
  static base::Duration UntilNext(base::Time time, const Transition& transition) {
    for (const Timer& timer : transition.session().timers()) {
      if (timer.kind() == Timer::KIND_PHASE_LOOK) {
        return base::FromTimestamp(timer.due_time()) - time;
      }
    }
    ADD_FAILURE() << "the talk is not looked at again";
    return {};
  }

  // How many of a thousand talks whose looks came at once have their next look in each tenth of the
  // period, counted from half of it.
  static std::array<int, 10> Spread(Session talk, base::Time time, seconds period, Input input) {
    std::array<int, 10> tenths{};
    for (int number = 0; number < 1000; ++number) {
      talk.set_session_id("s_" + std::to_string(number));
      const base::Duration wait = UntilNext(time, StepAt(time, talk, input)) - period / 2;
      EXPECT_GE(wait, base::Duration::zero());
      EXPECT_LT(wait, period);
      ++tenths.at(static_cast<std::size_t>(wait * 10 / base::Duration(period)));
    }
    return tenths;
  }

  Scenario scenario_;
  Session talk_;
  base::Time connected_;
};

TEST_F(RoutineLooks, AreMarkedAndNoOtherLookIs) {
  const Transition looks = StepAt(connected_ + kUsual, talk_);
  ASSERT_GT(looks.commands_size(), 0);
  for (const Command& command : looks.commands()) EXPECT_TRUE(command.routine());
  Input missing;
  missing.mutable_call_missing()->set_call_id(talk_.legs(0).call_id());
  const Transition asked = StepAt(connected_ + seconds(1), talk_, missing);
  ASSERT_EQ(asked.commands_size(), 1);
  EXPECT_FALSE(asked.commands(0).routine());
}

TEST_F(RoutineLooks, GiveWayToALookThatIsNeededUnlessTheyHaveLeft) {
  const base::Time time = connected_ + kUsual;
  Session session = talk_;
  session.clear_open_commands();
  // Of the kind that a missing call asks for.
  Command& routine = *session.add_open_commands()->mutable_command();
  routine.set_number(session.last_command() + 1);
  routine.set_attempt(1);
  routine.set_leg_id(session.legs(0).leg_id());
  routine.set_routine(true);
  routine.mutable_look_at_call()->set_call_id(session.legs(0).call_id());
  session.set_last_command(routine.number());
  session.mutable_open_commands(0)->set_status(internal::v1::Command::STATUS_PENDING);
  Input missing;
  missing.mutable_call_missing()->set_call_id(session.legs(0).call_id());

  const Transition instead = StepAt(time - seconds(1), session, missing);
  EXPECT_THAT(instead.cancelled_commands(), testing::ElementsAre(routine.number()));
  ASSERT_EQ(instead.commands_size(), 1);
  EXPECT_FALSE(instead.commands(0).routine());
  const Transition again = StepAt(time - seconds(1), instead.session(), missing);
  EXPECT_EQ(again.commands_size(), 0) << "it is asked already";

  session.mutable_open_commands(0)->set_status(internal::v1::Command::STATUS_IN_FLIGHT);
  const Transition left = StepAt(time - seconds(1), session, missing);
  EXPECT_EQ(left.commands_size(), 0);
  EXPECT_EQ(left.cancelled_commands_size(), 0);
}

TEST_F(RoutineLooks, ComeOnceAMinuteWhileTalksAreFew) {
  const base::Time time = connected_ + kUsual;
  EXPECT_EQ(UntilNext(time, StepAt(time, talk_)), kUsual);
  EXPECT_EQ(UntilNext(time, StepAt(time, talk_, WithPeriod(kUsual))), kUsual);
  EXPECT_EQ(UntilNext(time, StepAt(time, talk_, WithPeriod(seconds(1)))), kUsual);
}

TEST_F(RoutineLooks, AreSpreadOverTheLongerPeriodOfManyTalks) {
  const base::Time time = connected_ + kUsual;
  EXPECT_THAT(Spread(talk_, time, seconds(200), WithPeriod(seconds(200))),
              testing::Each(testing::AllOf(testing::Gt(60), testing::Lt(140))));
}

TEST_F(RoutineLooks, ThatCameTogetherAfterADelayAreSpreadAgain) {
  const base::Time time = connected_ + kUsual + seconds(30);
  EXPECT_THAT(Spread(talk_, time, kUsual, {}),
              testing::Each(testing::AllOf(testing::Gt(60), testing::Lt(140))));
}

TEST_F(RoutineLooks, KeepTheirDistanceOnceTheyAreSpread) {
  base::Time time = connected_ + kUsual;
  Transition transition = StepAt(time, talk_, WithPeriod(seconds(200)));
  for (int looks = 0; looks < 3; ++looks) {
    time += UntilNext(time, transition);
    transition.mutable_session()->clear_open_commands();
    transition = StepAt(time, transition.session(), WithPeriod(seconds(200)));
    EXPECT_EQ(UntilNext(time, transition), seconds(200));
  }
}

}  // namespace
}  // namespace callbridge::flow
