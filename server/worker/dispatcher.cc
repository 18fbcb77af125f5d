#include "server/worker/dispatcher.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "server/base/limits.h"
#include "server/worker/departures.h"

namespace callbridge::worker {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;

bool Contains(const std::vector<store::CommandKey>& keys, const store::CommandKey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// True if the commit consumes all inputs that wait for the session.
bool KnowsAll(const store::DueSession& work, const store::SessionCommit& commit) {
  const std::size_t loaded = work.inputs.size();
  return loaded < base::kInputsPerLoadMax && commit.consumed.size() >= loaded;
}

}  // namespace

Dispatcher::Dispatcher(store::Ledger& ledger, provider::Provider& provider, provider::Pace& pace,
                       std::shared_ptr<Flights> flights)
    : ledger_(ledger), provider_(provider), pace_(pace), flights_(std::move(flights)) {}

absl::StatusOr<std::vector<Command>> Dispatcher::ChooseIssued(
    const std::vector<store::DueSession>& works, const std::vector<store::SessionCommit>& commits,
    base::Time now) {
  std::set<std::string> issuing;
  for (std::size_t index = 0; index < commits.size(); ++index) {
    const store::SessionCommit& commit = commits[index];
    if (!commit.commands.empty() && KnowsAll(works[index], commit)) {
      issuing.insert(commit.session_id);
    }
  }
  if (issuing.empty()) return std::vector<Command>();
  absl::StatusOr<std::vector<Command>> issued = ledger_.MayLeaveAtOnce(commits, now);
  if (!issued.ok()) return issued.status();
  std::erase_if(*issued, [&issuing](const Command& command) {
    return !issuing.contains(command.session_id());
  });
  return ChooseDepartures(*issued, pace_, now, base::kTakeBatchMax).commands;
}

void Dispatcher::Send(const Command& command, base::Time send_by) {
  flights_->Begin(command);
  provider_.Send(command, std::min(send_by, LastMomentOf(command)),
                 [flights = flights_, command](const CommandResult& result) {
                   flights->Finish(command, result);
                 });
}

absl::StatusOr<std::optional<base::Time>> Dispatcher::Dispatch(base::Time now) {
  const absl::StatusOr<std::vector<Command>> pending =
      ledger_.PendingCommands(now, base::kRateClassWindow);
  if (!pending.ok()) return pending.status();
  if (pending->empty()) return std::nullopt;
  const Departures departures = ChooseDepartures(*pending, pace_, now, base::kTakeBatchMax);
  if (departures.commands.empty()) return departures.next_time;

  std::vector<store::CommandKey> keys;
  for (const Command& command : departures.commands) keys.push_back(KeyOf(command));
  const base::Time send_by = now + base::kSendBy;
  const absl::StatusOr<std::vector<store::CommandKey>> taken =
      ledger_.TakeCommands(keys, now, send_by);
  // The store may have taken the commands although it returned an error.
  if (!taken.ok()) Doubt();
  for (const Command& command : departures.commands) {
    if (taken.ok() && Contains(*taken, KeyOf(command))) {
      Send(command, send_by);
    } else if (LastMomentOf(command) >= now) {
      // The command was cancelled meanwhile, or another worker has taken it. A command whose time
      // had passed was chosen without a token.
      GiveBack(command);
    }
  }
  if (!taken.ok()) return taken.status();
  // The next round follows at once. Each session has a CommandTaken to step, and more commands may
  // wait to be taken.
  return now;
}

absl::Status Dispatcher::EndDoubt() {
  if (!doubtful_) return absl::OkStatus();
  const absl::Status status = flights_->GiveUpUnsent();
  doubtful_ = !status.ok();
  return status;
}

}  // namespace callbridge::worker
