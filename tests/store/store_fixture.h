// What every test of the store needs: one engine by name, short ways to append, step and commit,
// and a time to start from. The tests are the conformance suite: each promise of store.h, for each
// engine.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace callbridge::store {

inline constexpr base::Time kStart{std::chrono::sys_days{std::chrono::January / 15 / 2026}};

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& parent = testing::TempDir());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class StoreTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;

  // Opens the same store again, as after a restart; a store in memory simply stays.
  void Reopen();

  Store& store() { return *store_; }
  base::Time now() const { return now_; }
  void Advance(base::Duration by) { now_ += by; }

  Appended Append(const NewInput& input);
  // A session that begins by StartBridge and waits for its first step.
  void Begin(const std::string& session_id, const std::string& request_id = "");
  // The same, and its first step is committed: phase Greeting, one event.
  void Run(const std::string& session_id, const std::string& request_id = "");
  // As it waits now. Fails the test if it does not.
  DueSession Load(const std::string& session_id);
  // The ids of the sessions with something to do.
  std::vector<std::string> Waiting(bool include_timers = false);
  absl::Status Commit(const SessionCommit& commit);
  // Lets the change step the session once more.
  void Change(const std::string& session_id, const std::function<void(SessionCommit&)>& change);
  // Ends the session at this moment with a retention of one hour.
  void End(const std::string& session_id);
  // The kinds of the inputs that the session waits with: "provider_event", "command_result" …
  std::vector<std::string> InputsOf(const std::string& session_id);

 private:
  TemporaryFolder folder_;
  base::Time now_ = kStart;
  std::unique_ptr<Store> store_;
};

// An event of the provider about a call, known by nothing else.
NewInput CallEvent(const std::string& call_id);
NewInput ConferenceEvent(const std::string& conference_id);
NewInput HintedEvent(const std::string& session_id);
NewInput StartRequest(const std::string& session_id, const std::string& request_id);

// All of the work's inputs consumed; the session is unchanged but for its id and the phase Greeting
// if it had none.
SessionCommit StepOf(const DueSession& work);
// The next event of the session.
void AddEvent(SessionCommit& commit,
              callbridge::v1::Session::State state = callbridge::v1::Session::STATE_GREETING);
internal::v1::Command DialCommand(const std::string& session_id, int number, int attempt = 1);
internal::v1::Command HangUpCommand(const std::string& session_id, int number, int attempt = 1);
internal::v1::CommandResult ResultOf(const internal::v1::Command& command,
                                     internal::v1::CommandResult::Verdict verdict);
CommandKey KeyOf(const internal::v1::Command& command);
std::vector<int> Numbers(const std::vector<internal::v1::Command>& commands);

std::string EngineName(const testing::TestParamInfo<std::string>& info);

#define CALLBRIDGE_TEST_ENGINES(suite)                                                       \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, testing::Values(std::string("memory"), "sqlite"), \
                           EngineName)

}  // namespace callbridge::store
