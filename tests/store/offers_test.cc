// Which pending commands are offered, in which order, and what hides none of them: rate classes and
// queues.
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "tests/store/ledger_fixture.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using OffersTest = LedgerTest;

// Every kind of command, in the order in which they are offered.
const std::vector<void (*)(Command&)>& Kinds() {
  static const std::vector<void (*)(Command&)> kinds = {
      [](Command& command) { command.mutable_hang_up_call(); },
      [](Command& command) { command.mutable_stop_play(); },
      [](Command& command) { command.mutable_hang_up_conference(); },
      [](Command& command) { command.mutable_look_at_call(); },
      [](Command& command) { command.mutable_look_at_conference(); },
      [](Command& command) { command.mutable_find_conference(); },
      [](Command& command) { command.mutable_find_dial(); },
      [](Command& command) { command.mutable_send_ringing(); },
      [](Command& command) { command.mutable_answer_call(); },
      [](Command& command) { command.mutable_add_caller(); },
      [](Command& command) { command.mutable_play_prompt()->mutable_prompt()->mutable_audio(); },
      [](Command& command) { command.mutable_play_prompt()->mutable_prompt()->mutable_text(); },
      [](Command& command) { command.mutable_play_music(); },
      [](Command& command) { command.mutable_create_conference(); },
      [](Command& command) { command.mutable_dial_leg(); },
      [](Command& command) {
        command.mutable_look_at_call();
        command.set_routine(true);
      },
      [](Command& command) {
        command.mutable_look_at_conference();
        command.set_routine(true);
      },
  };
  return kinds;
}

TEST_P(OffersTest, OffersEveryKindInItsPlace) {
  std::vector<Command> commands;
  for (int number = static_cast<int>(Kinds().size()); number > 0; --number) {
    commands.push_back(Typed(number, Kinds()[static_cast<std::size_t>(number - 1)]));
  }
  RunWith("s_1", commands);
  std::vector<int> all(Kinds().size());
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(Pending(), all);
}

TEST_P(OffersTest, ACrowdOfOneKindHidesNoOtherKind) {
  constexpr int kLimit = 2;
  constexpr int kCrowd = kLimit + 1;
  // Music and recorded prompts wait for the same rate, so for them a crowd of the other is a crowd
  // of their own.
  const auto class_of = [](std::size_t kind) { return kind == 12 ? 10 : kind; };
  int sessions = 0;
  for (std::size_t kind = 0; kind < Kinds().size(); ++kind) {
    for (int copy = 0; copy < kCrowd; ++copy) {
      const std::string name = "s_" + std::to_string(++sessions);
      Command command = Typed(static_cast<int>(class_of(kind)) + 1, Kinds()[kind]);
      command.set_session_id(name);
      RunWith(name, {command});
    }
  }
  std::map<int, int> offered;
  for (const int number : Pending(kLimit)) ++offered[number];
  for (std::size_t kind = 0; kind < Kinds().size(); ++kind) {
    EXPECT_EQ(offered[static_cast<int>(class_of(kind)) + 1], kLimit) << kind;
  }
}

TEST_P(OffersTest, ACrowdHidesNeitherOtherAccountsNorFirstAttempts) {
  int sessions = 0;
  const auto crowd = [&](int number, int attempt, const std::string& account) {
    for (int copy = 0; copy < 3; ++copy) {
      const std::string name = "s_" + std::to_string(++sessions);
      Command command = DialCommand(name, number, attempt);
      command.set_account(account);
      RunWith(name, {command});
    }
  };
  crowd(1, 2, "default");
  crowd(2, 1, "default");
  crowd(3, 1, "other");
  EXPECT_THAT(Pending(2), ElementsAre(1, 1, 2, 2, 3, 3));
}

TEST_P(OffersTest, OfOneLegOneCommandIsOfferedAtATimeInTheOrderOfTheirNumbers) {
  const auto with_leg = [](int number, std::size_t kind, const std::string& leg_id) {
    Command command = Typed(number, Kinds()[kind]);
    command.set_leg_id(leg_id);
    return command;
  };
  // Whatever the classes: a dial, a say, music and an answer about one leg; a hangup and a look
  // overtake; another leg, the conference and another session have queues of their own.
  const Command dial = with_leg(1, 14, "caller");
  const Command say = with_leg(2, 11, "caller");
  const Command music = with_leg(3, 12, "caller");
  const Command answer = with_leg(4, 8, "caller");
  RunWith("s_1", {answer, music, say, dial, with_leg(5, 0, "caller"), with_leg(6, 3, "caller"),
                  with_leg(7, 12, "callee-1"), with_leg(8, 13, "")});
  Command other = dial;
  other.set_session_id("s_2");
  other.set_number(9);
  RunWith("s_2", {other});
  EXPECT_THAT(Pending(), ElementsAre(5, 6, 7, 8, 1, 9));
  for (const Command& command : {dial, say, music}) {
    ASSERT_TRUE(Take(command));
    EXPECT_THAT(Pending(), ElementsAre(5, 6, 7, 8, 9)) << "one is in flight";
    ASSERT_TRUE(Settle("s_1", ResultOf(command, CommandResult::VERDICT_UNKNOWN)).ok());
    EXPECT_THAT(Pending(), testing::Contains(command.number() + 1));
    EXPECT_THAT(Pending(), testing::SizeIs(6));
  }
}

TEST_P(OffersTest, RingingHoldsUpNoAnswerOfItsCall) {
  Command ringing = Typed(1, Kinds()[7]);
  Command answer = Typed(2, Kinds()[8]);
  for (Command* command : {&ringing, &answer}) command->set_leg_id("caller");
  RunWith("s_1", {ringing, answer});
  EXPECT_THAT(Pending(), ElementsAre(1, 2));
  ASSERT_TRUE(Take(ringing));
  EXPECT_THAT(Pending(), ElementsAre(2)) << "its own answer is still awaited";
}

TEST_P(OffersTest, WhatIsCancelledOrIssuedAgainLaterKeepsNoPlaceInItsQueue) {
  Command first = Typed(1, Kinds()[8]);
  Command second = Typed(2, Kinds()[12]);
  second.set_leg_id(first.leg_id());
  RunWith("s_1", {first, second});
  ASSERT_TRUE(Take(first));
  ASSERT_TRUE(Settle("s_1", ResultOf(first, CommandResult::VERDICT_NOT_SENT)).ok());
  EXPECT_THAT(Pending(), ElementsAre(2));
  ASSERT_TRUE(Take(second));
  first.set_attempt(2);
  SessionCommit again = StepOf(Load("s_1"));
  again.commands = {first};
  ASSERT_TRUE(Commit(again).ok());
  EXPECT_THAT(Pending(), IsEmpty()) << "the later one is in flight";
  ASSERT_TRUE(Settle("s_1", ResultOf(second, CommandResult::VERDICT_NOT_SENT)).ok());
  second.set_attempt(2);
  SessionCommit both = StepOf(Load("s_1"));
  both.commands = {second};
  ASSERT_TRUE(Commit(both).ok());
  EXPECT_THAT(Pending(), ElementsAre(1));
  Append(HintedEvent("s_1"));
  SessionCommit cancel = StepOf(Load("s_1"));
  cancel.cancelled_commands = {1};
  ASSERT_TRUE(Commit(cancel).ok());
  EXPECT_THAT(Pending(), ElementsAre(2));
}

TEST_P(OffersTest, WhatWasReleasedHoldsUpNothingAndIsSettledAsAnyOther) {
  const Command first = Typed(1, Kinds()[8]);
  Command second = Typed(2, Kinds()[12]);
  second.set_leg_id(first.leg_id());
  RunWith("s_1", {first, second});
  ASSERT_TRUE(Take(first));
  EXPECT_THAT(Pending(), IsEmpty());
  SessionCommit release = StepOf(Load("s_1"));
  release.released_commands = {1, 77};
  ASSERT_TRUE(Commit(release).ok());
  EXPECT_THAT(Pending(), ElementsAre(2));
  ASSERT_TRUE(Take(second));
  EXPECT_TRUE(Settle("s_1", ResultOf(first, CommandResult::VERDICT_DONE)).ok());
}

TEST_P(OffersTest, OfEqualsTheOldestCommandGoesFirstWhateverTheAgeOfItsSession) {
  Begin("s_old");
  RunWith("s_young", {HangUpCommand("s_young", 1)});
  Advance(std::chrono::milliseconds(1));
  SessionCommit commit = StepOf(Load("s_old"));
  commit.commands = {HangUpCommand("s_old", 2)};
  ASSERT_TRUE(Commit(commit).ok());
  EXPECT_THAT(Pending(), ElementsAre(1, 2));
}

CALLBRIDGE_TEST_ENGINES(OffersTest);

}  // namespace
}  // namespace callbridge::store
