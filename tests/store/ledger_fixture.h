// A store with commands in its ledger.
#pragma once

#include <string>
#include <vector>

#include "tests/store/store_fixture.h"

namespace callbridge::store {

class LedgerTest : public StoreTest {
 protected:
  // A running session with these commands pending.
  void RunWith(const std::string& session_id, const std::vector<internal::v1::Command>& commands) {
    Begin(session_id);
    SessionCommit commit = StepOf(Load(session_id));
    commit.commands = commands;
    ASSERT_TRUE(Commit(commit).ok());
  }

  bool Take(const internal::v1::Command& command) {
    const auto taken = store().TakeCommands({KeyOf(command)}, now(), now() + base::kSendBy);
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.ok() && taken->size() == 1;
  }

  // Alone in its transaction.
  absl::Status Settle(const std::string& session_id, const internal::v1::CommandResult& result) {
    const auto statuses = store().SettleCommands({{session_id, result}}, now());
    EXPECT_TRUE(statuses.ok()) << statuses.status();
    return statuses.ok() ? statuses->front() : statuses.status();
  }

  // About a leg of its own.
  static internal::v1::Command Typed(int number, void (*set)(internal::v1::Command&)) {
    internal::v1::Command command = DialCommand("s_1", number);
    command.set_leg_id(std::to_string(number));
    set(command);
    return command;
  }

  std::vector<int> Pending(int class_limit = 10) {
    return Numbers(*store().PendingCommands(now(), class_limit));
  }
};

}  // namespace callbridge::store
