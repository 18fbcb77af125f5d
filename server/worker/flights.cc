#include "server/worker/flights.h"

#include <utility>
#include <vector>

#include "server/base/log.h"
#include "server/worker/turns.h"

namespace callbridge::worker {

using internal::v1::Command;
using internal::v1::CommandResult;

Flights::Flights(store::Store& store, client::Pace& pace, const base::Clock& clock)
    : store_(store), pace_(pace), clock_(clock) {}

void Flights::Begin(const Command& command) {
  Flight flight;
  flight.turn = TurnOf(command);
  flight.begin_time = clock_.Now();
  absl::MutexLock lock(&mutex_);
  flights_[{command.session_id(), command.number(), command.attempt()}] = std::move(flight);
}

void Flights::Release(const std::string& session_id, std::int32_t number) {
  absl::MutexLock lock(&mutex_);
  for (auto flight = flights_.lower_bound({session_id, number, 0});
       flight != flights_.end() && std::get<0>(flight->first) == session_id &&
       std::get<1>(flight->first) == number;
       ++flight) {
    flight->second.released = true;
  }
}

void Flights::Finish(const Command& command, const CommandResult& result) {
  {
    // The queue is free before the result is stored: whoever is woken by the store finds it so.
    absl::MutexLock lock(&mutex_);
    const auto found = flights_.find({command.session_id(), command.number(), command.attempt()});
    if (found != flights_.end()) found->second.result = result;
  }
  pace_.Observe(command, result, clock_.Now());
  const absl::Status status = Settle(command.session_id(), result);
  if (status.ok()) return;
  base::Log(base::LogLevel::kWarning, "result_not_stored",
            {{"session", command.session_id()},
             {"command", command.number()},
             {"error", std::string(status.message())}});
}

absl::Status Flights::Settle(const std::string& session_id, const CommandResult& result) {
  absl::Status status = store_.SettleCommand(session_id, result, clock_.Now());
  // Not in flight any more: it was given up, or the session is gone. Nobody waits for it.
  if (absl::IsNotFound(status)) status = absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  const auto found = flights_.find({session_id, result.number(), result.attempt()});
  if (found == flights_.end()) return status;
  if (status.ok()) {
    flights_.erase(found);
  } else {
    found->second.result = result;
    found->second.failed = true;
  }
  return status;
}

absl::Status Flights::RetryUnsettled() {
  std::vector<std::pair<std::string, CommandResult>> unsettled;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [key, flight] : flights_) {
      if (flight.failed) unsettled.emplace_back(std::get<0>(key), *flight.result);
    }
  }
  absl::Status status;
  // All of them, also after a failure: each stays marked until the store has taken it.
  for (const auto& [session_id, result] : unsettled) status.Update(Settle(session_id, result));
  return status;
}

absl::Status Flights::GiveUpOverdue(base::Duration limit) {
  const base::Time cutoff = clock_.Now() - limit;
  const auto keys = store_.InFlightSince(cutoff);
  if (!keys.ok()) return keys.status();
  absl::Status status;
  for (const store::CommandKey& key : *keys) {
    {
      absl::MutexLock lock(&mutex_);
      const auto found = flights_.find({key.session_id, key.number, key.attempt});
      // It was answered, and only the store has not heard of it.
      if (found != flights_.end() && found->second.result) continue;
    }
    base::Log(base::LogLevel::kWarning, "command_without_answer",
              {{"session", key.session_id}, {"command", key.number}, {"attempt", key.attempt}});
    CommandResult result;
    result.set_number(key.number);
    result.set_attempt(key.attempt);
    result.set_verdict(CommandResult::VERDICT_UNKNOWN);
    status.Update(Settle(key.session_id, result));
  }
  absl::MutexLock lock(&mutex_);
  std::erase_if(flights_, [cutoff](const auto& flight) {
    return !flight.second.result && flight.second.begin_time < cutoff;
  });
  return status;
}

int Flights::count() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(flights_.size());
}

std::set<std::string> Flights::busy() const {
  absl::MutexLock lock(&mutex_);
  std::set<std::string> busy;
  for (const auto& [key, flight] : flights_) {
    if (!flight.result && !flight.released) busy.insert(flight.turn);
  }
  return busy;
}

}  // namespace callbridge::worker
