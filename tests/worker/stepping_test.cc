// Waiting inputs of one session become one commit.
#include "server/worker/stepping.h"

#include <google/protobuf/util/message_differencer.h>

#include "server/base/rule.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Input;
using internal::v1::Transition;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Steps are written by input: its event's name, "taken", "timer" or "condemned".
class SteppingTest : public testing::Test {
 protected:
  SteppingTest() { work_.session_id = "s_1"; }

  void Wait(const std::string& event) {
    store::WaitingInput waiting;
    waiting.input_id = ++last_input_;
    waiting.input.mutable_provider_event()->set_type_name(event);
    work_.inputs.push_back(waiting);
  }
  void WaitTaken(int number) {
    store::WaitingInput waiting;
    waiting.input_id = ++last_input_;
    waiting.input.mutable_command_taken()->set_number(number);
    work_.inputs.push_back(waiting);
  }

  static std::string NameOf(const Input& input) {
    if (input.has_provider_event()) return input.provider_event().type_name();
    if (input.has_command_taken()) {
      return "taken " + std::to_string(input.command_taken().number());
    }
    return input.has_timer_due() ? "timer" : "condemned";
  }

  StepFunction Flow() {
    return [this](const internal::v1::Session& session, const Input& input) {
      Transition transition;
      *transition.mutable_session() = session;
      transition.mutable_session()->set_inputs(session.inputs() + 1);
      const auto step = steps_.find(NameOf(input));
      if (step != steps_.end()) step->second(transition);
      return transition;
    };
  }

  static std::vector<std::string> Consumed(const store::SessionCommit& commit) {
    std::vector<std::string> names;
    for (const store::ConsumedInput& consumed : commit.consumed) {
      names.push_back(NameOf(consumed.input));
      EXPECT_EQ(base::FromTimestamp(consumed.input.step_time()), kStart);
    }
    EXPECT_EQ(commit.session.inputs(), names.size()) << "a step that was not taken left a trace";
    return names;
  }

  static void IssueFirst(Transition& transition) { Issue(transition, 1, 1, "caller", Answering); }
  static void IssueFirstAgain(Transition& transition) {
    Issue(transition, 1, 2, "caller", Answering);
  }
  static void CancelFirst(Transition& transition) { transition.add_cancelled_commands(1); }
  static void WakeLater(Transition& transition) {
    *transition.mutable_wake_time() = base::ToTimestamp(kStart + std::chrono::seconds(5));
  }

  store::DueSession work_;
  std::int64_t last_input_ = 0;
  std::map<std::string, std::function<void(Transition&)>> steps_;
};

TEST_F(SteppingTest, WithoutInputsATimerIsDueNow) {
  steps_["timer"] = WakeLater;
  const store::SessionCommit commit = StepInputs(work_, Flow(), kStart);
  EXPECT_THAT(Consumed(commit), ElementsAre("timer"));
  EXPECT_EQ(commit.consumed.front().input_id, 0);
  EXPECT_EQ(base::FromTimestamp(commit.consumed.front().input.receive_time()), kStart);
  EXPECT_EQ(commit.wake_time, kStart + std::chrono::seconds(5));
}

TEST_F(SteppingTest, TheLastStepSaysWhenToWake) {
  steps_["one"] = WakeLater;
  Wait("one");
  Wait("two");
  EXPECT_EQ(StepInputs(work_, Flow(), kStart).wake_time, std::nullopt);
}

TEST_F(SteppingTest, CommandsOfSeveralStepsGoIntoOneCommit) {
  steps_["one"] = IssueFirst;
  steps_["two"] = [](Transition& transition) { Issue(transition, 2, 1, "caller", Playing); };
  steps_["three"] = CancelFirst;
  for (const char* event : {"one", "two", "three"}) Wait(event);
  const store::SessionCommit commit = StepInputs(work_, Flow(), kStart);
  EXPECT_THAT(Consumed(commit), ElementsAre("one", "two", "three"));
  EXPECT_EQ(commit.commands.size(), 2U);
  EXPECT_THAT(commit.cancelled_commands, ElementsAre(1));
}

TEST_F(SteppingTest, StopsBeforeACommandIsIssuedASecondTimeAndLeavesAllThatFollows) {
  steps_["one"] = IssueFirst;
  steps_["again"] = IssueFirstAgain;
  for (const char* event : {"one", "again", "two"}) Wait(event);
  const store::SessionCommit commit = StepInputs(work_, Flow(), kStart);
  EXPECT_THAT(Consumed(commit), ElementsAre("one"));
  EXPECT_EQ(commit.commands.size(), 1U);
}

TEST_F(SteppingTest, StopsBeforeACancelledCommandIsIssuedAgain) {
  // It was issued by a commit before this one.
  steps_["cancel"] = CancelFirst;
  steps_["again"] = IssueFirstAgain;
  for (const char* event : {"cancel", "again"}) Wait(event);
  const store::SessionCommit commit = StepInputs(work_, Flow(), kStart);
  EXPECT_THAT(Consumed(commit), ElementsAre("cancel"));
  EXPECT_THAT(commit.commands, IsEmpty());
}

TEST_F(SteppingTest, ASessionIsCondemnedAfterAllThatHasLeftAndBeforeAllElse) {
  WaitTaken(1);
  WaitTaken(2);
  Wait("one");
  const store::SessionCommit commit = StepCondemned(work_, Flow(), "a defect", kStart);
  EXPECT_THAT(Consumed(commit), ElementsAre("taken 1", "taken 2", "condemned"));
  EXPECT_EQ(commit.consumed.back().input.condemned().reference(), "a defect");
  EXPECT_EQ(base::FromTimestamp(commit.consumed.back().input.receive_time()), kStart);
}

TEST_F(SteppingTest, ASessionIsCondemnedAlsoWhenWhatHasLeftDoesNotFitIntoOneCommit) {
  steps_["taken 1"] = IssueFirst;
  steps_["taken 2"] = IssueFirstAgain;
  for (const int number : {1, 2, 3}) WaitTaken(number);
  const store::SessionCommit commit = StepCondemned(work_, Flow(), "a defect", kStart);
  EXPECT_THAT(Consumed(commit), ElementsAre("taken 1", "condemned"));
}

// All deadlines have their defaults but the offer's, which is the session's own.
void ExpectFilled(const internal::v1::SessionSettings& settings) {
  auto expected = base::Defaults<internal::v1::Timing>();
  expected.mutable_offer()->set_seconds(2);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(settings.timing(), expected))
      << settings.DebugString();
}

TEST_F(SteppingTest, ASessionThatIsOlderThanASettingHasItsDefault) {
  work_.session.mutable_settings()->mutable_timing()->mutable_offer()->set_seconds(2);
  const auto check = [](const internal::v1::Session& session, const Input&) {
    ExpectFilled(session.settings());
    Transition transition;
    *transition.mutable_session() = session;
    return transition;
  };
  ExpectFilled(StepInputs(work_, check, kStart).session.settings());
  ExpectFilled(StepCondemned(work_, check, "a defect", kStart).session.settings());
  ExpectFilled(StepGivenUp(work_, check, "a defect", kStart, false).session.settings());
}

TEST_F(SteppingTest, AnInputThatWaitsSinceBeforeASettingBringsItsDefault) {
  internal::v1::SessionSettings old;
  old.mutable_timing()->mutable_offer()->set_seconds(2);
  work_.inputs.resize(2);
  *work_.inputs[0].input.mutable_start_bridge()->mutable_settings() = old;
  *work_.inputs[1].input.mutable_incoming_call()->mutable_settings() = old;
  const store::SessionCommit commit = StepInputs(work_, Flow(), kStart);
  ASSERT_EQ(commit.consumed.size(), 2U);
  ExpectFilled(commit.consumed[0].input.start_bridge().settings());
  ExpectFilled(commit.consumed[1].input.incoming_call().settings());
}

}  // namespace
}  // namespace callbridge::worker
