#include "server/store/rules/work.h"

#include <optional>
#include <utility>

#include "server/base/limits.h"
#include "server/store/messages.h"
#include "server/store/rules/draft.h"

namespace callbridge::store {
namespace {

// Loads sessions in the order of the keys. A session that no longer exists is empty.
std::vector<DueSession> LoadDue(View& tables, const std::vector<SessionKey>& keys) {
  const Found found = tables.Find({.due = keys});
  std::vector<DueSession> works;
  for (const SessionKey key : keys) {
    DueSession& work = works.emplace_back();
    const auto row = found.sessions.find(key);
    if (row == found.sessions.end()) continue;
    work.session_id = row->second.session_id;
    work.revision = row->second.revision;
    work.session = Parse<internal::v1::Session>(row->second.body);
    for (const WaitingRow& waiting : found.inputs_of.at(key)) {
      work.inputs.push_back({waiting.input_id, Parse<internal::v1::Input>(waiting.body)});
    }
  }
  return works;
}

// Loads each session in a read of its own, so that an unreadable session does not affect the
// others.
absl::StatusOr<std::vector<DueSession>> LoadEach(Engine& engine,
                                                 const std::vector<SessionKey>& keys) {
  std::vector<DueSession> works;
  for (const SessionKey key : keys) {
    DueSession work;
    const absl::Status status = engine.Read([&](View& tables) {
      work = std::move(LoadDue(tables, {key}).front());
      return absl::OkStatus();
    });
    if (absl::IsDataLoss(status)) {
      work = DueSession();
      work.damaged = true;
    } else if (!status.ok()) {
      return status;
    }
    works.push_back(std::move(work));
  }
  return works;
}

}  // namespace

absl::Status NoSession(const std::string& session_id) {
  return absl::NotFoundError("there is no session " + session_id);
}

absl::StatusOr<std::vector<DueSession>> NextSessions(Engine& engine, base::Time now, int limit,
                                                     bool include_timers) {
  std::vector<DueSession> works;
  const absl::Status status = engine.Read([&](View& tables) {
    works = LoadDue(tables, tables.DueSessions(now, limit, include_timers));
    return absl::OkStatus();
  });
  if (status.ok()) return works;
  if (!absl::IsDataLoss(status)) return status;
  std::vector<SessionKey> keys;
  const absl::Status listed = engine.Read([&](View& tables) {
    keys = tables.DueSessions(now, limit, include_timers);
    return absl::OkStatus();
  });
  if (!listed.ok()) return listed;
  return LoadEach(engine, keys);
}

std::optional<SessionKey> KeyOf(View& tables, const std::string& session_id) {
  const Found found = tables.Find({.session_ids = {session_id}});
  const auto known = found.keys.find(session_id);
  return known == found.keys.end() ? std::nullopt : std::optional(known->second);
}

absl::Status ReadInputs(View& tables, const std::string& session_id,
                        std::vector<ConsumedInput>& inputs) {
  const std::optional<SessionKey> session = KeyOf(tables, session_id);
  if (!session) return NoSession(session_id);
  for (const ConsumedRow& row : tables.ConsumedInputs(*session)) {
    ConsumedInput input{.input_id = row.input_id,
                        .input = Parse<internal::v1::Input>(row.body),
                        .reply = {},
                        .ignored_reason = row.ignored_reason};
    input.has_reply = row.reply.has_value();
    if (row.reply) input.reply = Parse<internal::v1::Reply>(*row.reply);
    inputs.push_back(std::move(input));
  }
  return absl::OkStatus();
}

absl::Status MarkStepping(Transaction& tables, const std::string& session_id, int& marks) {
  Draft draft(tables);
  draft.Lock({SessionLock(session_id)});
  draft.Find({.sessions = {session_id}});
  const std::optional<SessionKey> session = draft.FindSession(session_id);
  std::optional<SessionRow> row = session ? draft.LoadSession(*session) : std::nullopt;
  if (!row) return NoSession(session_id);
  marks = row->stepping_marks++;
  draft.UpdateSession(*row);
  draft.Write();
  return absl::OkStatus();
}

}  // namespace callbridge::store
