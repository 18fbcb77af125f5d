// The rows of SQLite: which columns a query asks for, and how a row of them is read.
#pragma once

#include "server/store/rows.h"
#include "server/store/sqlite/connection.h"

namespace callbridge::store {

// Each constant lists the columns in the order that its function below expects.
inline constexpr char kSessionColumns[] =
    "key, session_id, revision, sequence, steps, state, result, create_time, end_time, expire_time,"
    " wake_time, stepping_marks, dials_to_come, conferences_to_come, dial_by_time, body";
// The columns for lists. SQLite does not read the pages of a body that stands behind them.
inline constexpr char kHeadColumns[] = "key, session_id, state, result, create_time, end_time";
inline constexpr char kCommandColumns[] =
    "session, number, attempt, status, urgency, rate_class, queue, not_before_time, "
    "waiting_since_time,"
    " taken_time, body";

SessionRow ReadSession(const Query& query);
SessionHead ReadHead(const Query& query);
// Reads a rate class whose columns begin with `column`.
RateClass ReadRateClass(const Query& query, int column);
CommandRow ReadCommand(const Query& query);
ConsumedRow ReadConsumed(const Query& query);
EventRow ReadEvent(const Query& query);

}  // namespace callbridge::store
