#include "server/store/ledger.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <optional>

#include "server/store/messages.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;

Urgency UrgencyOf(const Command& command) {
  switch (command.action_case()) {
    case Command::kHangUpCall:
    case Command::kHangUpConference:
    case Command::kStopPlay:
      return Urgency::kHangUpOrStop;
    case Command::kLookAtCall:
    case Command::kLookAtConference:
    case Command::kFindConference:
    case Command::kFindDial:
      return Urgency::kLook;
    case Command::kCreateConference:
      return Urgency::kConference;
    case Command::kDialLeg:
      return Urgency::kDial;
    case Command::kSendRinging:
    case Command::kAnswerCall:
    case Command::kAddCaller:
    case Command::kPlayPrompt:
    case Command::kPlayMusic:
    case Command::ACTION_NOT_SET:
      return Urgency::kOrdinary;
  }
  return Urgency::kOrdinary;
}

CommandStatus StatusAfter(CommandResult::Verdict verdict) {
  switch (verdict) {
    case CommandResult::VERDICT_DONE:
      return CommandStatus::kDone;
    case CommandResult::VERDICT_REFUSED:
      return CommandStatus::kRefused;
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
    case CommandResult::VERDICT_EXPIRED:
      return CommandStatus::kNotSent;
    default:
      // Also a verdict that a newer provider client may know: nothing is certain about it.
      return CommandStatus::kUnknown;
  }
}

void AppendResult(Transaction& tables, SessionKey session, const CommandResult& result,
                  base::Time now) {
  tables.SetCommandStatus(session, result.number(), StatusAfter(result.verdict()), std::nullopt);
  Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  *input.mutable_command_result() = result;
  tables.AddInput(session, Serialize(input), Precedence::kOrdinary);
}

void Expire(Transaction& tables, const CommandRow& row, base::Time now) {
  CommandResult result;
  result.set_number(row.number);
  result.set_attempt(row.attempt);
  result.set_verdict(CommandResult::VERDICT_EXPIRED);
  AppendResult(tables, row.session, result, now);
}

// The service was away, and the session has not been told yet.
bool WasAway(Transaction& tables, SessionKey session) {
  const std::vector<WaitingRow> rows = tables.WaitingInputs(session, base::kInputsPerLoadMax);
  return std::any_of(rows.begin(), rows.end(), [](const WaitingRow& row) {
    return Parse<Input>(row.body).has_worker_resumed();
  });
}

}  // namespace

CommandRow MakeCommandRow(SessionKey session, const Command& command, CommandStatus status) {
  CommandRow row;
  row.session = session;
  row.number = command.number();
  row.attempt = command.attempt();
  row.status = status;
  row.urgency = UrgencyOf(command);
  if (command.has_not_before_time()) {
    row.not_before_time = base::FromTimestamp(command.not_before_time());
  }
  if (command.has_waiting_since_time()) {
    row.waiting_since_time = base::FromTimestamp(command.waiting_since_time());
  }
  row.body = Serialize(command);
  return row;
}

bool TakeCommand(Transaction& tables, const CommandKey& key, base::Time now, base::Time send_by) {
  const std::optional<SessionKey> session = tables.FindSession(key.session_id);
  if (!session) return false;
  const std::optional<CommandRow> row = tables.FindCommand(*session, key.number);
  if (!row || row->status != CommandStatus::kPending || row->attempt != key.attempt) return false;
  const auto command = Parse<Command>(row->body);
  if (command.has_not_after_time() && base::FromTimestamp(command.not_after_time()) < now) {
    Expire(tables, *row, now);
    return false;
  }
  // A dial cannot be taken back, and the session is about to do so.
  if (command.has_dial_leg() && WasAway(tables, *session)) return false;
  tables.SetCommandStatus(*session, key.number, CommandStatus::kInFlight, now);
  Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  internal::v1::CommandTaken& taken = *input.mutable_command_taken();
  taken.set_number(key.number);
  taken.set_attempt(key.attempt);
  *taken.mutable_send_by_time() = base::ToTimestamp(send_by);
  tables.AddInput(*session, Serialize(input), Precedence::kFirst);
  return true;
}

absl::Status SettleCommand(Transaction& tables, const std::string& session_id,
                           const CommandResult& result, base::Time now) {
  const std::optional<SessionKey> session = tables.FindSession(session_id);
  const std::optional<CommandRow> row =
      session ? tables.FindCommand(*session, result.number()) : std::nullopt;
  if (!row || row->status != CommandStatus::kInFlight || row->attempt != result.attempt()) {
    return absl::NotFoundError(absl::StrFormat(
        "attempt %d of command %d of session %s is not in flight; its result is dropped",
        result.attempt(), result.number(), session_id));
  }
  AppendResult(tables, *session, result, now);
  return absl::OkStatus();
}

int ForgetInFlight(Transaction& tables, base::Time now) {
  const std::vector<CommandRow> rows = tables.InFlightCommands(base::Time::max());
  for (const CommandRow& row : rows) {
    CommandResult result;
    result.set_number(row.number);
    result.set_attempt(row.attempt);
    result.set_verdict(CommandResult::VERDICT_UNKNOWN);
    AppendResult(tables, row.session, result, now);
  }
  return static_cast<int>(rows.size());
}

CommandKey KeyOf(const CommandRow& row) {
  return {.session_id = Parse<Command>(row.body).session_id(),
          .number = row.number,
          .attempt = row.attempt};
}

}  // namespace callbridge::store
