#include "server/flow/orders.h"

#include <algorithm>
#include <utility>

#include "server/flow/public_view.h"

namespace callbridge::flow {

std::int32_t Orders::Issue(Command command) {
  session_.set_last_command(session_.last_command() + 1);
  command.set_session_id(session_.session_id());
  command.set_number(session_.last_command());
  command.set_attempt(1);
  command.set_account(session_.settings().account());
  OpenCommand& open = *session_.add_open_commands();
  *open.mutable_command() = command;
  open.set_status(Command::STATUS_PENDING);
  *open.mutable_issue_time() = base::ToTimestamp(now());
  *transition_.add_commands() = std::move(command);
  return session_.last_command();
}

void Orders::Reissue(OpenCommand& open, Duration delay) {
  Command& command = *open.mutable_command();
  command.set_attempt(command.attempt() + 1);
  if (delay > Duration::zero()) {
    *command.mutable_not_before_time() = base::ToTimestamp(now() + delay);
  } else {
    command.clear_not_before_time();
  }
  open.set_status(Command::STATUS_PENDING);
  *transition_.add_commands() = command;
}

void Orders::Cancel(std::int32_t number) {
  const OpenCommand* open = FindOpen(number);
  Require(open != nullptr && open->status() == Command::STATUS_PENDING,
          "only a pending command is cancelled");
  transition_.add_cancelled_commands(number);
  Close(number);
}

OpenCommand* Orders::FindOpen(std::int32_t number) {
  for (OpenCommand& open : *session_.mutable_open_commands()) {
    if (open.command().number() == number) return &open;
  }
  return nullptr;
}

OpenCommand* Orders::FindOpen(Command::ActionCase action, std::string_view leg_id) {
  const OpenCommand* open = Knowledge::FindOpen(action, leg_id);
  return open == nullptr ? nullptr : FindOpen(open->command().number());
}

void Orders::Close(std::int32_t number) {
  auto& open = *session_.mutable_open_commands();
  for (int i = open.size() - 1; i >= 0; --i) {
    if (open[i].command().number() == number) open.DeleteSubrange(i, 1);
  }
}

void Orders::Withdraw(Command::ActionCase action) {
  const OpenCommand* open = FindOpen(action);
  if (open == nullptr) return;
  const std::int32_t number = open->command().number();
  switch (open->status()) {
    case Command::STATUS_PENDING:
      return Cancel(number);
    case Command::STATUS_UNKNOWN:
      return Close(number);
    default:
      return Release(number);
  }
}

void Orders::SetTimer(Timer::Kind kind, std::string_view subject, Time due) {
  ClearTimer(kind, subject);
  Timer& timer = *session_.add_timers();
  timer.set_kind(kind);
  timer.set_subject(std::string(subject));
  *timer.mutable_due_time() = base::ToTimestamp(due);
}

void Orders::ClearTimer(Timer::Kind kind, std::string_view subject) {
  auto& timers = *session_.mutable_timers();
  for (int i = timers.size() - 1; i >= 0; --i) {
    if (timers[i].kind() != kind || timers[i].subject() != subject) continue;
    timers.DeleteSubrange(i, 1);
    // There is one of each kind and subject. The subject may have been the deleted timer's own.
    return;
  }
}

void Orders::ClearTimers(Timer::Kind kind) {
  auto& timers = *session_.mutable_timers();
  for (int i = timers.size() - 1; i >= 0; --i) {
    if (timers[i].kind() == kind) timers.DeleteSubrange(i, 1);
  }
}

bool Orders::HasTimer(Timer::Kind kind, std::string_view subject) const {
  return std::any_of(session_.timers().begin(), session_.timers().end(), [&](const Timer& timer) {
    return timer.kind() == kind && timer.subject() == subject;
  });
}

bool Orders::TakeDueTimer(Timer* timer) {
  auto& timers = *session_.mutable_timers();
  int earliest = -1;
  for (int i = 0; i < timers.size(); ++i) {
    const Time due = base::FromTimestamp(timers[i].due_time());
    if (due > now()) continue;
    if (earliest < 0 || due < base::FromTimestamp(timers[earliest].due_time())) earliest = i;
  }
  if (earliest < 0) return false;
  last_fired_ = timers[earliest];
  *timer = last_fired_;
  timers.DeleteSubrange(earliest, 1);
  return true;
}

Transition Orders::Finish() {
  // An event tells the state after it. So the last event of a step tells the state in which the
  // step ends.
  if (transition_.events_size() > 0) {
    transition_.mutable_events(transition_.events_size() - 1)->set_state(StateOf(session_));
  }
  for (const Timer& timer : session_.timers()) {
    const Time due = base::FromTimestamp(timer.due_time());
    if (!transition_.has_wake_time() || due < base::FromTimestamp(transition_.wake_time())) {
      *transition_.mutable_wake_time() = timer.due_time();
    }
  }
  *transition_.mutable_session() = std::move(session_);
  return std::move(transition_);
}

}  // namespace callbridge::flow
