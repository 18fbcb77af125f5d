#include "tests/store/witnessed_store.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <functional>

#include "server/store/messages.h"

namespace callbridge::store {

using internal::v1::Command;
using internal::v1::CommandResult;

std::string DigestOf(const std::string& bytes) {
  return absl::StrCat(absl::Hex(std::hash<std::string>()(bytes)));
}

absl::StatusOr<std::vector<Appended>> WitnessedInbox::AppendInputs(
    const std::vector<NewInput>& inputs, base::Time now) {
  auto appended = inbox_.AppendInputs(inputs, now);
  if (!appended.ok()) return appended;
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    const Appended& one = (*appended)[index];
    if (one.result != Appended::Result::kStored) continue;
    witness_(absl::StrCat("stored ", one.input_id));
    const std::string& request_id = inputs[index].request_id;
    if (request_id.empty()) continue;
    witness_(absl::StrCat("request ", request_id, " ", one.session_id, " ", one.input_id));
  }
  return appended;
}

absl::StatusOr<int> WitnessedInbox::Quarantine(const std::vector<internal::v1::InboxItem>& items,
                                               base::Time now) {
  const absl::StatusOr<int> kept = inbox_.Quarantine(items, now);
  if (kept.ok()) witness_(absl::StrCat("quarantined ", *kept));
  return kept;
}

absl::StatusOr<std::vector<absl::Status>> WitnessedWork::Commit(
    const std::vector<SessionCommit>& commits, base::Time now) {
  auto statuses = work_.Commit(commits, now);
  if (!statuses.ok()) return statuses;
  for (std::size_t index = 0; index < commits.size(); ++index) {
    if ((*statuses)[index].ok()) WitnessCommit(commits[index]);
  }
  return statuses;
}

void WitnessedWork::WitnessCommit(const SessionCommit& commit) {
  const std::string& id = commit.session_id;
  witness_(absl::StrCat("committed ", id, " ", commit.expected_revision + 1, " ",
                        commit.session.sequence()));
  for (const callbridge::v1::SessionEvent& event : commit.events) {
    witness_(absl::StrCat("event ", id, " ", event.sequence(), " ", DigestOf(Serialize(event))));
  }
  for (const Command& command : commit.commands) {
    const std::string key = absl::StrCat(id, " ", command.number(), " ", command.attempt());
    witness_("issued " + key);
    const std::vector<std::int32_t>& taken = commit.taken_commands;
    if (std::find(taken.begin(), taken.end(), command.number()) != taken.end()) {
      witness_("taken " + key);
    }
  }
}

absl::StatusOr<std::vector<CommandKey>> WitnessedLedger::TakeCommands(
    const std::vector<CommandKey>& keys, base::Time now, base::Time send_by) {
  auto taken = ledger_.TakeCommands(keys, now, send_by);
  if (!taken.ok()) return taken;
  for (const CommandKey& key : *taken) {
    witness_(absl::StrCat("taken ", key.session_id, " ", key.number, " ", key.attempt));
  }
  return taken;
}

absl::StatusOr<std::vector<absl::Status>> WitnessedLedger::SettleCommands(
    const std::vector<Settlement>& settlements, base::Time now) {
  auto statuses = ledger_.SettleCommands(settlements, now);
  if (!statuses.ok()) return statuses;
  for (std::size_t index = 0; index < settlements.size(); ++index) {
    if (!(*statuses)[index].ok()) continue;
    const CommandResult& result = settlements[index].result;
    witness_(absl::StrCat("settled ", settlements[index].session_id, " ", result.number(), " ",
                          result.attempt()));
  }
  return statuses;
}

}  // namespace callbridge::store
