// A view, or a transaction, that passes everything on to another one: what tests put between the
// rules and an engine derives from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/tables.h"

namespace callbridge::store {

// Base is View or Transaction. The whole one must outlive it.
template <typename Base>
class Forwarded : public Base {
 public:
  explicit Forwarded(Base& whole) : whole_(whole) {}

  Found Find(const Wanted& wanted) override { return Called().Find(wanted); }
  std::optional<std::string> Meta(const std::string& name) override { return Called().Meta(name); }
  std::vector<SessionHead> SessionHeads(const SessionRange& range, int limit) override {
    return Called().SessionHeads(range, limit);
  }
  std::vector<SessionHead> EndedSessions(base::Time after, base::Time end_time, SessionKey key,
                                         int limit) override {
    return Called().EndedSessions(after, end_time, key, limit);
  }
  std::vector<std::vector<TermRow>> TermSessions(const std::vector<Term>& terms,
                                                 const SessionRange& range, int limit) override {
    return Called().TermSessions(terms, range, limit);
  }
  std::vector<ExpiredRow> ExpiredSessions(base::Time now, int limit) override {
    return Called().ExpiredSessions(now, limit);
  }
  std::vector<SessionKey> DueSessions(base::Time now, int limit, bool with_timers) override {
    return Called().DueSessions(now, limit, with_timers);
  }
  std::optional<base::Time> NextWakeTime() override { return Called().NextWakeTime(); }
  std::optional<ConsumedRow> FindConsumed(std::int64_t input_id) override {
    return Called().FindConsumed(input_id);
  }
  std::vector<ConsumedRow> ConsumedInputs(SessionKey session) override {
    return Called().ConsumedInputs(session);
  }
  std::vector<CommandRow> PendingCommands(base::Time now, int class_limit) override {
    return Called().PendingCommands(now, class_limit);
  }
  std::optional<base::Time> NextCommandTime(base::Time now) override {
    return Called().NextCommandTime(now);
  }
  std::vector<CommandRow> InFlightCommands(base::Time taken_before) override {
    return Called().InFlightCommands(taken_before);
  }
  std::vector<EventRow> SessionEvents(SessionKey session, std::int32_t after, int limit) override {
    return Called().SessionEvents(session, after, limit);
  }
  std::vector<EventRow> FeedEvents(const std::vector<ShardRange>& ranges) override {
    return Called().FeedEvents(ranges);
  }
  FeedMarks ReadFeedMarks() override { return Called().ReadFeedMarks(); }
  std::vector<QuarantineRow> Quarantined(std::int64_t before_id, int limit) override {
    return Called().Quarantined(before_id, limit);
  }
  Counts CountRows() override { return Called().CountRows(); }
  Load ReadLoad() override { return Called().ReadLoad(); }

 protected:
  // Once for each call above.
  virtual void OnCall() {}

  Base& Called() {
    OnCall();
    return whole_;
  }

 private:
  Base& whole_;
};

}  // namespace callbridge::store
