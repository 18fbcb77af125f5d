#include "server/store/rules/commit.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "server/store/history.h"
#include "server/store/lookup.h"
#include "server/store/messages.h"
#include "server/store/rules/correlation.h"
#include "server/store/rules/ledger.h"
#include "server/store/rules/references.h"
#include "server/store/rules/terms.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::Session;

absl::Status CheckInputs(const Draft& tables, const SessionCommit& commit, SessionKey session) {
  for (const ConsumedInput& consumed : commit.consumed) {
    if (consumed.input_id != 0 && tables.WaitsFor(consumed.input_id) != session) {
      return absl::AbortedError(absl::StrFormat("input %d of session %s no longer waits",
                                                consumed.input_id, commit.session_id));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCommands(const Draft& tables, const SessionCommit& commit, SessionKey session) {
  std::vector<std::int32_t> issued;
  for (const Command& command : commit.commands) {
    const std::optional<CommandRow> row = tables.FindCommand(session, command.number());
    if (Has(issued, command.number()) || (row && row->attempt >= command.attempt())) {
      return absl::InvalidArgumentError(
          absl::StrFormat("command %d of session %s is issued with attempt %d, which does not rise",
                          command.number(), commit.session_id, command.attempt()));
    }
    issued.push_back(command.number());
  }
  for (const std::int32_t number : commit.cancelled_commands) {
    if (Has(issued, number)) continue;
    const std::optional<CommandRow> row = tables.FindCommand(session, number);
    // The ledger gave the command up because its time had passed, and the input that tells it may
    // stand behind others. Nothing has left, so the session may cancel the command all the same.
    const bool unsent =
        row && (row->status == Command::STATUS_PENDING || row->status == Command::STATUS_NOT_SENT);
    if (!unsent) {
      return absl::AbortedError(
          absl::StrFormat("command %d of session %s is no longer pending and cannot be cancelled",
                          number, commit.session_id));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEvents(const SessionCommit& commit, std::int32_t stored) {
  for (const callbridge::v1::SessionEvent& event : commit.events) {
    if (event.sequence() != ++stored) {
      return absl::InvalidArgumentError(
          absl::StrFormat("session %s has an event with sequence %d where %d follows",
                          commit.session_id, event.sequence(), stored));
    }
  }
  return absl::OkStatus();
}

std::optional<base::Time> ExpireTime(const Session& session, base::Time end, base::Time now) {
  switch (session.phase_case()) {
    case Session::kEnded: {
      const base::Duration retention = base::FromProtoDuration(session.settings().retention());
      return end + (retention > base::Duration::zero() ? retention : base::kRetentionDefault);
    }
    case Session::PHASE_NOT_SET:
      return now + base::kEmptySessionAge;
    default:
      return std::nullopt;
  }
}

void StoreSession(Draft& tables, const SessionCommit& commit, base::Time now, SessionRow& row) {
  const Session& session = commit.session;
  row.revision += 1;
  row.steps += static_cast<std::int64_t>(commit.consumed.size());
  if (!commit.events.empty()) {
    row.sequence = commit.events.back().sequence();
    row.state = commit.events.back().state();
  }
  row.result = session.outcome().result();
  if (session.has_create_time()) row.create_time = base::FromTimestamp(session.create_time());
  if (session.has_ended() && !row.end_time) {
    row.end_time = session.has_end_time() ? base::FromTimestamp(session.end_time()) : now;
  }
  row.expire_time = ExpireTime(session, row.end_time.value_or(now), now);
  row.wake_time = commit.wake_time;
  row.stepping_marks = 0;
  row.to_come = ToComeOf(session);
  row.body = Serialize(session);
  tables.UpdateSession(row);
}

void StoreInputs(Draft& tables, const SessionCommit& commit, SessionKey session,
                 std::int64_t step) {
  for (const ConsumedInput& consumed : commit.consumed) {
    ConsumedRow row{.session = session,
                    .step = ++step,
                    .input_id = consumed.input_id,
                    .body = Serialize(consumed.input),
                    .reply = std::nullopt,
                    .ignored_reason = consumed.ignored_reason};
    if (consumed.has_reply) row.reply = Serialize(consumed.reply);
    tables.ConsumeInput(row);
  }
}

// Returns the status with which a command that the commit issues is stored.
CommandStatus StatusOf(const Command& command, const SessionCommit& commit) {
  if (Has(commit.cancelled_commands, command.number())) return Command::STATUS_CANCELLED;
  return Has(commit.taken_commands, command.number()) ? Command::STATUS_IN_FLIGHT
                                                      : Command::STATUS_PENDING;
}

void StoreCommands(Draft& tables, const SessionCommit& commit, SessionKey session, base::Time now) {
  std::vector<std::int32_t> issued;
  for (const Command& command : commit.commands) {
    issued.push_back(command.number());
    tables.PutCommand(MakeCommandRow(session, command, StatusOf(command, commit), now));
  }
  for (const std::int32_t number : commit.cancelled_commands) {
    if (Has(issued, number)) continue;
    tables.SetCommandStatus(session, number, Command::STATUS_CANCELLED, std::nullopt);
  }
  for (const std::int32_t number : commit.released_commands) tables.TakeOutOfQueue(session, number);
}

// Locks and loads what CommitSession reads, for all of these commits.
void LoadForCommits(const std::vector<SessionCommit>& commits, Draft& tables) {
  std::vector<std::string> locks;
  Wanted wanted;
  for (const SessionCommit& commit : commits) {
    locks.push_back(SessionLock(commit.session_id));
    wanted.sessions.push_back(commit.session_id);
    for (const ConsumedInput& consumed : commit.consumed) {
      if (consumed.input_id != 0) wanted.inputs.push_back(consumed.input_id);
    }
    for (const Command& command : commit.commands) {
      wanted.commands.emplace_back(commit.session_id, command.number());
    }
    for (const auto* numbers : {&commit.cancelled_commands, &commit.released_commands}) {
      for (const std::int32_t number : *numbers) {
        wanted.commands.emplace_back(commit.session_id, number);
      }
    }
    if (!commit.taken_commands.empty()) {
      wanted.queued_of.push_back(commit.session_id);
      wanted.inputs_of.push_back(commit.session_id);
    }
    for (const std::string& reference : ReferencesOf(commit.session)) {
      locks.push_back(reference);
      wanted.references.push_back(reference);
      wanted.parked_for.push_back(reference);
    }
  }
  tables.Lock(std::move(locks));
  tables.Find(wanted);
}

absl::Status CommitSession(Draft& tables, const SessionCommit& commit, base::Time now) {
  const std::optional<SessionKey> session = tables.FindSession(commit.session_id);
  std::optional<SessionRow> row = session ? tables.LoadSession(*session) : std::nullopt;
  if (!row || row->revision != commit.expected_revision) {
    return absl::AbortedError(absl::StrFormat("session %s is no longer at revision %d",
                                              commit.session_id, commit.expected_revision));
  }
  absl::Status checked = CheckInputs(tables, commit, *session);
  checked.Update(CheckCommands(tables, commit, *session));
  checked.Update(CheckTaken(tables, *session, commit, now));
  checked.Update(CheckEvents(commit, row->sequence));
  if (!checked.ok()) return checked;

  const Session before = Parse<Session>(row->body);
  const std::int64_t steps = row->steps;
  StoreSession(tables, commit, now, *row);
  StoreInputs(tables, commit, *session, steps);
  StoreCommands(tables, commit, *session, now);
  ChangeTerms(tables, {commit.session_id, *session}, before, commit.session);
  for (const std::string& reference : ReferencesOf(commit.session)) {
    // With each reference that it already has, the session got the inputs parked for it. So only
    // new references are given.
    if (tables.FindReference(reference) != session) GiveReference(tables, *session, reference);
  }
  for (const callbridge::v1::SessionEvent& event : commit.events) {
    tables.AddEvent({.shard = FeedShard(commit.session_id),
                     .session = *session,
                     .sequence = event.sequence(),
                     .body = Serialize(event)});
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<absl::Status> Commit(Transaction& tables, const std::vector<SessionCommit>& commits,
                                 base::Time now) {
  std::vector<absl::Status> statuses;
  Draft draft(tables);
  LoadForCommits(commits, draft);
  for (const SessionCommit& commit : commits) {
    statuses.push_back(CommitSession(draft, commit, now));
  }
  draft.Write();
  return statuses;
}

}  // namespace callbridge::store
