// Which of the commands that may leave have a token now.
#include "server/worker/departures.h"

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

class DeparturesTest : public testing::Test {
 protected:
  std::vector<int> Choose(const std::vector<Command>& pending, int limit = 100) {
    asked_.clear();
    pace_.on_take = [this](const Command& command) { asked_.push_back(command.number()); };
    const Departures departures = ChooseDepartures(pending, pace_, kStart, limit);
    next_time_ = departures.next_time;
    std::vector<int> numbers;
    for (const Command& command : departures.commands) numbers.push_back(command.number());
    return numbers;
  }

  PaceTwin pace_;
  // Of the last choice: when to ask again, and which commands the pace was asked about.
  std::optional<base::Time> next_time_;
  std::vector<int> asked_;
};

// The store does not let it go; it is asked, so that the session is told.
TEST_F(DeparturesTest, OneWhoseTimeHasPassedTakesNoTokenAndWaitsForNobody) {
  pace_.closed_until[Command::kDialLeg] = kStart + seconds(9);
  for (const auto& [not_after, chosen] : std::vector<std::pair<base::Duration, std::vector<int>>>{
           {-std::chrono::nanoseconds(1), {7}}, {seconds(0), {}}, {seconds(1), {}}}) {
    Command dial = Pending(7, "callee-1", Dialing);
    *dial.mutable_not_after_time() = base::ToTimestamp(kStart + not_after);
    EXPECT_EQ(Choose({dial}), chosen);
    EXPECT_EQ(asked_.empty(), !chosen.empty()) << "asked for those only that may still leave";
    EXPECT_EQ(LastMomentOf(dial), kStart + not_after);
  }
  EXPECT_EQ(LastMomentOf(Pending(8, "caller", Answering)), base::Time::max());
}

TEST_F(DeparturesTest, WhatWaitsForItsRateHoldsUpNothing) {
  pace_.closed_until = {{Command::kDialLeg, kStart + seconds(2)}};
  EXPECT_THAT(Choose({Pending(1, "callee-1", Dialing), Pending(2, "caller", Playing),
                      Pending(3, "callee-2", Dialing), Pending(4, "caller", HangingUp)}),
              ElementsAre(2, 4));
  EXPECT_EQ(next_time_, kStart + seconds(2));
}

TEST_F(DeparturesTest, TakesTokensForNoMoreThanTheLimit) {
  const std::vector<Command> pending = {Pending(1, "caller", Answering),
                                        Pending(2, "callee-1", Dialing), Pending(3, "", Creating)};
  EXPECT_THAT(Choose(pending, 2), ElementsAre(1, 2));
  EXPECT_THAT(asked_, ElementsAre(1, 2));
}

TEST_F(DeparturesTest, AsksAgainWhenTheFirstOfThoseThatWaitMay) {
  pace_.closed_until = {{Command::kDialLeg, kStart + seconds(2)},
                        {Command::kAnswerCall, kStart + seconds(1)},
                        {Command::kCreateConference, kStart + seconds(3)}};
  EXPECT_THAT(Choose({Pending(1, "callee-1", Dialing), Pending(2, "caller", Answering),
                      Pending(3, "", Creating)}),
              IsEmpty());
  EXPECT_EQ(next_time_, kStart + seconds(1));
}

TEST_F(DeparturesTest, WhatMayGoSaysNothingOfLater) {
  EXPECT_THAT(Choose({Pending(1, "caller", Answering)}), ElementsAre(1));
  EXPECT_EQ(next_time_, std::nullopt);
}

}  // namespace
}  // namespace callbridge::worker
