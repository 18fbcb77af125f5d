#include "server/store/rules/ledger.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "server/base/command_kinds.h"
#include "server/store/lookup.h"
#include "server/store/messages.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Input;

// The end of a rate class's name, if the class holds repeated attempts.
constexpr char kRepetition[] = "/again";

RateClass RateClassOf(const Command& command) {
  return {.urgency = base::UrgencyOf(command),
          .name = absl::StrCat(command.account(), "/", static_cast<int>(base::OperationOf(command)),
                               command.attempt() > 1 ? kRepetition : "")};
}

auto OrderOf(const CommandRow& row) {
  return std::tuple(row.rate_class.urgency, row.waiting_since_time, row.session, row.number);
}

CommandStatus StatusAfter(CommandResult::Verdict verdict) {
  switch (verdict) {
    case CommandResult::VERDICT_DONE:
      return Command::STATUS_DONE;
    case CommandResult::VERDICT_REFUSED:
      return Command::STATUS_REFUSED;
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
    case CommandResult::VERDICT_EXPIRED:
      return Command::STATUS_NOT_SENT;
    default:
      // A verdict of a newer provider client counts as unknown as well.
      return Command::STATUS_UNKNOWN;
  }
}

void AppendResult(Draft& tables, SessionKey session, const CommandResult& result, base::Time now) {
  tables.SetCommandStatus(session, result.number(), StatusAfter(result.verdict()), std::nullopt);
  Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  *input.mutable_command_result() = result;
  tables.AddInput(session, Serialize(input), Precedence::kOrdinary);
}

// Settles a command without an answer of the provider, because the ledger itself knows the result.
void Conclude(Draft& tables, const CommandRow& row, CommandResult::Verdict verdict,
              base::Time now) {
  CommandResult result;
  result.set_number(row.number);
  result.set_attempt(row.attempt);
  result.set_verdict(verdict);
  AppendResult(tables, row.session, result, now);
}

// True if the service was away and the session does not know it. The session knows it if the commit
// consumes the input that tells it.
bool WasAway(const Draft& tables, SessionKey session, const std::vector<ConsumedInput>& consumed) {
  const std::vector<WaitingRow> rows = tables.WaitingInputs(session);
  return std::any_of(rows.begin(), rows.end(), [&consumed](const WaitingRow& row) {
    const bool told =
        std::any_of(consumed.begin(), consumed.end(),
                    [&row](const ConsumedInput& input) { return input.input_id == row.input_id; });
    return !told && Parse<Input>(row.body).has_worker_resumed();
  });
}

bool IsExpired(const Command& command, base::Time now) {
  return command.has_not_after_time() && base::FromTimestamp(command.not_after_time()) < now;
}

// Returns the rows that stand in the session's queues after the commit, with all commands that it
// issues as pending.
std::vector<CommandRow> QueuedAfter(std::vector<CommandRow> rows, SessionKey session,
                                    const SessionCommit& commit, base::Time now) {
  for (const Command& command : commit.commands) {
    std::erase_if(rows, [&](const CommandRow& row) { return row.number == command.number(); });
    rows.push_back(MakeCommandRow(session, command, Command::STATUS_PENDING, now));
  }
  std::erase_if(rows, [&commit](const CommandRow& row) {
    return !row.queue || Has(commit.cancelled_commands, row.number) ||
           Has(commit.released_commands, row.number);
  });
  return rows;
}

// True if no other command of the queue comes before this one.
bool IsFirst(const CommandRow& row, const std::vector<CommandRow>& queued) {
  return !row.queue || std::none_of(queued.begin(), queued.end(), [&row](const CommandRow& other) {
    return other.queue == row.queue && other.number != row.number &&
           (other.number < row.number || other.status == Command::STATUS_IN_FLIGHT);
  });
}

// Returns the rate at which the command leaves. Repeated attempts have a class of their own, but
// leave at the rate of first attempts.
std::string_view RateOf(const CommandRow& row) {
  std::string_view name = row.rate_class.name;
  if (name.ends_with(kRepetition)) name.remove_suffix(std::string_view(kRepetition).size());
  return name;
}

std::vector<Command> InOrder(std::vector<CommandRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const CommandRow& one, const CommandRow& other) {
    return OrderOf(one) < OrderOf(other);
  });
  std::vector<Command> commands;
  commands.reserve(rows.size());
  for (const CommandRow& row : rows) commands.push_back(Parse<Command>(row.body));
  return commands;
}

}  // namespace

std::optional<std::string> QueueOf(const Command& command) {
  if (base::KindOf(command).overtakes) return std::nullopt;
  return command.leg_id();
}

CommandRow MakeCommandRow(SessionKey session, const Command& command, CommandStatus status,
                          base::Time now) {
  CommandRow row;
  row.session = session;
  row.number = command.number();
  row.attempt = command.attempt();
  row.status = status;
  row.rate_class = RateClassOf(command);
  row.queue = QueueOf(command);
  if (command.has_not_before_time()) {
    row.not_before_time = base::FromTimestamp(command.not_before_time());
  }
  row.waiting_since_time =
      command.has_waiting_since_time() ? base::FromTimestamp(command.waiting_since_time()) : now;
  if (status == Command::STATUS_IN_FLIGHT) row.taken_time = now;
  row.body = Serialize(command);
  return row;
}

std::vector<Command> PendingCommands(View& tables, base::Time now, int class_limit) {
  return InOrder(tables.PendingCommands(now, class_limit));
}

std::vector<Command> MayLeaveAtOnce(View& tables, const std::vector<SessionCommit>& commits,
                                    base::Time now) {
  Wanted wanted;
  for (const SessionCommit& commit : commits) wanted.queued_of.push_back(commit.session_id);
  const Found found = tables.Find(wanted);
  std::vector<CommandRow> rows;
  for (const SessionCommit& commit : commits) {
    const auto known = found.keys.find(commit.session_id);
    if (known == found.keys.end()) continue;
    const SessionKey session = known->second;
    const std::vector<CommandRow> queued =
        QueuedAfter(found.queued_of.at(session), session, commit, now);
    for (const Command& command : commit.commands) {
      if (Has(commit.cancelled_commands, command.number())) continue;
      CommandRow row = MakeCommandRow(session, command, Command::STATUS_PENDING, now);
      const bool in_time = row.not_before_time <= now && !IsExpired(command, now);
      if (in_time && IsFirst(row, queued)) rows.push_back(std::move(row));
    }
  }
  // These are the commands that each rate class offers first.
  const std::vector<CommandRow> waiting = tables.PendingCommands(now, 1);
  std::erase_if(rows, [&waiting](const CommandRow& row) {
    return std::any_of(waiting.begin(), waiting.end(), [&row](const CommandRow& other) {
      return RateOf(other) == RateOf(row) && OrderOf(other) < OrderOf(row);
    });
  });
  return InOrder(std::move(rows));
}

absl::Status CheckTaken(const Draft& tables, SessionKey session, const SessionCommit& commit,
                        base::Time now) {
  if (commit.taken_commands.empty()) return absl::OkStatus();
  const std::vector<CommandRow> queued =
      QueuedAfter(tables.QueuedCommands(session), session, commit, now);
  for (const Command& command : commit.commands) {
    if (!Has(commit.taken_commands, command.number())) continue;
    // Its session would not know of it, but it would leave.
    if (Has(commit.cancelled_commands, command.number())) {
      return absl::InvalidArgumentError(
          absl::StrFormat("command %d of session %s is taken and cancelled at once",
                          command.number(), commit.session_id));
    }
    const CommandRow row = MakeCommandRow(session, command, Command::STATUS_PENDING, now);
    const bool may_leave = IsFirst(row, queued) &&
                           !(command.has_dial_leg() && WasAway(tables, session, commit.consumed));
    if (!may_leave) {
      return absl::AbortedError(absl::StrFormat("command %d of session %s may not leave yet",
                                                command.number(), commit.session_id));
    }
  }
  return absl::OkStatus();
}

namespace {

// Locks and loads what TakeCommand and SettleCommand read, for all of these commands.
void LoadForCommands(const std::vector<CommandKey>& keys, Draft& tables) {
  std::vector<std::string> locks;
  Wanted wanted;
  for (const CommandKey& key : keys) {
    locks.push_back(SessionLock(key.session_id));
    wanted.commands.emplace_back(key.session_id, key.number);
  }
  tables.Lock(std::move(locks));
  tables.Find(wanted);
}

// Loads what TakeCommand reads only for dials.
void LoadForDials(const std::vector<CommandKey>& keys, Draft& tables) {
  Wanted wanted;
  for (const CommandKey& key : keys) {
    const std::optional<SessionKey> session = tables.FindSession(key.session_id);
    const std::optional<CommandRow> row =
        session ? tables.FindCommand(*session, key.number) : std::nullopt;
    if (row && Parse<Command>(row->body).has_dial_leg()) wanted.inputs_of.push_back(key.session_id);
  }
  if (!wanted.inputs_of.empty()) tables.Find(wanted);
}

// Takes the command. Returns false if it is no longer pending with this attempt.
bool TakeCommand(Draft& tables, const CommandKey& key, base::Time now, base::Time send_by) {
  const std::optional<SessionKey> session = tables.FindSession(key.session_id);
  if (!session) return false;
  const std::optional<CommandRow> row = tables.FindCommand(*session, key.number);
  if (!row || row->status != Command::STATUS_PENDING || row->attempt != key.attempt) return false;
  const auto command = Parse<Command>(row->body);
  if (IsExpired(command, now)) {
    Conclude(tables, *row, CommandResult::VERDICT_EXPIRED, now);
    return false;
  }
  // The service was away, so the session is about to cancel this dial. It could not do so after the
  // dial has left.
  if (command.has_dial_leg() && WasAway(tables, *session, {})) return false;
  tables.SetCommandStatus(*session, key.number, Command::STATUS_IN_FLIGHT, now);
  Input input;
  *input.mutable_receive_time() = base::ToTimestamp(now);
  internal::v1::CommandTaken& taken = *input.mutable_command_taken();
  taken.set_number(key.number);
  taken.set_attempt(key.attempt);
  *taken.mutable_send_by_time() = base::ToTimestamp(send_by);
  tables.AddInput(*session, Serialize(input), Precedence::kFirst);
  return true;
}

// Settles the command. NOT_FOUND means that this attempt is not in flight, and that no row was
// changed.
absl::Status SettleCommand(Draft& tables, const Settlement& settlement, base::Time now) {
  const CommandResult& result = settlement.result;
  const std::optional<SessionKey> session = tables.FindSession(settlement.session_id);
  const std::optional<CommandRow> row =
      session ? tables.FindCommand(*session, result.number()) : std::nullopt;
  if (!row || row->status != Command::STATUS_IN_FLIGHT || row->attempt != result.attempt()) {
    return absl::NotFoundError(absl::StrFormat(
        "attempt %d of command %d of session %s is not in flight; its result is dropped",
        result.attempt(), result.number(), settlement.session_id));
  }
  AppendResult(tables, *session, result, now);
  return absl::OkStatus();
}

}  // namespace

std::vector<CommandKey> TakeCommands(Transaction& tables, const std::vector<CommandKey>& keys,
                                     base::Time now, base::Time send_by) {
  std::vector<CommandKey> taken;
  Draft draft(tables);
  LoadForCommands(keys, draft);
  LoadForDials(keys, draft);
  for (const CommandKey& key : keys) {
    if (TakeCommand(draft, key, now, send_by)) taken.push_back(key);
  }
  draft.Write();
  return taken;
}

std::vector<absl::Status> SettleCommands(Transaction& tables,
                                         const std::vector<Settlement>& settlements,
                                         base::Time now) {
  std::vector<CommandKey> keys;
  for (const auto& [session_id, result] : settlements) {
    keys.push_back({session_id, result.number(), result.attempt()});
  }
  std::vector<absl::Status> statuses;
  Draft draft(tables);
  LoadForCommands(keys, draft);
  for (const Settlement& settlement : settlements) {
    statuses.push_back(SettleCommand(draft, settlement, now));
  }
  draft.Write();
  return statuses;
}

int MakeInFlightUnknown(Transaction& tables, base::Time now) {
  std::vector<CommandKey> keys;
  for (const CommandRow& row : tables.InFlightCommands(base::Time::max())) {
    keys.push_back(KeyOf(row));
  }
  Draft draft(tables);
  LoadForCommands(keys, draft);
  int settled = 0;
  for (const CommandKey& key : keys) {
    const std::optional<SessionKey> session = draft.FindSession(key.session_id);
    const std::optional<CommandRow> row =
        session ? draft.FindCommand(*session, key.number) : std::nullopt;
    // Another transaction settled the command before this one locked its session.
    if (!row || row->status != Command::STATUS_IN_FLIGHT) continue;
    Conclude(draft, *row, CommandResult::VERDICT_UNKNOWN, now);
    ++settled;
  }
  draft.Write();
  return settled;
}

CommandKey KeyOf(const CommandRow& row) {
  return {.session_id = Parse<Command>(row.body).session_id(),
          .number = row.number,
          .attempt = row.attempt};
}

}  // namespace callbridge::store
