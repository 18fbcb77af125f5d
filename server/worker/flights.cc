#include "server/worker/flights.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "server/base/log.h"

namespace callbridge::worker {

using internal::v1::Command;
using internal::v1::CommandResult;

store::CommandKey KeyOf(const Command& command) {
  return {
      .session_id = command.session_id(), .number = command.number(), .attempt = command.attempt()};
}

Flights::Flights(store::Ledger& ledger, provider::Pace& pace, const base::Clock& clock)
    : ledger_(ledger), pace_(pace), clock_(clock) {}

void Flights::Begin(const Command& command) {
  Flight flight;
  flight.begin_time = clock_.Now();
  absl::MutexLock lock(&mutex_);
  flights_[KeyOf(command)] = std::move(flight);
}

void Flights::Finish(const Command& command, const CommandResult& result) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = flights_.find(KeyOf(command));
    if (found != flights_.end()) found->second.result = result;
  }
  pace_.Observe(command, result, clock_.Now());
  TellOfUnplayedFile(command, result);
  {
    absl::MutexLock lock(&wake_mutex_);
    if (wake_) return wake_();
  }
  StoreResultsNow();
}

void Flights::TellOfUnplayedFile(const Command& command, const CommandResult& result) {
  const v1::Audio& audio = command.has_play_music() ? command.play_music().audio()
                                                    : command.play_prompt().prompt().audio();
  if (!audio.has_file_id() || result.verdict() != CommandResult::VERDICT_REFUSED) return;
  file_log_.Log(base::LogLevel::kWarning, "file_not_played",
                "the provider refused to play a file, which may have been deleted or have expired: "
                "see callbridge-admin audio list; a call that is just over is answered alike",
                absl::StrFormat("session %s, leg %s, file_id %s, HTTP %d", command.session_id(),
                                command.leg_id(), audio.file_id(), result.http_status()),
                base::ThrottledLog::At(clock_.Now()));
}

void Flights::StoreResultsNow() {
  const absl::Status status = StoreResults();
  if (status.ok()) return;
  base::Log(base::LogLevel::kWarning, "results_not_stored",
            {{"results", Answered().size()}, {"error", std::string(status.message())}});
}

std::vector<store::Settlement> Flights::Answered() const {
  std::vector<store::Settlement> answered;
  absl::MutexLock lock(&mutex_);
  for (const auto& [key, flight] : flights_) {
    if (flight.result) answered.push_back({key.session_id, *flight.result});
  }
  return answered;
}

absl::Status Flights::StoreResults() { return Store(Answered()); }

void Flights::SetWake(std::function<void()> wake) {
  const bool rounds_come = wake != nullptr;
  {
    absl::MutexLock lock(&wake_mutex_);
    wake_ = std::move(wake);
  }
  if (!rounds_come) StoreResultsNow();
}

absl::Status Flights::Store(const std::vector<store::Settlement>& settlements) {
  if (settlements.empty()) return absl::OkStatus();
  // An error for a command means that it is no longer in flight: it was given up, or its session no
  // longer exists. Its result is not needed.
  const absl::StatusOr<std::vector<absl::Status>> statuses =
      ledger_.SettleCommands(settlements, clock_.Now());
  if (!statuses.ok()) return statuses.status();
  absl::MutexLock lock(&mutex_);
  for (const auto& [session_id, result] : settlements) {
    flights_.erase({session_id, result.number(), result.attempt()});
  }
  return absl::OkStatus();
}

absl::Status Flights::GiveUpTakenBefore(base::Time taken_before, CommandResult::Verdict verdict) {
  const auto keys = ledger_.InFlightSince(taken_before);
  if (!keys.ok()) return keys.status();
  std::vector<store::Settlement> settlements;
  for (const store::CommandKey& key : *keys) {
    CommandResult result;
    result.set_number(key.number);
    result.set_attempt(key.attempt);
    result.set_verdict(verdict);
    if (TakeAnswer(key, result)) settlements.push_back({key.session_id, std::move(result)});
  }
  for (const auto& [session_id, result] : settlements) {
    base::Log(base::LogLevel::kWarning, "command_without_answer",
              {{"session", session_id},
               {"command", result.number()},
               {"attempt", result.attempt()},
               {"verdict", CommandResult::Verdict_Name(verdict)}});
  }
  return Store(settlements);
}

bool Flights::TakeAnswer(const store::CommandKey& key, const CommandResult& result) {
  absl::MutexLock lock(&mutex_);
  const auto found = flights_.find(key);
  if (found == flights_.end()) {
    flights_[key] = {.begin_time = clock_.Now(), .result = result};
    return true;
  }
  // The result is not needed. The provider has answered and the store has not stored that answer
  // yet, or its answer is still to come.
  if (found->second.result || result.verdict() == CommandResult::VERDICT_NOT_SENT) return false;
  found->second.result = result;
  return true;
}

absl::Status Flights::GiveUpUnsent() {
  return GiveUpTakenBefore(base::Time::max(), CommandResult::VERDICT_NOT_SENT);
}

absl::Status Flights::GiveUpOverdue(base::Duration limit) {
  const base::Time cutoff = clock_.Now() - limit;
  const absl::Status status = GiveUpTakenBefore(cutoff, CommandResult::VERDICT_UNKNOWN);
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

bool Flights::answered() const {
  absl::MutexLock lock(&mutex_);
  return std::any_of(flights_.begin(), flights_.end(),
                     [](const auto& flight) { return flight.second.result.has_value(); });
}

}  // namespace callbridge::worker
