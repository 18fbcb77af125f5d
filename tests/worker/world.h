// A worker's world for tests: a store that can fail, a provider and a pace that do as they are
// told, a clock that stands still, and a flow written by the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/provider/pace.h"
#include "server/provider/provider.h"
#include "server/store/memory/memory_store.h"
#include "server/worker/worker.h"

namespace callbridge::worker {

inline constexpr base::Time kStart{std::chrono::sys_days{std::chrono::January / 15 / 2026}};

// Stands between a store and its disk. While the power is on it counts writes; the one that it is
// told to fail turns the power off, before or after it happened. Reads go on, but for those that
// meet what the test has damaged.
class FaultyEngine final : public store::Engine {
 public:
  struct Fault {
    // Writes that succeed before it.
    int after_writes = 0;
    // The write reaches the disk, and nobody hears of it.
    bool written = false;
  };

  FaultyEngine() : disk_(store::MakeMemoryEngine()) {}

  absl::Status Write(const std::function<absl::Status(store::Transaction&)>& work) override;
  absl::Status Read(const std::function<absl::Status(store::View&)>& work) override;
  void OnForeignChange(std::function<void()> told) override {
    disk_->OnForeignChange(std::move(told));
  }

  void Plan(Fault fault);
  void PowerOn() { power_ = true; }
  void PowerOff() { power_ = false; }
  bool power() const { return power_; }

  // Called before each write, also without power.
  std::function<void()> on_write;
  // Names of sessions that stand on damaged pages: a read that meets one is DATA_LOSS.
  std::set<std::string> damaged;

 private:
  std::unique_ptr<store::Engine> disk_;
  std::optional<Fault> fault_;
  int writes_ = 0;
  std::atomic<bool> power_ = true;
};

// The engine must outlive the store.
std::unique_ptr<store::Store> MakeStoreOn(FaultyEngine& engine);

// Sends nothing; a test answers. Keeps to send_by as a provider must.
class ProviderTwin final : public provider::Provider {
 public:
  struct Sent {
    internal::v1::Command command;
    base::Time send_by;
    Done done;
  };

  explicit ProviderTwin(base::ManualClock& clock) : clock_(clock) {}

  void Send(const internal::v1::Command& command, base::Time send_by, Done done) override;

  // Answers the oldest sending of this number that has no answer. Fails the test if there is none.
  void Answer(int number, internal::v1::CommandResult::Verdict verdict);
  // Numbers of all that were sent, in order, and of those without an answer.
  std::vector<int> sent() const;
  std::vector<int> open() const;

  // How long it sleeps before it looks at the clock.
  base::Duration delay{};
  // Called for each command before anything leaves.
  std::function<void(const internal::v1::Command&)> on_send;
  std::vector<Sent> all;

 private:
  base::ManualClock& clock_;
};

// Refuses a kind of command until its time has come.
class PaceTwin final : public provider::Pace {
 public:
  std::optional<base::Time> TryTake(const internal::v1::Command& command, base::Time now) override;
  void GiveBack(const internal::v1::Command& command) override {
    given_back.push_back(command.number());
  }
  void Observe(const internal::v1::Command& command, const internal::v1::CommandResult& result,
               base::Time now) override;

  // Called for each command before it is judged.
  std::function<void(const internal::v1::Command&)> on_take;
  std::map<internal::v1::Command::ActionCase, base::Time> closed_until;
  std::vector<internal::v1::CommandResult::Verdict> observed;
  // Numbers of the commands whose tokens came back.
  std::vector<int> given_back;
};

class WorkerTest : public testing::Test {
 protected:
  WorkerTest();

  // A new worker on the same disk. The old one is gone, its commands may still be answered.
  void Restart(bool orderly = false);
  // With the test's flow, on the store as it is now.
  std::unique_ptr<Worker> MakeWorker(WorkerOptions options, Sweep* sweep = nullptr);
  // Runs the worker as its loop would, and lets time pass.
  void RunFor(base::Duration duration);
  // Until nothing is left to do at this moment. False: the store failed.
  bool Settle();
  void Advance(base::Duration by) { clock_.Advance(by); }
  // StartBridge for a session of this name.
  void Begin(const std::string& session_id = "s_1");
  void Append(const std::string& session_id, const std::string& type_name);
  internal::v1::Session Session(const std::string& session_id = "s_1");
  // What was stepped: "start_bridge", "command_taken 1", "command_result 1 DONE", "provider_event
  // <name>", "timer_due" …
  std::vector<std::string> Stepped(const std::string& session_id = "s_1");

  base::ManualClock clock_{kStart};
  FaultyEngine engine_;
  // Results of commands sent before a restart still hold on to the store that they were sent with.
  std::vector<std::unique_ptr<store::Store>> earlier_stores_;
  std::unique_ptr<store::Store> store_;
  ProviderTwin provider_{clock_};
  PaceTwin pace_;
  // The test's flow: changes the transition, whose session is the one before with one more input.
  std::function<void(const internal::v1::Input&, internal::v1::Transition&)> flow_;
  // How far apart the rounds of a worker that is made are, when it has nothing to do.
  base::Duration rounds_apart_ = std::chrono::hours(1);
  // Of the workers that Restart makes.
  WorkerOptions options_;
  std::unique_ptr<Worker> worker_;
};

// Adds an event to the transition, with the next sequence.
void Tell(internal::v1::Transition& transition,
          callbridge::v1::Session::State state = callbridge::v1::Session::STATE_GREETING);
// Adds a command. set chooses its action.
internal::v1::Command& Issue(internal::v1::Transition& transition, int number, int attempt,
                             const std::string& leg_id,
                             const std::function<void(internal::v1::Command&)>& set);
void Answering(internal::v1::Command& command);
void Playing(internal::v1::Command& command);
void Dialing(internal::v1::Command& command);
void HangingUp(internal::v1::Command& command);
void Stopping(internal::v1::Command& command);
void Creating(internal::v1::Command& command);

}  // namespace callbridge::worker
