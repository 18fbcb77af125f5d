#include "server/store/rules/work.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/base/limits.h"
#include "server/store/messages.h"

namespace callbridge::store {
namespace {

std::vector<SessionKey> NextKeys(View& tables, base::Time now, int limit, bool include_timers) {
  std::vector<SessionKey> keys = tables.SessionsWithInputs(limit);
  if (!include_timers) return keys;
  // Inputs that never end do not keep timers from firing.
  const int room = std::max(limit - static_cast<int>(keys.size()), limit / 4);
  const std::vector<SessionKey> due = tables.SessionsDue(now, room);
  keys.insert(keys.end(), due.begin(), due.end());
  return keys;
}

DueSession LoadWork(View& tables, SessionKey key) {
  DueSession work;
  const std::optional<SessionRow> row = tables.LoadSession(key);
  if (!row) return work;
  work.session_id = row->session_id;
  work.revision = row->revision;
  work.session = Parse<internal::v1::Session>(row->body);
  for (const WaitingRow& waiting : tables.WaitingInputs(key, base::kInputsPerLoadMax)) {
    work.inputs.push_back({waiting.input_id, Parse<internal::v1::Input>(waiting.body)});
  }
  return work;
}

// Each in a read of its own: what cannot be read takes no other one with it.
absl::StatusOr<std::vector<DueSession>> LoadEach(Engine& engine,
                                                 const std::vector<SessionKey>& keys) {
  std::vector<DueSession> works;
  for (const SessionKey key : keys) {
    DueSession work;
    const absl::Status status = engine.Read([&](View& tables) {
      work = LoadWork(tables, key);
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
    for (const SessionKey key : NextKeys(tables, now, limit, include_timers)) {
      works.push_back(LoadWork(tables, key));
    }
    return absl::OkStatus();
  });
  if (status.ok()) return works;
  if (!absl::IsDataLoss(status)) return status;
  std::vector<SessionKey> keys;
  const absl::Status listed = engine.Read([&](View& tables) {
    keys = NextKeys(tables, now, limit, include_timers);
    return absl::OkStatus();
  });
  if (!listed.ok()) return listed;
  return LoadEach(engine, keys);
}

absl::Status ReadInputs(View& tables, const std::string& session_id,
                        std::vector<ConsumedInput>& inputs) {
  const std::optional<SessionKey> session = tables.FindSession(session_id);
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
  const std::optional<SessionKey> session = tables.FindSession(session_id);
  std::optional<SessionRow> row = session ? tables.LoadSession(*session) : std::nullopt;
  if (!row) return NoSession(session_id);
  marks = row->stepping_marks++;
  tables.UpdateSession(*row);
  return absl::OkStatus();
}

}  // namespace callbridge::store
