// One server's way to the store that all servers share. Every operation passes a gate, which may
// refuse it, lose its answer, let the server die before or after it, or let time pass; what became
// durable is told to a watch. It changes no meaning: an operation that the gate lets through is the
// store's own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/store/store.h"

namespace callbridge::simulation {

class StoreGate {
 public:
  virtual ~StoreGate() = default;
  // A status other than OK: the operation is not done. May throw ServerDied.
  virtual absl::Status Before(std::string_view operation) = 0;
  // The operation is durable. A status other than OK hides its answer.
  virtual absl::Status After(std::string_view operation) = 0;
  // For operations that change nothing.
  virtual absl::Status Read() = 0;
};

// Told what became durable, before anybody else knows.
class StoreWatch {
 public:
  virtual ~StoreWatch() = default;
  virtual void OnAppended(const std::vector<store::NewInput>& inputs,
                          const std::vector<store::Appended>& appended) = 0;
  virtual void OnCommitted(const std::vector<store::SessionCommit>& commits,
                           const std::vector<absl::Status>& statuses) = 0;
  virtual void OnTaken(const std::vector<store::CommandKey>& taken) = 0;
  virtual void OnSettled(const std::string& session_id,
                         const internal::v1::CommandResult& result) = 0;
  // Everything in flight became unknown.
  virtual void OnForgotten() = 0;
};

class StoreLink final : public store::Store {
 public:
  // All three must outlive it.
  StoreLink(store::Store& store, StoreGate& gate, StoreWatch& watch)
      : store_(store), gate_(gate), watch_(watch) {}

  const std::string& store_id() const override { return store_.store_id(); }
  absl::Status ClaimServiceId(const std::string& service_id) override;
  absl::StatusOr<std::vector<store::Appended>> AppendInputs(
      const std::vector<store::NewInput>& inputs, base::Time now) override;
  absl::StatusOr<int> Quarantine(const std::vector<internal::v1::InboxItem>& items,
                                 base::Time now) override;
  absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(std::int64_t before_id,
                                                                        int limit) override;
  absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) override {
    return store_.DropQuarantined(ids);
  }
  absl::StatusOr<std::vector<store::DueSession>> NextSessions(base::Time now, int limit,
                                                              bool include_timers) override;
  absl::StatusOr<std::optional<base::Time>> NextWakeTime() override;
  absl::StatusOr<std::vector<absl::Status>> Commit(const std::vector<store::SessionCommit>& commits,
                                                   base::Time now) override;
  absl::StatusOr<std::vector<store::ConsumedInput>> ReadInputs(
      const std::string& session_id) override;
  absl::StatusOr<bool> BeginRun() override;
  absl::Status EndRun() override;
  absl::StatusOr<int> MarkStepping(const std::string& session_id) override;
  absl::StatusOr<std::vector<internal::v1::Command>> PendingCommands(base::Time now,
                                                                     int limit) override;
  absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) override;
  absl::StatusOr<std::vector<internal::v1::Command>> MayLeaveAtOnce(
      const std::vector<store::SessionCommit>& commits, base::Time now) override;
  absl::StatusOr<std::vector<store::CommandKey>> TakeCommands(
      const std::vector<store::CommandKey>& keys, base::Time now, base::Time send_by) override;
  absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<store::Settlement>& settlements, base::Time now) override;
  absl::StatusOr<int> MakeInFlightUnknown(base::Time now) override;
  absl::StatusOr<std::vector<store::CommandKey>> InFlightSince(base::Time before) override;
  absl::StatusOr<std::optional<internal::v1::Reply>> ReadReply(std::int64_t input_id) override;
  absl::StatusOr<internal::v1::Session> GetSession(const std::string& session_id) override;
  absl::StatusOr<std::string> FindRequest(const std::string& request_id,
                                          std::string* request_digest) override;
  absl::StatusOr<store::SessionPage> ListSessions(const store::SessionFilter& filter,
                                                  const std::string& place, int limit) override;
  absl::StatusOr<store::SessionPage> SnapshotSessions(
      const std::map<std::string, std::string>& labels, std::optional<base::Time> ended_after,
      const std::string& place, int limit) override;
  absl::StatusOr<store::Counts> Count() override;
  absl::StatusOr<store::Load> ReadLoad() override;
  absl::StatusOr<std::vector<callbridge::v1::SessionEvent>> ReadEvents(
      const std::string& session_id, std::int32_t after, int limit) override;
  absl::StatusOr<std::vector<store::FeedEntry>> ReadFeed(const store::FeedPosition& after,
                                                         int limit) override;
  absl::StatusOr<store::FeedPosition> FeedEnd() override;
  absl::StatusOr<store::FeedPosition> FeedBeginning() override;
  absl::StatusOr<bool> Maintain(base::Time now) override;
  int AddListener(std::function<void()> listener) override;
  void RemoveListener(int token) override { store_.RemoveListener(token); }
  int AddReplyListener(
      std::function<void(std::int64_t, const internal::v1::Reply&)> listener) override {
    return store_.AddReplyListener(std::move(listener));
  }
  void RemoveReplyListener(int token) override { store_.RemoveReplyListener(token); }

 private:
  // Passes the gate, does the operation, tells the watch, passes the gate again.
  template <typename Operation, typename Tell>
  auto Write(std::string_view name, Operation operation, Tell tell) -> decltype(operation());
  template <typename Operation>
  auto Read(Operation operation) -> decltype(operation());

  store::Store& store_;
  StoreGate& gate_;
  StoreWatch& watch_;
};

}  // namespace callbridge::simulation
