// The ledger's part of the tables in memory: pending commands by rate class, the queues of legs,
// and commands in flight.
#include <algorithm>

#include "server/store/memory/memory_tables.h"

namespace callbridge::store {

using internal::v1::Command;

std::optional<CommandRow> MemoryTables::FindCommand(SessionKey session, std::int32_t number) {
  const auto found = commands_.find({session, number});
  if (found == commands_.end()) return std::nullopt;
  return found->second;
}

std::vector<RateClass> MemoryTables::PendingClasses() {
  std::vector<RateClass> classes;
  for (const auto& [rate_class, rows] : pending_) classes.push_back(rate_class);
  return classes;
}

bool MemoryTables::IsFirstInQueue(const CommandRow& row) const {
  if (!row.queue) return true;
  const std::set<std::int32_t>& numbers = queues_.at({row.session, *row.queue});
  return std::all_of(numbers.begin(), numbers.end(), [&](std::int32_t number) {
    return number == row.number ||
           (number > row.number && !in_flight_.contains({row.session, number}));
  });
}

std::vector<CommandRow> MemoryTables::PendingInClass(const RateClass& rate_class, base::Time now,
                                                     int limit) {
  std::vector<CommandRow> rows;
  const auto pending = pending_.find(rate_class);
  if (pending == pending_.end()) return rows;
  for (const auto& [since, session, number] : pending->second) {
    if (std::ssize(rows) >= limit) break;
    const CommandRow& row = commands_.at({session, number});
    if (row.not_before_time <= now && IsFirstInQueue(row)) rows.push_back(row);
  }
  return rows;
}

std::optional<base::Time> MemoryTables::NextCommandTime(base::Time now) {
  const auto next = std::find_if(later_.lower_bound({now, CommandId()}), later_.end(),
                                 [now](const auto& later) { return later.first > now; });
  if (next == later_.end()) return std::nullopt;
  return next->first;
}

std::vector<CommandRow> MemoryTables::QueuedCommands(SessionKey session) {
  std::vector<CommandRow> rows;
  for (auto one = commands_.lower_bound({session, 0});
       one != commands_.end() && one->first.first == session; ++one) {
    const bool open = one->second.status == Command::STATUS_PENDING ||
                      one->second.status == Command::STATUS_IN_FLIGHT;
    if (open && one->second.queue) rows.push_back(one->second);
  }
  return rows;
}

std::vector<CommandRow> MemoryTables::InFlightCommands(base::Time taken_before) {
  std::vector<CommandRow> rows;
  for (const CommandId& id : in_flight_) {
    const CommandRow& row = commands_.at(id);
    if (row.taken_time < taken_before) rows.push_back(row);
  }
  return rows;
}

MemoryTables::PendingOrder MemoryTables::OrderOf(const CommandRow& row) {
  return {row.waiting_since_time, row.session, row.number};
}

void MemoryTables::Index(const CommandRow& row) {
  const CommandId id = {row.session, row.number};
  const bool pending = row.status == Command::STATUS_PENDING;
  if (pending) pending_[row.rate_class].insert(OrderOf(row));
  if (pending) later_.emplace(row.not_before_time, id);
  if (row.status == Command::STATUS_IN_FLIGHT) in_flight_.insert(id);
  if (row.queue && (pending || row.status == Command::STATUS_IN_FLIGHT)) {
    queues_[{row.session, *row.queue}].insert(row.number);
  }
}

void MemoryTables::Unindex(const CommandRow& row) {
  const CommandId id = {row.session, row.number};
  if (const auto found = pending_.find(row.rate_class); found != pending_.end()) {
    found->second.erase(OrderOf(row));
    if (found->second.empty()) pending_.erase(found);
  }
  later_.erase({row.not_before_time, id});
  in_flight_.erase(id);
  if (!row.queue) return;
  if (const auto queue = queues_.find({row.session, *row.queue}); queue != queues_.end()) {
    queue->second.erase(row.number);
    if (queue->second.empty()) queues_.erase(queue);
  }
}

void MemoryTables::PutCommand(const CommandRow& row) {
  CommandRow& stored = commands_[{row.session, row.number}];
  Unindex(stored);
  stored = row;
  Index(stored);
}

void MemoryTables::ChangeCommand(const CommandChange& change) {
  CommandRow& stored = commands_.at(change.id);
  Unindex(stored);
  stored.status = change.status;
  stored.taken_time = change.taken_time;
  if (change.out_of_queue) stored.queue.reset();
  Index(stored);
}

}  // namespace callbridge::store
