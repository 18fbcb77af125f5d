#include "tests/store/witnessed_store.h"

#include <absl/strings/str_cat.h>

#include <functional>
#include <utility>

#include "server/store/messages.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::Session;

class WitnessedStore final : public Store {
 public:
  WitnessedStore(Store& store, Witness witness) : store_(store), witness_(std::move(witness)) {}

  absl::StatusOr<std::vector<Appended>> AppendInputs(const std::vector<NewInput>& inputs,
                                                     base::Time now) override {
    auto appended = store_.AppendInputs(inputs, now);
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

  absl::Status Quarantine(const std::vector<internal::v1::InboxItem>& items) override {
    const absl::Status status = store_.Quarantine(items);
    if (status.ok()) witness_(absl::StrCat("quarantined ", items.size()));
    return status;
  }

  absl::StatusOr<std::vector<absl::Status>> Commit(const std::vector<SessionCommit>& commits,
                                                   base::Time now) override {
    auto statuses = store_.Commit(commits, now);
    if (!statuses.ok()) return statuses;
    for (std::size_t index = 0; index < commits.size(); ++index) {
      if ((*statuses)[index].ok()) WitnessCommit(commits[index]);
    }
    return statuses;
  }

  absl::StatusOr<std::vector<CommandKey>> TakeCommands(const std::vector<CommandKey>& keys,
                                                       base::Time now,
                                                       base::Time send_by) override {
    auto taken = store_.TakeCommands(keys, now, send_by);
    if (!taken.ok()) return taken;
    for (const CommandKey& key : *taken) {
      witness_(absl::StrCat("taken ", key.session_id, " ", key.number, " ", key.attempt));
    }
    return taken;
  }

  absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<Settlement>& settlements, base::Time now) override {
    auto statuses = store_.SettleCommands(settlements, now);
    if (!statuses.ok()) return statuses;
    for (std::size_t index = 0; index < settlements.size(); ++index) {
      if (!(*statuses)[index].ok()) continue;
      const CommandResult& result = settlements[index].result;
      witness_(absl::StrCat("settled ", settlements[index].session_id, " ", result.number(), " ",
                            result.attempt()));
    }
    return statuses;
  }

  // What promises nothing that could be lost, or is asked for again.
  const std::string& store_id() const override { return store_.store_id(); }
  absl::Status ClaimServiceId(const std::string& service_id) override {
    return store_.ClaimServiceId(service_id);
  }
  absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(std::int64_t before_id,
                                                                        int limit) override {
    return store_.ListQuarantine(before_id, limit);
  }
  absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) override {
    return store_.DropQuarantined(ids);
  }
  absl::StatusOr<std::vector<Work>> NextSessions(base::Time now, int limit,
                                                 bool include_timers) override {
    return store_.NextSessions(now, limit, include_timers);
  }
  absl::StatusOr<std::optional<base::Time>> NextWakeTime() override {
    return store_.NextWakeTime();
  }
  absl::StatusOr<std::vector<ConsumedInput>> ReadInputs(const std::string& session_id) override {
    return store_.ReadInputs(session_id);
  }
  absl::StatusOr<bool> BeginRun() override { return store_.BeginRun(); }
  absl::Status EndRun() override { return store_.EndRun(); }
  absl::StatusOr<int> MarkStepping(const std::string& session_id) override {
    return store_.MarkStepping(session_id);
  }
  absl::StatusOr<std::vector<Command>> PendingCommands(base::Time now, int limit) override {
    return store_.PendingCommands(now, limit);
  }
  absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) override {
    return store_.NextCommandTime(now);
  }
  absl::StatusOr<int> ForgetInFlight(base::Time now) override { return store_.ForgetInFlight(now); }
  absl::StatusOr<std::vector<CommandKey>> InFlightSince(base::Time before) override {
    return store_.InFlightSince(before);
  }
  absl::StatusOr<std::optional<internal::v1::Reply>> ReadReply(std::int64_t input_id) override {
    return store_.ReadReply(input_id);
  }
  absl::StatusOr<Session> GetSession(const std::string& session_id) override {
    return store_.GetSession(session_id);
  }
  absl::StatusOr<std::string> FindRequest(const std::string& request_id,
                                          std::string* request_digest) override {
    return store_.FindRequest(request_id, request_digest);
  }
  absl::StatusOr<SessionPage> ListSessions(const SessionFilter& filter, const std::string& place,
                                           int limit) override {
    return store_.ListSessions(filter, place, limit);
  }
  absl::StatusOr<SessionPage> SnapshotSessions(const std::map<std::string, std::string>& labels,
                                               std::optional<base::Time> ended_after,
                                               const std::string& place, int limit) override {
    return store_.SnapshotSessions(labels, ended_after, place, limit);
  }
  absl::StatusOr<Counts> Count() override { return store_.Count(); }
  absl::StatusOr<Load> ReadLoad() override { return store_.ReadLoad(); }
  absl::StatusOr<std::vector<callbridge::v1::SessionEvent>> ReadEvents(
      const std::string& session_id, std::int32_t after, int limit) override {
    return store_.ReadEvents(session_id, after, limit);
  }
  absl::StatusOr<std::vector<FeedEntry>> ReadFeed(const FeedPosition& after, int limit) override {
    return store_.ReadFeed(after, limit);
  }
  absl::StatusOr<FeedPosition> FeedEnd() override { return store_.FeedEnd(); }
  absl::StatusOr<FeedPosition> FeedBeginning() override { return store_.FeedBeginning(); }
  absl::StatusOr<bool> Maintain(base::Time now) override { return store_.Maintain(now); }
  int AddListener(std::function<void()> listener) override {
    return store_.AddListener(std::move(listener));
  }
  void RemoveListener(int token) override { store_.RemoveListener(token); }
  int AddReplyListener(
      std::function<void(std::int64_t, const internal::v1::Reply&)> listener) override {
    return store_.AddReplyListener(std::move(listener));
  }
  void RemoveReplyListener(int token) override { store_.RemoveReplyListener(token); }

 private:
  void WitnessCommit(const SessionCommit& commit) {
    const std::string& id = commit.session_id;
    witness_(absl::StrCat("committed ", id, " ", commit.expected_revision + 1, " ",
                          commit.session.sequence()));
    for (const callbridge::v1::SessionEvent& event : commit.events) {
      witness_(absl::StrCat("event ", id, " ", event.sequence(), " ", DigestOf(Serialize(event))));
    }
    for (const Command& command : commit.commands) {
      witness_(absl::StrCat("issued ", id, " ", command.number(), " ", command.attempt()));
    }
  }

  Store& store_;
  const Witness witness_;
};

}  // namespace

std::string DigestOf(const std::string& bytes) {
  return absl::StrCat(absl::Hex(std::hash<std::string>()(bytes)));
}

std::unique_ptr<Store> MakeWitnessedStore(Store& store, Witness witness) {
  return std::make_unique<WitnessedStore>(store, std::move(witness));
}

}  // namespace callbridge::store
