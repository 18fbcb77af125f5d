#include "server/store/sqlite/sqlite_rows.h"

#include <optional>

namespace callbridge::store {

SessionRow ReadSession(const Query& query) {
  return {.key = query.Int(0),
          .session_id = query.Bytes(1),
          .revision = query.Int(2),
          .sequence = static_cast<std::int32_t>(query.Int(3)),
          .steps = query.Int(4),
          .state = static_cast<int>(query.Int(5)),
          .result = static_cast<int>(query.Int(6)),
          .create_time = query.Time(7),
          .end_time = query.OptionalTime(8),
          .expire_time = query.OptionalTime(9),
          .wake_time = query.OptionalTime(10),
          .stepping_marks = static_cast<int>(query.Int(11)),
          .to_come = {.dials = static_cast<int>(query.Int(12)),
                      .conferences = static_cast<int>(query.Int(13)),
                      .dial_by_time = query.OptionalTime(14)},
          .body = query.Bytes(15)};
}

SessionHead ReadHead(const Query& query) {
  return {.key = query.Int(0),
          .session_id = query.Bytes(1),
          .state = static_cast<int>(query.Int(2)),
          .result = static_cast<int>(query.Int(3)),
          .create_time = query.Time(4),
          .end_time = query.OptionalTime(5)};
}

RateClass ReadRateClass(const Query& query, int column) {
  return {.urgency = static_cast<Urgency>(query.Int(column)), .name = query.Bytes(column + 1)};
}

CommandRow ReadCommand(const Query& query) {
  CommandRow row{.session = query.Int(0),
                 .number = static_cast<std::int32_t>(query.Int(1)),
                 .attempt = static_cast<std::int32_t>(query.Int(2)),
                 .status = static_cast<CommandStatus>(query.Int(3)),
                 .rate_class = ReadRateClass(query, 4),
                 .queue = std::nullopt,
                 .not_before_time = query.Time(7),
                 .waiting_since_time = query.Time(8),
                 .taken_time = query.OptionalTime(9),
                 .body = query.Bytes(10)};
  if (!query.IsNull(6)) row.queue = query.Bytes(6);
  return row;
}

ConsumedRow ReadConsumed(const Query& query) {
  ConsumedRow row{.session = query.Int(0),
                  .step = query.Int(1),
                  .input_id = query.Int(2),
                  .body = query.Bytes(3),
                  .reply = std::nullopt,
                  .ignored_reason = query.Bytes(5)};
  if (!query.IsNull(4)) row.reply = query.Bytes(4);
  return row;
}

EventRow ReadEvent(const Query& query) {
  return {.shard = static_cast<int>(query.Int(0)),
          .position = query.Int(1),
          .session = query.Int(2),
          .sequence = static_cast<std::int32_t>(query.Int(3)),
          .body = query.Bytes(4)};
}

}  // namespace callbridge::store
