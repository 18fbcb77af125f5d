#include "tests/before/flow/turn.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "tests/before/flow/public_view.h"

namespace callbridge::flow_before {
namespace {

SessionEvent::Source SourceOf(const Session& session, const Input& input) {
  switch (input.input_case()) {
    case Input::kProviderEvent:
    case Input::kIncomingCall:
      return SessionEvent::SOURCE_WEBHOOK;
    case Input::kStartBridge:
    case Input::kEndSession:
      return SessionEvent::SOURCE_API;
    case Input::kCommandTaken:
      return SessionEvent::SOURCE_COMMAND;
    case Input::kCommandResult:
      for (const OpenCommand& open : session.open_commands()) {
        if (open.command().number() == input.command_result().number() &&
            IsLook(open.command().action_case())) {
          return SessionEvent::SOURCE_LOOK;
        }
      }
      return SessionEvent::SOURCE_COMMAND;
    case Input::kCallMissing:
      return SessionEvent::SOURCE_LOOK;
    case Input::kTimerDue:
    case Input::kWorkerResumed:
    case Input::kCondemned:
    case Input::INPUT_NOT_SET:
      return SessionEvent::SOURCE_DEADLINE;
  }
  return SessionEvent::SOURCE_UNSPECIFIED;
}

}  // namespace

void Require(bool condition, std::string_view what) {
  if (!condition) throw BrokenInvariant{std::string(what)};
}

Turn::Turn(const Session& session, const Input& input)
    : session_(session),
      input_(input),
      now_(base::FromTimestamp(input.step_time())),
      learned_(input.has_receive_time() ? std::min(now_, base::FromTimestamp(input.receive_time()))
                                        : now_),
      source_(SourceOf(session, input)) {}

bool Turn::inferred() const {
  return source_ == SessionEvent::SOURCE_LOOK || source_ == SessionEvent::SOURCE_DEADLINE;
}

SessionEvent& Turn::Emit(SessionEvent::Detail detail) {
  if (session_.has_ended()) return nowhere_;
  session_.set_sequence(session_.sequence() + 1);
  Time record = now_;
  if (session_.has_last_record_time()) {
    record = std::max(record, base::FromTimestamp(session_.last_record_time()));
  }
  *session_.mutable_last_record_time() = base::ToTimestamp(record);

  SessionEvent& event = *transition_.add_events();
  event.set_event_id(absl::StrCat(session_.session_id(), "/", session_.sequence()));
  event.set_session_id(session_.session_id());
  event.set_sequence(session_.sequence());
  *event.mutable_record_time() = session_.last_record_time();
  if (input_.has_provider_event() && input_.provider_event().has_occur_time()) {
    *event.mutable_occur_time() = input_.provider_event().occur_time();
  }
  event.set_state(StateOf(session_));
  event.set_source(source_);
  event.set_inferred(inferred());
  event.set_detail(detail);
  event.mutable_previous()->set_milestone(session_.last_milestone());
  event.mutable_previous()->set_normal(session_.last_normal());
  if (detail <= SessionEvent::DETAIL_MILESTONE) session_.set_last_milestone(session_.sequence());
  if (detail <= SessionEvent::DETAIL_NORMAL) session_.set_last_normal(session_.sequence());
  for (const auto& label : session_.labels()) {
    (*event.mutable_labels())[label.key()] = label.value();
  }
  return event;
}

std::int32_t Turn::Issue(Command command) {
  session_.set_last_command(session_.last_command() + 1);
  command.set_session_id(session_.session_id());
  command.set_number(session_.last_command());
  command.set_attempt(1);
  command.set_account(session_.settings().account());
  OpenCommand& open = *session_.add_open_commands();
  *open.mutable_command() = command;
  open.set_status(OpenCommand::STATUS_PENDING);
  *open.mutable_issue_time() = base::ToTimestamp(now_);
  *transition_.add_commands() = std::move(command);
  return session_.last_command();
}

void Turn::Reissue(OpenCommand& open, Duration delay) {
  Command& command = *open.mutable_command();
  command.set_attempt(command.attempt() + 1);
  if (delay > Duration::zero()) {
    *command.mutable_not_before_time() = base::ToTimestamp(now_ + delay);
  } else {
    command.clear_not_before_time();
  }
  open.set_status(OpenCommand::STATUS_PENDING);
  *transition_.add_commands() = command;
}

void Turn::Cancel(std::int32_t number) {
  const OpenCommand* open = FindOpen(number);
  Require(open != nullptr && open->status() == OpenCommand::STATUS_PENDING,
          "only a pending command is cancelled");
  transition_.add_cancelled_commands(number);
  Close(number);
}

OpenCommand* Turn::FindOpen(std::int32_t number) {
  for (OpenCommand& open : *session_.mutable_open_commands()) {
    if (open.command().number() == number) return &open;
  }
  return nullptr;
}

OpenCommand* Turn::FindOpen(Command::ActionCase action, std::string_view leg_id) {
  for (OpenCommand& open : *session_.mutable_open_commands()) {
    if (open.command().action_case() == action &&
        (leg_id.empty() || open.command().leg_id() == leg_id)) {
      return &open;
    }
  }
  return nullptr;
}

void Turn::Close(std::int32_t number) {
  auto& open = *session_.mutable_open_commands();
  for (int i = open.size() - 1; i >= 0; --i) {
    if (open[i].command().number() == number) open.DeleteSubrange(i, 1);
  }
}

void Turn::Settle(Command::ActionCase action) {
  const OpenCommand* open = FindOpen(action);
  if (open == nullptr) return;
  const std::int32_t number = open->command().number();
  switch (open->status()) {
    case OpenCommand::STATUS_PENDING:
      return Cancel(number);
    case OpenCommand::STATUS_UNKNOWN:
      return Close(number);
    default:
      return Release(number);
  }
}

void Turn::Release(std::int32_t number) {
  const OpenCommand* open = FindOpen(number);
  if (open == nullptr || open->status() != OpenCommand::STATUS_IN_FLIGHT) return;
  transition_.add_released_commands(number);
}

void Turn::SetTimer(Timer::Kind kind, std::string_view subject, Time due) {
  ClearTimer(kind, subject);
  Timer& timer = *session_.add_timers();
  timer.set_kind(kind);
  timer.set_subject(std::string(subject));
  *timer.mutable_due_time() = base::ToTimestamp(due);
}

void Turn::ClearTimer(Timer::Kind kind, std::string_view subject) {
  auto& timers = *session_.mutable_timers();
  for (int i = timers.size() - 1; i >= 0; --i) {
    if (timers[i].kind() == kind && timers[i].subject() == subject) timers.DeleteSubrange(i, 1);
  }
}

bool Turn::HasTimer(Timer::Kind kind, std::string_view subject) const {
  return std::any_of(session_.timers().begin(), session_.timers().end(), [&](const Timer& timer) {
    return timer.kind() == kind && timer.subject() == subject;
  });
}

bool Turn::TakeDueTimer(Timer* timer) {
  auto& timers = *session_.mutable_timers();
  int earliest = -1;
  for (int i = 0; i < timers.size(); ++i) {
    const Time due = base::FromTimestamp(timers[i].due_time());
    if (due > now_) continue;
    if (earliest < 0 || due < base::FromTimestamp(timers[earliest].due_time())) earliest = i;
  }
  if (earliest < 0) return false;
  last_fired_ = timers[earliest];
  *timer = last_fired_;
  timers.DeleteSubrange(earliest, 1);
  return true;
}

Transition Turn::Finish() {
  // An event tells the state after it; what the last one led to within the step belongs to it.
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

bool IsLook(Command::ActionCase action) {
  return action == Command::kLookAtCall || action == Command::kLookAtConference ||
         action == Command::kFindConference || action == Command::kFindDial;
}

std::string CommandName(const Command& command) {
  // Also a second call of the caller, which is hung up.
  const bool caller = command.leg_id().starts_with("caller");
  switch (command.action_case()) {
    case Command::kSendRinging:
      return "SendRinging";
    case Command::kAnswerCall:
      return "AnswerCaller";
    case Command::kHangUpCall:
      if (command.hang_up_call().reject()) return "RejectCaller";
      return caller ? "HangUpCaller" : "HangUpCallee";
    case Command::kCreateConference:
      return "CreateConference";
    case Command::kAddCaller:
      return "AddCaller";
    case Command::kDialLeg:
      return caller ? "DialCaller" : "DialCallee";
    case Command::kPlayPrompt:
      return "PlayPrompt";
    case Command::kPlayMusic:
      return "PlayMusic";
    case Command::kStopPlay:
      return "StopPlay";
    case Command::kHangUpConference:
      return "HangUpConference";
    case Command::kLookAtCall:
      return caller ? "LookAtCaller" : "LookAtCallee";
    case Command::kLookAtConference:
      return "LookAtConference";
    case Command::kFindConference:
      return "FindConference";
    case Command::kFindDial:
      return caller ? "FindCaller" : "FindCallee";
    case Command::ACTION_NOT_SET:
      return "";
  }
  return "";
}

}  // namespace callbridge::flow_before
