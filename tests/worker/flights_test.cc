// What was sent and is not settled: results are kept until they are durable, lost callbacks are
// given up.
#include "server/worker/flights.h"

#include "server/base/log.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr seconds kLimit{10};

class FlightsTest : public WorkerTest {
 protected:
  FlightsTest() { Begin(); }

  // In flight in the ledger, and known here.
  Command Fly(int number, const std::string& leg_id = "caller") {
    Command command = FlyUnknown(number, leg_id);
    flights_.Begin(command);
    return command;
  }

  Command FlyUnknown(int number, const std::string& leg_id = "caller") {
    store::SessionCommit commit;
    commit.session_id = "s_1";
    commit.expected_revision = revision_++;
    Command& command = commit.commands.emplace_back();
    command.set_session_id("s_1");
    command.set_number(number);
    command.set_attempt(1);
    command.set_leg_id(leg_id);
    command.mutable_answer_call();
    const auto committed = store_->Commit({commit}, clock_.Now());
    EXPECT_TRUE(committed.ok() && committed->front().ok());
    const auto taken = store_->TakeCommands({{.session_id = "s_1", .number = number, .attempt = 1}},
                                            clock_.Now(), clock_.Now());
    EXPECT_TRUE(taken.ok() && taken->size() == 1U);
    return command;
  }

  void Finish(const Command& command,
              CommandResult::Verdict verdict = CommandResult::VERDICT_DONE) {
    CommandResult result;
    result.set_number(command.number());
    result.set_attempt(command.attempt());
    result.set_verdict(verdict);
    flights_.Finish(command, result);
  }

  // What the session was told: "1 DONE".
  std::vector<std::string> Results() {
    std::vector<std::string> results;
    const auto works = store_->NextSessions(clock_.Now(), 1, false);
    EXPECT_TRUE(works.ok() && works->size() == 1U);
    for (const store::WaitingInput& waiting : works->front().inputs) {
      if (!waiting.input.has_command_result()) continue;
      const CommandResult& result = waiting.input.command_result();
      results.push_back(std::to_string(result.number()) + " " +
                        CommandResult::Verdict_Name(result.verdict()).substr(8));
    }
    return results;
  }

  Flights flights_{*store_, pace_, clock_};
  std::int64_t revision_ = 0;
};

TEST_F(FlightsTest, TellsOperatorsOfAResultThatTheStoreDidNotTakeAndOfNoOther) {
  const Command stored = Fly(1, "caller");
  const Command refused = Fly(2, "callee-1");
  const base::LogCapture log;
  Finish(stored);
  EXPECT_THAT(log.Lines(), IsEmpty());
  Fly(3, "callee-2");
  engine_.PowerOff();
  Finish(refused);
  EXPECT_THAT(log.Lines(), ElementsAre(HasSubstr(R"("results_not_stored","results":1)")));
}

TEST_F(FlightsTest, TellsOperatorsOfAFileThatTheProviderDidNotPlay) {
  Command music;
  music.set_session_id("s_1");
  music.set_leg_id("caller");
  music.mutable_play_music()->mutable_audio()->set_file_id("f-music");
  Command prompt;
  prompt.set_session_id("s_1");
  prompt.set_leg_id("callee-1");
  prompt.mutable_play_prompt()->mutable_prompt()->mutable_audio()->set_file_id("f-prompt");
  Command text;
  text.mutable_play_prompt()->mutable_prompt()->set_text("Hello.");
  CommandResult refused;
  refused.set_verdict(CommandResult::VERDICT_REFUSED);
  refused.set_http_status(404);
  const base::LogCapture log;
  flights_.Finish(music, refused);
  // Within a second a second one is only counted.
  flights_.Finish(music, refused);
  clock_.Advance(seconds(1));
  flights_.Finish(prompt, refused);
  flights_.Finish(text, refused);
  clock_.Advance(seconds(1));
  for (const auto verdict : {CommandResult::VERDICT_DONE, CommandResult::VERDICT_UNKNOWN,
                             CommandResult::VERDICT_THROTTLED}) {
    CommandResult other = refused;
    other.set_verdict(verdict);
    flights_.Finish(music, other);
  }
  const auto line = [](const char* detail, const char* count) {
    return testing::AllOf(HasSubstr(R"("level":"warning","event":"file_not_played")"),
                          HasSubstr("callbridge-admin audio list"), HasSubstr(detail),
                          HasSubstr(count));
  };
  EXPECT_THAT(log.Lines(), ElementsAre(line("session s_1, leg caller, file_id f-music, HTTP 404",
                                            R"("count":1)"),
                                       line("leg callee-1, file_id f-prompt", R"("count":2)")));
}

TEST_F(FlightsTest, ResultsWaitForTheRoundThatTheyWakeAndAreStoredTogether) {
  int woken = 0;
  int writes = 0;
  flights_.SetWake([&woken] { ++woken; });
  std::vector<Command> commands;
  for (int number = 1; number <= 20; ++number) {
    commands.push_back(Fly(number, "callee-" + std::to_string(number)));
  }
  engine_.on_write = [&writes] { ++writes; };
  for (const Command& command : commands) Finish(command);
  EXPECT_EQ(woken, 20);
  EXPECT_EQ(writes, 0) << "the thread of the answers waits for no disk";
  EXPECT_TRUE(flights_.answered());
  EXPECT_TRUE(flights_.StoreResults().ok());
  EXPECT_EQ(writes, 1);
  EXPECT_THAT(Results(), testing::SizeIs(20));
  EXPECT_EQ(flights_.count(), 0);
  EXPECT_FALSE(flights_.answered());
}

TEST_F(FlightsTest, WhatCameInWhenNoRoundComesAnyMoreIsStoredAtOnce) {
  flights_.SetWake([] {});
  const Command before = Fly(1, "caller");
  const Command after = Fly(2, "callee-1");
  Finish(before);
  EXPECT_EQ(flights_.count(), 2);
  flights_.SetWake(nullptr);
  EXPECT_THAT(Results(), ElementsAre("1 DONE"));
  Finish(after);
  EXPECT_THAT(Results(), ElementsAre("1 DONE", "2 DONE"));
}

TEST_F(FlightsTest, TriesAgainWhatTheStoreDidNotTakeAndNothingElse) {
  Fly(1, "caller");
  const Command answered = Fly(2, "callee-1");
  engine_.PowerOff();
  Finish(answered);
  EXPECT_FALSE(flights_.StoreResults().ok());
  EXPECT_FALSE(flights_.StoreResults().ok());
  engine_.PowerOn();
  EXPECT_TRUE(flights_.StoreResults().ok());
  EXPECT_THAT(Results(), ElementsAre("2 DONE"));
  EXPECT_EQ(flights_.count(), 1) << "the other one is not answered yet";
  EXPECT_TRUE(flights_.StoreResults().ok());
  EXPECT_THAT(Results(), ElementsAre("2 DONE"));
}

TEST_F(FlightsTest, NeverGivesUpACommandWhoseAnswerIsKnown) {
  const Command command = Fly(1);
  engine_.PowerOff();
  Finish(command);
  engine_.PowerOn();
  Advance(kLimit + seconds(1));
  EXPECT_TRUE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_THAT(Results(), IsEmpty());
  EXPECT_TRUE(flights_.StoreResults().ok());
  EXPECT_THAT(Results(), ElementsAre("1 DONE"));
  EXPECT_EQ(flights_.count(), 0);
}

TEST_F(FlightsTest, GivesUpWhatIsOverdueWhoeverSentIt) {
  Fly(1, "caller");
  FlyUnknown(2, "callee-1");
  Advance(kLimit);
  EXPECT_TRUE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_THAT(Results(), IsEmpty()) << "not longer than the limit";
  EXPECT_EQ(flights_.count(), 1);
  Advance(milliseconds(1));
  EXPECT_TRUE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_THAT(Results(), testing::UnorderedElementsAre("1 UNKNOWN", "2 UNKNOWN"));
  EXPECT_EQ(flights_.count(), 0);
}

TEST_F(FlightsTest, TriesAgainToGiveUpWhatTheStoreDidNotTake) {
  Fly(1);
  Advance(kLimit + seconds(1));
  engine_.PowerOff();
  EXPECT_FALSE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_EQ(flights_.count(), 1);
  engine_.PowerOn();
  EXPECT_TRUE(flights_.StoreResults().ok());
  EXPECT_THAT(Results(), ElementsAre("1 UNKNOWN"));
  EXPECT_EQ(flights_.count(), 0);
}

TEST_F(FlightsTest, TellsOnceOfACommandOfOthersThatHasNoAnswerHoweverOftenTheStoreIsAway) {
  FlyUnknown(1);
  Advance(kLimit + seconds(1));
  const base::LogCapture log;
  engine_.PowerOff();
  for (int round = 0; round < 3; ++round) {
    EXPECT_FALSE((flights_.StoreResults().ok() && flights_.GiveUpOverdue(kLimit).ok()));
  }
  EXPECT_EQ(flights_.count(), 1) << "the end of the drain waits for it";
  engine_.PowerOn();
  EXPECT_TRUE(flights_.StoreResults().ok());
  EXPECT_TRUE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_THAT(Results(), ElementsAre("1 UNKNOWN"));
  EXPECT_EQ(flights_.count(), 0);
  EXPECT_THAT(log.Lines(), ElementsAre(HasSubstr(R"("event":"command_without_answer")")));
}

TEST_F(FlightsTest, ForgetsWhatTheStoreDoesNotHaveInFlight) {
  Command settled_by_another = FlyUnknown(1);
  flights_.Begin(settled_by_another);
  EXPECT_EQ(*store_->MakeInFlightUnknown(clock_.Now()), 1);
  Advance(kLimit);
  EXPECT_TRUE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_EQ(flights_.count(), 1) << "its answer may still come";
  Advance(milliseconds(1));
  EXPECT_TRUE(flights_.GiveUpOverdue(kLimit).ok());
  EXPECT_EQ(flights_.count(), 0);
}

TEST_F(FlightsTest, TellsWhatWasTakenAndNeverSentAndLeavesAllOthersAlone) {
  Fly(1, "caller");
  const Command answered = Fly(2, "callee-1");
  FlyUnknown(3, "callee-2");
  engine_.PowerOff();
  Finish(answered);
  engine_.PowerOn();
  EXPECT_TRUE(flights_.GiveUpUnsent().ok());
  EXPECT_THAT(Results(), ElementsAre("3 NOT_SENT"));
  EXPECT_EQ(flights_.count(), 2);
}

}  // namespace
}  // namespace callbridge::worker
