// A view whose sessions on damaged pages cannot be read, as a reader of a damaged file finds it:
// the row is missing, and what was read as a whole is worth nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::worker {

class DamagedView final : public store::View {
 public:
  // Both must outlive it.
  DamagedView(store::View& whole, const std::set<std::string>& damaged)
      : whole_(whole), damaged_(damaged) {}

  // A damaged session was asked for.
  bool met_damage() const { return met_damage_; }

  std::optional<store::SessionRow> LoadSession(store::SessionKey session) override {
    if (!damaged_.contains(whole_.SessionId(session))) return whole_.LoadSession(session);
    met_damage_ = true;
    return std::nullopt;
  }

  std::optional<std::string> Meta(const std::string& name) override { return whole_.Meta(name); }
  std::optional<store::SessionKey> FindSession(const std::string& session_id) override {
    return whole_.FindSession(session_id);
  }
  std::string SessionId(store::SessionKey session) override { return whole_.SessionId(session); }
  std::vector<store::SessionHead> SessionHeads(const store::SessionRange& range,
                                               int limit) override {
    return whole_.SessionHeads(range, limit);
  }
  std::vector<store::SessionHead> EndedSessions(base::Time after, base::Time end_time,
                                                store::SessionKey key, int limit) override {
    return whole_.EndedSessions(after, end_time, key, limit);
  }
  std::vector<store::TermRow> TermSessions(store::Term term, const store::SessionRange& range,
                                           int limit) override {
    return whole_.TermSessions(term, range, limit);
  }
  std::vector<store::SessionKey> ExpiredSessions(base::Time now, int limit) override {
    return whole_.ExpiredSessions(now, limit);
  }
  std::optional<store::SessionKey> FindReference(const std::string& reference) override {
    return whole_.FindReference(reference);
  }
  std::optional<store::RequestRow> FindRequest(const std::string& request_id) override {
    return whole_.FindRequest(request_id);
  }
  std::vector<store::SessionKey> SessionsWithInputs(int limit) override {
    return whole_.SessionsWithInputs(limit);
  }
  std::vector<store::WaitingRow> WaitingInputs(store::SessionKey session, int limit) override {
    return whole_.WaitingInputs(session, limit);
  }
  std::optional<store::SessionKey> WaitsFor(std::int64_t input_id) override {
    return whole_.WaitsFor(input_id);
  }
  std::optional<store::ConsumedRow> FindConsumed(std::int64_t input_id) override {
    return whole_.FindConsumed(input_id);
  }
  std::vector<store::ConsumedRow> ConsumedInputs(store::SessionKey session) override {
    return whole_.ConsumedInputs(session);
  }
  std::vector<store::SessionKey> SessionsDue(base::Time now, int limit) override {
    return whole_.SessionsDue(now, limit);
  }
  std::optional<base::Time> NextWakeTime() override { return whole_.NextWakeTime(); }
  std::optional<store::CommandRow> FindCommand(store::SessionKey session,
                                               std::int32_t number) override {
    return whole_.FindCommand(session, number);
  }
  std::vector<store::CommandLane> PendingLanes() override { return whole_.PendingLanes(); }
  std::vector<store::CommandRow> PendingCommands(const store::CommandLane& lane, base::Time now,
                                                 int limit) override {
    return whole_.PendingCommands(lane, now, limit);
  }
  std::optional<base::Time> NextCommandTime(base::Time now) override {
    return whole_.NextCommandTime(now);
  }
  std::vector<store::CommandRow> QueuedCommands(store::SessionKey session) override {
    return whole_.QueuedCommands(session);
  }
  std::vector<store::CommandRow> InFlightCommands(base::Time taken_before) override {
    return whole_.InFlightCommands(taken_before);
  }
  std::vector<store::EventRow> SessionEvents(store::SessionKey session, std::int32_t after,
                                             int limit) override {
    return whole_.SessionEvents(session, after, limit);
  }
  std::vector<store::EventRow> ShardEvents(int shard, std::int64_t after, int limit) override {
    return whole_.ShardEvents(shard, after, limit);
  }
  store::FeedMarks ReadFeedMarks() override { return whole_.ReadFeedMarks(); }
  std::vector<store::QuarantineRow> Quarantined(std::int64_t before_id, int limit) override {
    return whole_.Quarantined(before_id, limit);
  }
  store::Counts CountRows() override { return whole_.CountRows(); }
  store::Load ReadLoad() override { return whole_.ReadLoad(); }

 private:
  store::View& whole_;
  const std::set<std::string>& damaged_;
  bool met_damage_ = false;
};

}  // namespace callbridge::worker
