// One session from its beginning to its end, with a crash at every write, before and after it
// reaches the disk.
#include <map>

#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;

constexpr int kLastCommand = 3;
constexpr int kRoundsMax = 100;

class CrashTest : public WorkerTest {
 protected:
  CrashTest() {
    // Answer, play, hang up, one after the other; what is unknown is not sent again.
    flow_ = [](const Input& input, Transition& transition) {
      internal::v1::Session& session = *transition.mutable_session();
      if (input.has_start_bridge()) {
        session.mutable_greeting();
        Tell(transition);
        Issue(transition, 1, 1, "caller", Answering);
      }
      if (!input.has_command_result() || session.has_ended()) return;
      const int number = input.command_result().number();
      Tell(transition);
      if (number < kLastCommand) {
        Issue(transition, number + 1, 1, "caller", number == 1 ? Playing : HangingUp);
      } else {
        session.mutable_ended();
      }
    };
    provider_.on_send = [this](const Command& command) {
      EXPECT_TRUE(engine_.power()) << "a dead server sent something";
      bool durable = false;
      const auto in_flight = store_->InFlightSince(base::Time::max());
      ASSERT_TRUE(in_flight.ok());
      for (const store::CommandKey& key : *in_flight) {
        durable |= key.number == command.number() && key.attempt == command.attempt();
      }
      EXPECT_TRUE(durable) << "command " << command.number() << " left before it was durable";
    };
  }

  // Plays the session to its end; after the fault the server dies, and another one goes on. False:
  // the fault came no more.
  bool Play(FaultyEngine::Fault fault) {
    Begin();
    engine_.Plan(fault);
    bool crashed = false;
    for (int round = 0; round < kRoundsMax; ++round) {
      // A result that comes while the power is off is lost with the server that waited for it.
      const bool ok = Settle();
      if (!ok || !engine_.power()) {
        EXPECT_FALSE(crashed) << "one fault, one crash";
        crashed = true;
        Restart();
        continue;
      }
      if (Session().has_ended()) return crashed;
      const std::vector<int> open = provider_.open();
      if (!open.empty()) provider_.Answer(open.front(), CommandResult::VERDICT_DONE);
    }
    ADD_FAILURE() << "the session never ended";
    return crashed;
  }

  void Check() {
    std::map<int, int> sendings;
    for (const int number : provider_.sent()) {
      EXPECT_EQ(++sendings[number], 1) << "command " << number << " was sent twice";
    }
    std::map<std::string, int> results;
    for (const std::string& stepped : Stepped()) {
      if (stepped.starts_with("command_result")) ++results[stepped.substr(0, 16)];
    }
    EXPECT_EQ(results.size(), 3U);
    for (const auto& [result, count] : results) EXPECT_EQ(count, 1) << result;
    const auto events = store_->ReadEvents("s_1", 0, 100);
    ASSERT_TRUE(events.ok());
    EXPECT_EQ(events->size(), 4U);
    EXPECT_TRUE(store_->InFlightSince(base::Time::max())->empty());
  }
};

class EveryWrite : public CrashTest, public testing::WithParamInterface<bool> {};

TEST_P(EveryWrite, MayBeTheLastOneBeforeACrashAndTheSessionStillEndsRight) {
  int writes = 0;
  for (bool crashed = true; crashed; ++writes) {
    SCOPED_TRACE(writes);
    // A world of its own for each fault.
    class World final : public CrashTest {
     public:
      void TestBody() override {}
      bool Run(FaultyEngine::Fault fault) {
        const bool died = Play(fault);
        Check();
        return died;
      }
    };
    World world;
    crashed = world.Run({.after_writes = writes, .written = GetParam()});
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(writes, 8) << "the session has more writes than that";
}

INSTANTIATE_TEST_SUITE_P(Fault, EveryWrite, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& fault) {
                           return fault.param ? "written" : "not_written";
                         });

}  // namespace
}  // namespace callbridge::worker
