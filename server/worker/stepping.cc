#include "server/worker/stepping.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/base/rule.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Transition;

// Fills in the defaults of settings that are absent, because a session or its first input may have
// been stored before a setting existed.
template <typename Message>
void FillSettings(Message& message) {
  if (message.has_settings()) base::FillDefaults(*message.mutable_settings());
}

store::SessionCommit BeginCommit(const store::DueSession& work) {
  store::SessionCommit commit;
  commit.session_id = work.session_id;
  commit.expected_revision = work.revision;
  commit.session = work.session;
  FillSettings(commit.session);
  // A session that was never stepped has no session_id yet.
  commit.session.set_session_id(work.session_id);
  return commit;
}

bool Cancels(const store::SessionCommit& commit, std::int32_t number) {
  return std::find(commit.cancelled_commands.begin(), commit.cancelled_commands.end(), number) !=
         commit.cancelled_commands.end();
}

bool Touches(const store::SessionCommit& commit, std::int32_t number) {
  return Cancels(commit, number) ||
         std::any_of(commit.commands.begin(), commit.commands.end(),
                     [number](const Command& command) { return command.number() == number; });
}

bool Fits(const store::SessionCommit& commit, const Transition& transition) {
  return std::none_of(
      transition.commands().begin(), transition.commands().end(),
      [&commit](const Command& command) { return Touches(commit, command.number()); });
}

void Merge(store::ConsumedInput consumed, Transition transition, store::SessionCommit& commit) {
  consumed.has_reply = transition.has_reply();
  consumed.reply = std::move(*transition.mutable_reply());
  consumed.ignored_reason = transition.ignored_reason();
  commit.consumed.push_back(std::move(consumed));
  commit.session = std::move(*transition.mutable_session());
  std::move(transition.mutable_events()->begin(), transition.mutable_events()->end(),
            std::back_inserter(commit.events));
  std::move(transition.mutable_commands()->begin(), transition.mutable_commands()->end(),
            std::back_inserter(commit.commands));
  commit.cancelled_commands.insert(commit.cancelled_commands.end(),
                                   transition.cancelled_commands().begin(),
                                   transition.cancelled_commands().end());
  commit.released_commands.insert(commit.released_commands.end(),
                                  transition.released_commands().begin(),
                                  transition.released_commands().end());
  commit.wake_time.reset();
  if (transition.has_wake_time()) commit.wake_time = base::FromTimestamp(transition.wake_time());
}

// Steps one input. Returns false, and leaves the commit as it was, if the step does not fit into
// it.
bool StepOne(std::int64_t input_id, Input input, const StepFunction& step, base::Time now,
             store::SessionCommit& commit) {
  *input.mutable_step_time() = base::ToTimestamp(now);
  Transition transition = step(commit.session, input);
  if (!Fits(commit, transition)) return false;
  store::ConsumedInput consumed;
  consumed.input_id = input_id;
  consumed.input = std::move(input);
  Merge(std::move(consumed), std::move(transition), commit);
  return true;
}

Input MadeInput(base::Time now) {
  Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  return input;
}

store::WaitingInput TimerInput(base::Time now) {
  store::WaitingInput timer;
  timer.input = MadeInput(now);
  timer.input.mutable_timer_due();
  return timer;
}

void Tell(const Surroundings& surroundings, Input& input) {
  if (surroundings.routine_look_period > base::Duration::zero()) {
    *input.mutable_routine_look_period() = base::ToProtoDuration(surroundings.routine_look_period);
  }
  if (surroundings.prompt_lengths.ByteSizeLong() > 0) {
    *input.mutable_prompt_lengths() = surroundings.prompt_lengths;
  }
  if (input.has_start_bridge()) FillSettings(*input.mutable_start_bridge());
  if (input.has_incoming_call()) FillSettings(*input.mutable_incoming_call());
}

}  // namespace

store::SessionCommit StepInputs(const store::DueSession& work, const StepFunction& step,
                                base::Time now, const Surroundings& surroundings) {
  store::SessionCommit commit = BeginCommit(work);
  std::vector<store::WaitingInput> inputs = work.inputs;
  if (inputs.empty()) inputs.push_back(TimerInput(now));
  for (store::WaitingInput& waiting : inputs) {
    Tell(surroundings, waiting.input);
    if (!StepOne(waiting.input_id, std::move(waiting.input), step, now, commit)) break;
  }
  return commit;
}

bool StepTaken(const Command& command, const StepFunction& step, base::Time now, base::Time send_by,
               const Surroundings& surroundings, store::SessionCommit& commit) {
  if (Cancels(commit, command.number())) return false;
  Input input = MadeInput(now);
  internal::v1::CommandTaken& taken = *input.mutable_command_taken();
  taken.set_number(command.number());
  taken.set_attempt(command.attempt());
  *taken.mutable_send_by_time() = base::ToTimestamp(send_by);
  Tell(surroundings, input);
  if (!StepOne(0, std::move(input), step, now, commit)) return false;
  commit.taken_commands.push_back(command.number());
  return true;
}

store::SessionCommit StepCondemned(const store::DueSession& work, const StepFunction& step,
                                   const std::string& reference, base::Time now) {
  store::SessionCommit commit = BeginCommit(work);
  // Each CommandTaken comes first in the inbox, and is stepped before the end. Otherwise the end
  // would cancel commands that have left, and the store would refuse it for ever.
  for (const store::WaitingInput& waiting : work.inputs) {
    if (!waiting.input.has_command_taken()) break;
    if (!StepOne(waiting.input_id, waiting.input, step, now, commit)) break;
  }
  Input condemned = MadeInput(now);
  condemned.mutable_condemned()->set_reference(reference);
  StepOne(0, std::move(condemned), step, now, commit);
  return commit;
}

store::SessionCommit StepGivenUp(const store::DueSession& work, const StepFunction& step,
                                 const std::string& reference, base::Time now, bool cautious) {
  store::SessionCommit commit = BeginCommit(work);
  Input condemned = MadeInput(now);
  condemned.mutable_condemned()->set_reference(reference);
  condemned.mutable_condemned()->set_given_up(true);
  StepOne(0, std::move(condemned), step, now, commit);
  if (cautious) commit.cancelled_commands.clear();
  // These commands have left, so the commit cannot cancel them.
  for (const store::WaitingInput& waiting : work.inputs) {
    if (waiting.input.has_command_taken()) {
      std::erase(commit.cancelled_commands, waiting.input.command_taken().number());
    }
  }
  return commit;
}

}  // namespace callbridge::worker
