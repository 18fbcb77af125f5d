#include "tests/simulation/store_link.h"

namespace callbridge::simulation {
namespace {

const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename Value>
const absl::Status& StatusOf(const absl::StatusOr<Value>& result) {
  return result.status();
}

// For operations whose effect nobody watches.
constexpr auto kUntold = [](const auto&) {};

}  // namespace

template <typename Operation, typename Tell>
auto StoreLink::Write(std::string_view name, Operation operation, Tell tell)
    -> decltype(operation()) {
  absl::Status passed = gate_.Before(name);
  if (!passed.ok()) return passed;
  auto result = operation();
  if (StatusOf(result).ok()) tell(result);
  passed = gate_.After(name);
  if (!passed.ok()) return passed;
  return result;
}

template <typename Operation>
auto StoreLink::Read(Operation operation) -> decltype(operation()) {
  absl::Status passed = gate_.Read();
  if (!passed.ok()) return passed;
  return operation();
}

absl::Status StoreLink::ClaimServiceId(const std::string& service_id) {
  return Write(
      "claim", [&] { return store_.ClaimServiceId(service_id); }, kUntold);
}

absl::StatusOr<std::vector<store::Appended>> StoreLink::AppendInputs(
    const std::vector<store::NewInput>& inputs, base::Time now) {
  return Write(
      "append", [&] { return store_.AppendInputs(inputs, now); },
      [&](const auto& appended) { watch_.OnAppended(inputs, *appended); });
}

absl::StatusOr<int> StoreLink::Quarantine(const std::vector<internal::v1::InboxItem>& items,
                                          base::Time now) {
  return Write(
      "quarantine", [&] { return store_.Quarantine(items, now); }, kUntold);
}

absl::StatusOr<std::vector<internal::v1::Quarantined>> StoreLink::ListQuarantine(
    std::int64_t before_id, int limit) {
  return Read([&] { return store_.ListQuarantine(before_id, limit); });
}

absl::StatusOr<std::vector<store::DueSession>> StoreLink::NextSessions(base::Time now, int limit,
                                                                       bool include_timers) {
  return Read([&] { return store_.NextSessions(now, limit, include_timers); });
}

absl::StatusOr<std::optional<base::Time>> StoreLink::NextWakeTime() {
  return Read([&] { return store_.NextWakeTime(); });
}

absl::StatusOr<std::vector<absl::Status>> StoreLink::Commit(
    const std::vector<store::SessionCommit>& commits, base::Time now) {
  return Write(
      "commit", [&] { return store_.Commit(commits, now); },
      [&](const auto& statuses) { watch_.OnCommitted(commits, *statuses); });
}

absl::StatusOr<std::vector<store::ConsumedInput>> StoreLink::ReadInputs(
    const std::string& session_id) {
  return Read([&] { return store_.ReadInputs(session_id); });
}

absl::StatusOr<bool> StoreLink::BeginRun() {
  return Write(
      "begin", [&] { return store_.BeginRun(); }, kUntold);
}

absl::Status StoreLink::EndRun() {
  return Write(
      "end", [&] { return store_.EndRun(); }, kUntold);
}

absl::StatusOr<int> StoreLink::MarkStepping(const std::string& session_id) {
  return Write(
      "mark", [&] { return store_.MarkStepping(session_id); }, kUntold);
}

absl::StatusOr<std::vector<internal::v1::Command>> StoreLink::PendingCommands(base::Time now,
                                                                              int limit) {
  return Read([&] { return store_.PendingCommands(now, limit); });
}

absl::StatusOr<std::optional<base::Time>> StoreLink::NextCommandTime(base::Time now) {
  return Read([&] { return store_.NextCommandTime(now); });
}

absl::StatusOr<std::vector<internal::v1::Command>> StoreLink::MayLeaveAtOnce(
    const std::vector<store::SessionCommit>& commits, base::Time now) {
  return Read([&] { return store_.MayLeaveAtOnce(commits, now); });
}

absl::StatusOr<std::vector<store::CommandKey>> StoreLink::TakeCommands(
    const std::vector<store::CommandKey>& keys, base::Time now, base::Time send_by) {
  return Write(
      "take", [&] { return store_.TakeCommands(keys, now, send_by); },
      [&](const auto& taken) { watch_.OnTaken(*taken); });
}

absl::StatusOr<std::vector<absl::Status>> StoreLink::SettleCommands(
    const std::vector<store::Settlement>& settlements, base::Time now) {
  return Write(
      "settle", [&] { return store_.SettleCommands(settlements, now); },
      [&](const auto& statuses) {
        for (std::size_t index = 0; index < settlements.size(); ++index) {
          if (!(*statuses)[index].ok()) continue;
          watch_.OnSettled(settlements[index].session_id, settlements[index].result);
        }
      });
}

absl::StatusOr<int> StoreLink::MakeInFlightUnknown(base::Time now) {
  return Write(
      "forget", [&] { return store_.MakeInFlightUnknown(now); },
      [&](const auto&) { watch_.OnForgotten(); });
}

absl::StatusOr<std::vector<store::CommandKey>> StoreLink::InFlightSince(base::Time before) {
  return Read([&] { return store_.InFlightSince(before); });
}

absl::StatusOr<std::optional<internal::v1::Reply>> StoreLink::ReadReply(std::int64_t input_id) {
  return Read([&] { return store_.ReadReply(input_id); });
}

absl::StatusOr<internal::v1::Session> StoreLink::GetSession(const std::string& session_id) {
  return Read([&] { return store_.GetSession(session_id); });
}

absl::StatusOr<std::string> StoreLink::FindRequest(const std::string& request_id,
                                                   std::string* request_digest) {
  return Read([&] { return store_.FindRequest(request_id, request_digest); });
}

absl::StatusOr<store::SessionPage> StoreLink::ListSessions(const store::SessionFilter& filter,
                                                           const std::string& place, int limit) {
  return Read([&] { return store_.ListSessions(filter, place, limit); });
}

absl::StatusOr<store::SessionPage> StoreLink::SnapshotSessions(
    const std::map<std::string, std::string>& labels, std::optional<base::Time> ended_after,
    const std::string& place, int limit) {
  return Read([&] { return store_.SnapshotSessions(labels, ended_after, place, limit); });
}

absl::StatusOr<store::Counts> StoreLink::Count() {
  return Read([&] { return store_.Count(); });
}

absl::StatusOr<store::Load> StoreLink::ReadLoad() {
  return Read([&] { return store_.ReadLoad(); });
}

absl::StatusOr<std::vector<callbridge::v1::SessionEvent>> StoreLink::ReadEvents(
    const std::string& session_id, std::int32_t after, int limit) {
  return Read([&] { return store_.ReadEvents(session_id, after, limit); });
}

absl::StatusOr<std::vector<store::FeedEntry>> StoreLink::ReadFeed(const store::FeedPosition& after,
                                                                  int limit) {
  return Read([&] { return store_.ReadFeed(after, limit); });
}

absl::StatusOr<store::FeedPosition> StoreLink::FeedEnd() {
  return Read([&] { return store_.FeedEnd(); });
}

absl::StatusOr<store::FeedPosition> StoreLink::FeedBeginning() {
  return Read([&] { return store_.FeedBeginning(); });
}

absl::StatusOr<bool> StoreLink::Maintain(base::Time now) {
  return Write(
      "maintain", [&] { return store_.Maintain(now); }, kUntold);
}

int StoreLink::AddListener(std::function<void()> listener) {
  return store_.AddListener(std::move(listener));
}

}  // namespace callbridge::simulation
