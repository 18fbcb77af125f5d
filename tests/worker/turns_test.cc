// Which of the pending commands leave now.
#include "server/worker/turns.h"

#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Command Pending(int number, const std::string& leg_id, const std::function<void(Command&)>& set,
                const std::string& session_id = "s_1") {
  Command command;
  command.set_session_id(session_id);
  command.set_number(number);
  command.set_attempt(1);
  command.set_leg_id(leg_id);
  set(command);
  return command;
}

class TurnsTest : public testing::Test {
 protected:
  std::vector<int> Choose(const std::vector<Command>& pending,
                          const std::set<std::string>& busy = {}, int limit = 100) {
    asked_.clear();
    pace_.on_take = [this](const Command& command) { asked_.push_back(command.number()); };
    const Turns turns = ChooseTurns(pending, busy, pace_, kStart, limit);
    next_time_ = turns.next_time;
    std::vector<int> numbers;
    for (const Command& command : turns.commands) numbers.push_back(command.number());
    return numbers;
  }

  PaceTwin pace_;
  // Of the last choice: when to ask again, and which commands the pace was asked about.
  std::optional<base::Time> next_time_;
  std::vector<int> asked_;
};

TEST_F(TurnsTest, ACommandStandsInTheQueueOfItsLegAndWhatEndsSomethingOvertakes) {
  EXPECT_EQ(TurnOf(Pending(1, "caller", Answering)), "s_1/caller");
  EXPECT_EQ(TurnOf(Pending(2, "", Creating)), "s_1/");
  EXPECT_EQ(TurnOf(Pending(3, "caller", HangingUp)), "");
  EXPECT_EQ(TurnOf(Pending(4, "caller", Stopping)), "");
}

TEST_F(TurnsTest, OfOneLegTheFirstByNumberGoesWhateverTheOrder) {
  EXPECT_THAT(Choose({Pending(2, "caller", Playing), Pending(1, "caller", Dialing)}),
              ElementsAre(1));
  EXPECT_THAT(Choose({Pending(1, "caller", Answering), Pending(2, "caller", Playing),
                      Pending(3, "callee-1", Dialing)}),
              ElementsAre(1, 3));
}

// The store does not let it go; it is asked, so that the session is told.
TEST_F(TurnsTest, OneWhoseTimeHasPassedTakesNoTokenAndWaitsForNobody) {
  pace_.closed_until[Command::kDialLeg] = kStart + seconds(9);
  for (const auto& [not_after, chosen] : std::vector<std::pair<base::Duration, std::vector<int>>>{
           {-std::chrono::nanoseconds(1), {7}}, {seconds(0), {}}, {seconds(1), {}}}) {
    Command dial = Pending(7, "callee-1", Dialing);
    *dial.mutable_not_after_time() = base::ToTimestamp(kStart + not_after);
    EXPECT_EQ(Choose({dial}, {"s_1/callee-1"}), chosen);
    EXPECT_EQ(LastMomentOf(dial), kStart + not_after);
  }
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_EQ(LastMomentOf(Pending(8, "caller", Answering)), base::Time::max());
}

TEST_F(TurnsTest, WhatOvertakesGoesAllAtOnceAndPastABusyLeg) {
  const std::vector<Command> pending = {Pending(2, "caller", HangingUp),
                                        Pending(3, "caller", Stopping),
                                        Pending(1, "caller", Playing)};
  // Another one that has overtaken is still at the provider.
  EXPECT_THAT(Choose(pending, {"", "s_1/caller"}), ElementsAre(2, 3));
  EXPECT_THAT(Choose(pending, {"s_2/caller", "s_1/callee-1"}), ElementsAre(2, 3, 1));
}

TEST_F(TurnsTest, TakesTokensForNoMoreThanTheLimit) {
  const std::vector<Command> pending = {Pending(1, "caller", Answering),
                                        Pending(2, "callee-1", Dialing), Pending(3, "", Creating)};
  EXPECT_THAT(Choose(pending, {}, 2), ElementsAre(1, 2));
  EXPECT_THAT(asked_, ElementsAre(1, 2));
}

TEST_F(TurnsTest, AsksAgainWhenTheFirstOfThoseThatWaitMay) {
  pace_.closed_until = {{Command::kDialLeg, kStart + seconds(2)},
                        {Command::kAnswerCall, kStart + seconds(1)},
                        {Command::kCreateConference, kStart + seconds(3)}};
  EXPECT_THAT(Choose({Pending(1, "callee-1", Dialing), Pending(2, "caller", Answering),
                      Pending(3, "", Creating)}),
              IsEmpty());
  EXPECT_EQ(next_time_, kStart + seconds(1));
}

TEST_F(TurnsTest, WhatMayGoSaysNothingOfLater) {
  EXPECT_THAT(Choose({Pending(1, "caller", Answering)}), ElementsAre(1));
  EXPECT_EQ(next_time_, std::nullopt);
}

}  // namespace
}  // namespace callbridge::worker
