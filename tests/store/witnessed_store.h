// Roles of a store that write down what their callers were told: each answer that must be true for
// ever, as a promise of a few words, the moment it was given. They change nothing and keep nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/inbox.h"
#include "server/store/ledger.h"
#include "server/store/work.h"

namespace callbridge::store {

// Takes the words of a promise:
//   stored INPUT_ID                              an input waits, or was consumed
//   request REQUEST_ID SESSION_ID INPUT_ID       a request_id belongs to a session
//   committed SESSION_ID REVISION SEQUENCE       a commit of a session
//   event SESSION_ID SEQUENCE DIGEST             one event of it
//   issued SESSION_ID NUMBER ATTEMPT             one command of it
//   taken SESSION_ID NUMBER ATTEMPT              a command is in flight
//   settled SESSION_ID NUMBER ATTEMPT            its result is known
//   quarantined COUNT                            so many items more
// Others add their own: webhook KEY (answered 200), sent SESSION_ID NUMBER ATTEMPT (the first byte
// leaves).
using Witness = std::function<void(const std::string& words)>;

std::string DigestOf(const std::string& bytes);

// Doubles of the roles that make promises. The witness must be thread-safe if the role is used so.
// The witnessed role must outlive its double.
class WitnessedInbox final : public Inbox {
 public:
  WitnessedInbox(Inbox& inbox, Witness witness) : inbox_(inbox), witness_(std::move(witness)) {}

  absl::StatusOr<std::vector<Appended>> AppendInputs(const std::vector<NewInput>& inputs,
                                                     base::Time now) override;
  absl::StatusOr<int> Quarantine(const std::vector<internal::v1::InboxItem>& items,
                                 base::Time now) override;
  absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(std::int64_t before_id,
                                                                        int limit) override {
    return inbox_.ListQuarantine(before_id, limit);
  }
  absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) override {
    return inbox_.DropQuarantined(ids);
  }

 private:
  Inbox& inbox_;
  const Witness witness_;
};

class WitnessedWork final : public Work {
 public:
  WitnessedWork(Work& work, Witness witness) : work_(work), witness_(std::move(witness)) {}

  absl::StatusOr<std::vector<DueSession>> NextSessions(base::Time now, int limit,
                                                       bool include_timers) override {
    return work_.NextSessions(now, limit, include_timers);
  }
  absl::StatusOr<std::optional<base::Time>> NextWakeTime() override { return work_.NextWakeTime(); }
  absl::StatusOr<int> MarkStepping(const std::string& session_id) override {
    return work_.MarkStepping(session_id);
  }
  absl::StatusOr<std::vector<absl::Status>> Commit(const std::vector<SessionCommit>& commits,
                                                   base::Time now) override;

 private:
  void WitnessCommit(const SessionCommit& commit);

  Work& work_;
  const Witness witness_;
};

class WitnessedLedger final : public Ledger {
 public:
  WitnessedLedger(Ledger& ledger, Witness witness)
      : ledger_(ledger), witness_(std::move(witness)) {}

  absl::StatusOr<std::vector<internal::v1::Command>> PendingCommands(base::Time now,
                                                                     int class_limit) override {
    return ledger_.PendingCommands(now, class_limit);
  }
  absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) override {
    return ledger_.NextCommandTime(now);
  }
  absl::StatusOr<std::vector<internal::v1::Command>> MayLeaveAtOnce(
      const std::vector<SessionCommit>& commits, base::Time now) override {
    return ledger_.MayLeaveAtOnce(commits, now);
  }
  absl::StatusOr<std::vector<CommandKey>> TakeCommands(const std::vector<CommandKey>& keys,
                                                       base::Time now, base::Time send_by) override;
  absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<Settlement>& settlements, base::Time now) override;
  absl::StatusOr<int> MakeInFlightUnknown(base::Time now) override {
    return ledger_.MakeInFlightUnknown(now);
  }
  absl::StatusOr<std::vector<CommandKey>> InFlightSince(base::Time before) override {
    return ledger_.InFlightSince(before);
  }

 private:
  Ledger& ledger_;
  const Witness witness_;
};

}  // namespace callbridge::store
