#include "tests/worker/world.h"

#include <algorithm>
#include <utility>

#include "server/store/table_store.h"
#include "tests/worker/damaged_view.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Transition;

// The store owns its engine; the disk outlives the store.
class BorrowedEngine final : public store::Engine {
 public:
  explicit BorrowedEngine(store::Engine& engine) : engine_(engine) {}
  absl::Status Write(const std::function<absl::Status(store::Transaction&)>& work) override {
    return engine_.Write(work);
  }
  absl::Status Read(const std::function<absl::Status(store::View&)>& work) override {
    return engine_.Read(work);
  }
  void OnForeignChange(std::function<void()> told) override {
    engine_.OnForeignChange(std::move(told));
  }

 private:
  store::Engine& engine_;
};

// A flow that fails or does not return would hang a test: no round needs more.
constexpr int kRoundsMax = 200;

std::string Describe(const Input& input) {
  switch (input.input_case()) {
    case Input::kStartBridge:
      return "start_bridge";
    case Input::kCommandTaken:
      return "command_taken " + std::to_string(input.command_taken().number());
    case Input::kCommandResult:
      return "command_result " + std::to_string(input.command_result().number()) + " " +
             CommandResult::Verdict_Name(input.command_result().verdict()).substr(8);
    case Input::kProviderEvent:
      return "provider_event " + input.provider_event().type_name();
    case Input::kTimerDue:
      return "timer_due";
    case Input::kCondemned:
      return "condemned";
    case Input::kWorkerResumed:
      return "worker_resumed";
    case Input::kCallMissing:
      return "call_missing " + input.call_missing().call_id();
    default:
      return "another";
  }
}

}  // namespace

absl::Status FaultyEngine::Write(const std::function<absl::Status(store::Transaction&)>& work) {
  if (on_write) on_write();
  const absl::Status off = absl::UnavailableError("the test has turned the disk off");
  if (!power_) return off;
  const bool fails = fault_ && writes_++ >= fault_->after_writes;
  if (!fails) return disk_->Write(work);
  power_ = false;
  const absl::Status written = fault_->written ? disk_->Write(work) : off;
  fault_.reset();
  return written.ok() ? off : written;
}

absl::Status FaultyEngine::Read(const std::function<absl::Status(store::View&)>& work) {
  bool met_damage = false;
  const absl::Status status = disk_->Read([&](store::View& whole) {
    DamagedView view(whole, damaged);
    absl::Status done = work(view);
    met_damage = view.met_damage();
    return done;
  });
  return met_damage ? absl::DataLossError("the test has damaged a page") : status;
}

void FaultyEngine::Plan(Fault fault) {
  fault_ = fault;
  writes_ = 0;
}

void ProviderTwin::Send(const Command& command, base::Time send_by, Done done) {
  if (on_send) on_send(command);
  clock_.Advance(delay);
  all.push_back({command, send_by, std::move(done)});
  if (clock_.Now() > send_by) Answer(command.number(), CommandResult::VERDICT_NOT_SENT);
}

void ProviderTwin::Answer(int number, CommandResult::Verdict verdict) {
  for (Sent& sent : all) {
    if (sent.command.number() != number || !sent.done) continue;
    CommandResult result;
    result.set_number(number);
    result.set_attempt(sent.command.attempt());
    result.set_verdict(verdict);
    std::exchange(sent.done, nullptr)(result);
    return;
  }
  ADD_FAILURE() << "command " << number << " has no open sending";
}

std::vector<int> ProviderTwin::sent() const {
  std::vector<int> numbers;
  for (const Sent& sent : all) numbers.push_back(sent.command.number());
  return numbers;
}

std::vector<int> ProviderTwin::open() const {
  std::vector<int> numbers;
  for (const Sent& sent : all) {
    if (sent.done) numbers.push_back(sent.command.number());
  }
  return numbers;
}

std::optional<base::Time> PaceTwin::TryTake(const Command& command, base::Time now) {
  if (on_take) on_take(command);
  const auto closed = closed_until.find(command.action_case());
  if (closed == closed_until.end() || closed->second <= now) return std::nullopt;
  return closed->second;
}

void PaceTwin::Observe(const Command& command, const CommandResult& result, base::Time now) {
  EXPECT_EQ(command.number(), result.number());
  EXPECT_GE(now, kStart);
  observed.push_back(result.verdict());
}

std::unique_ptr<store::Store> MakeStoreOn(FaultyEngine& engine) {
  auto store = store::MakeTableStore(std::make_unique<BorrowedEngine>(engine));
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

WorkerTest::WorkerTest() { Restart(true); }

void WorkerTest::Restart(bool orderly) {
  engine_.PowerOn();
  if (orderly && store_ != nullptr) {
    EXPECT_TRUE(store_->EndRun().ok());
  }
  worker_.reset();
  if (store_ != nullptr) earlier_stores_.push_back(std::move(store_));
  store_ = MakeStoreOn(engine_);
  worker_ = MakeWorker(options_);
}

std::unique_ptr<Worker> WorkerTest::MakeWorker(WorkerOptions options, Sweep* sweep) {
  options.rounds_apart = rounds_apart_;
  return std::make_unique<Worker>(
      *store_, provider_, pace_, clock_,
      [this](const internal::v1::Session& session, const Input& input) {
        Transition transition;
        *transition.mutable_session() = session;
        transition.mutable_session()->set_inputs(session.inputs() + 1);
        // As the flow does, whatever the test makes of the input.
        if (input.has_condemned()) transition.mutable_session()->set_condemned(true);
        if (flow_) flow_(input, transition);
        return transition;
      },
      options, sweep);
}

void WorkerTest::RunFor(base::Duration duration) {
  const base::Time end = clock_.Now() + duration;
  while (true) {
    ASSERT_TRUE(Settle());
    const absl::StatusOr<base::Time> next = worker_->RunOnce();
    ASSERT_TRUE(next.ok()) << next.status();
    if (*next > end) break;
    clock_.Set(std::max(*next, clock_.Now()));
  }
  clock_.Set(end);
}

bool WorkerTest::Settle() {
  for (int round = 0; round < kRoundsMax; ++round) {
    const auto next = worker_->RunOnce();
    if (!next.ok()) return false;
    if (*next > clock_.Now()) return true;
  }
  ADD_FAILURE() << "the worker finds no rest";
  return false;
}

void WorkerTest::Begin(const std::string& session_id) {
  store::NewInput input;
  input.session_id = session_id;
  input.creates_session_id = session_id;
  input.input.mutable_start_bridge();
  const auto appended = store_->AppendInputs({input}, clock_.Now());
  ASSERT_TRUE(appended.ok()) << appended.status();
}

void WorkerTest::Append(const std::string& session_id, const std::string& type_name) {
  store::NewInput input;
  input.session_id = session_id;
  input.input.mutable_provider_event()->set_type_name(type_name);
  const auto appended = store_->AppendInputs({input}, clock_.Now());
  ASSERT_TRUE(appended.ok()) << appended.status();
  ASSERT_EQ(appended->front().result, store::Appended::Result::kStored);
}

internal::v1::Session WorkerTest::Session(const std::string& session_id) {
  const auto session = store_->GetSession(session_id);
  EXPECT_TRUE(session.ok()) << session.status();
  return session.ok() ? *session : internal::v1::Session();
}

std::vector<std::string> WorkerTest::Stepped(const std::string& session_id) {
  std::vector<std::string> stepped;
  const auto inputs = store_->ReadInputs(session_id);
  EXPECT_TRUE(inputs.ok()) << inputs.status();
  if (!inputs.ok()) return stepped;
  for (const store::ConsumedInput& consumed : *inputs) {
    EXPECT_TRUE(consumed.input.has_step_time());
    stepped.push_back(Describe(consumed.input));
  }
  return stepped;
}

void Tell(Transition& transition, callbridge::v1::Session::State state) {
  internal::v1::Session& session = *transition.mutable_session();
  session.set_sequence(session.sequence() + 1);
  callbridge::v1::SessionEvent& event = *transition.add_events();
  event.set_session_id(session.session_id());
  event.set_sequence(session.sequence());
  event.set_state(state);
}

Command& Issue(Transition& transition, int number, int attempt, const std::string& leg_id,
               const std::function<void(Command&)>& set) {
  Command& command = *transition.add_commands();
  command.set_session_id(transition.session().session_id());
  command.set_number(number);
  command.set_attempt(attempt);
  command.set_leg_id(leg_id);
  set(command);
  return command;
}

void Answering(Command& command) { command.mutable_answer_call(); }
void Playing(Command& command) { command.mutable_play_music(); }
void Dialing(Command& command) { command.mutable_dial_leg(); }
void HangingUp(Command& command) { command.mutable_hang_up_call(); }
void Stopping(Command& command) { command.mutable_stop_play(); }
void Creating(Command& command) { command.mutable_create_conference(); }

}  // namespace callbridge::worker
