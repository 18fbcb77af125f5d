#include "server/store/table_store.h"

#include <absl/strings/str_format.h>

#include <utility>

#include "server/store/messages.h"
#include "server/store/rules/commit.h"
#include "server/store/rules/correlation.h"
#include "server/store/rules/draft.h"
#include "server/store/rules/expiry.h"
#include "server/store/rules/feed.h"
#include "server/store/rules/ledger.h"
#include "server/store/rules/quarantine.h"
#include "server/store/rules/requests.h"
#include "server/store/rules/session_list.h"
#include "server/store/rules/store_meta.h"
#include "server/store/rules/terms.h"
#include "server/store/rules/work.h"

namespace callbridge::store {
namespace {

using callbridge::v1::SessionEvent;
using internal::v1::Command;
using internal::v1::Session;

class TableStore final : public Store {
 public:
  TableStore(std::unique_ptr<Engine> engine, std::string store_id)
      : engine_(std::move(engine)), store_id_(std::move(store_id)) {}

  // Passes on the changes of other processes. This is called once, before the store is used.
  void ListenToOthers() {
    engine_->OnForeignChange([this] { listeners_.Notify(); });
  }

  const std::string& store_id() const override { return store_id_; }

  absl::Status ClaimServiceId(const std::string& service_id) override {
    return engine_->Write(
        [&](Transaction& tables) { return store::ClaimServiceId(tables, service_id); });
  }

  absl::StatusOr<std::vector<Appended>> AppendInputs(const std::vector<NewInput>& inputs,
                                                     base::Time now) override {
    std::vector<Appended> appended;
    return Write(appended, [&](Transaction& tables) {
      appended = store::AppendInputs(tables, inputs, now);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<int> Quarantine(const std::vector<internal::v1::InboxItem>& items,
                                 base::Time now) override {
    int kept = 0;
    return Write(kept, [&](Transaction& tables) {
      kept = store::Quarantine(tables, items, now);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(std::int64_t before_id,
                                                                        int limit) override {
    std::vector<internal::v1::Quarantined> items;
    return Read(items, [&](View& tables) {
      items = store::ListQuarantine(tables, before_id, limit);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) override {
    int dropped = 0;
    return Write(dropped, [&](Transaction& tables) {
      dropped = store::DropQuarantined(tables, ids);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<DueSession>> NextSessions(base::Time now, int limit,
                                                       bool include_timers) override {
    return store::NextSessions(*engine_, now, limit, include_timers);
  }

  absl::StatusOr<std::optional<base::Time>> NextWakeTime() override {
    std::optional<base::Time> time;
    return Read(time, [&](View& tables) {
      time = tables.NextWakeTime();
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<absl::Status>> Commit(const std::vector<SessionCommit>& commits,
                                                   base::Time now) override {
    std::vector<absl::Status> statuses;
    const absl::Status status = Write([&](Transaction& tables) {
      statuses = store::Commit(tables, commits, now);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    for (std::size_t i = 0; i < commits.size(); ++i) {
      if (statuses[i].ok()) NotifyReplies(commits[i]);
    }
    return statuses;
  }

  absl::StatusOr<std::vector<ConsumedInput>> ReadInputs(const std::string& session_id) override {
    std::vector<ConsumedInput> inputs;
    return Read(inputs,
                [&](View& tables) { return store::ReadInputs(tables, session_id, inputs); });
  }

  absl::StatusOr<bool> BeginRun() override {
    bool crashed = false;
    const absl::Status status = engine_->Write([&](Transaction& tables) {
      crashed = store::BeginRun(tables);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return crashed;
  }

  absl::Status EndRun() override {
    return engine_->Write([](Transaction& tables) {
      store::EndRun(tables);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<int> MarkStepping(const std::string& session_id) override {
    int marks = 0;
    const absl::Status status = engine_->Write(
        [&](Transaction& tables) { return store::MarkStepping(tables, session_id, marks); });
    if (!status.ok()) return status;
    return marks;
  }

  absl::StatusOr<std::vector<Command>> PendingCommands(base::Time now, int class_limit) override {
    std::vector<Command> commands;
    return Read(commands, [&](View& tables) {
      commands = store::PendingCommands(tables, now, class_limit);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) override {
    std::optional<base::Time> time;
    return Read(time, [&](View& tables) {
      time = tables.NextCommandTime(now);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<Command>> MayLeaveAtOnce(const std::vector<SessionCommit>& commits,
                                                      base::Time now) override {
    std::vector<Command> commands;
    return Read(commands, [&](View& tables) {
      commands = store::MayLeaveAtOnce(tables, commits, now);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<CommandKey>> TakeCommands(const std::vector<CommandKey>& keys,
                                                       base::Time now,
                                                       base::Time send_by) override {
    std::vector<CommandKey> taken;
    return Write(taken, [&](Transaction& tables) {
      taken = store::TakeCommands(tables, keys, now, send_by);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<Settlement>& settlements, base::Time now) override {
    std::vector<absl::Status> statuses;
    return Write(statuses, [&](Transaction& tables) {
      statuses = store::SettleCommands(tables, settlements, now);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<int> MakeInFlightUnknown(base::Time now) override {
    int forgotten = 0;
    return Write(forgotten, [&](Transaction& tables) {
      forgotten = store::MakeInFlightUnknown(tables, now);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<CommandKey>> InFlightSince(base::Time before) override {
    std::vector<CommandKey> keys;
    return Read(keys, [&](View& tables) {
      for (const CommandRow& row : tables.InFlightCommands(before)) keys.push_back(KeyOf(row));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::optional<internal::v1::Reply>> ReadReply(std::int64_t input_id) override {
    std::optional<internal::v1::Reply> reply;
    return Read(reply, [&](View& tables) -> absl::Status {
      if (!tables.Find({.inputs = {input_id}}).inputs.empty()) return absl::OkStatus();
      const std::optional<ConsumedRow> row = tables.FindConsumed(input_id);
      if (!row) return absl::NotFoundError(absl::StrFormat("there is no input %d", input_id));
      reply = Parse<internal::v1::Reply>(row->reply.value_or(std::string()));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<Session> GetSession(const std::string& session_id) override {
    Session session;
    return Read(session, [&](View& tables) {
      const Found found = tables.Find({.sessions = {session_id}});
      if (!found.sessions.empty()) session = Parse<Session>(found.sessions.begin()->second.body);
      return session.phase_case() == Session::PHASE_NOT_SET ? NoSession(session_id)
                                                            : absl::OkStatus();
    });
  }

  absl::StatusOr<std::string> FindRequest(const std::string& request_id,
                                          std::string* request_digest) override {
    std::string session_id;
    return Read(session_id, [&](View& tables) -> absl::Status {
      const Found found = tables.Find({.request_ids = {request_id}});
      const auto row = found.requests.find(request_id);
      if (row == found.requests.end()) {
        return absl::NotFoundError("no session was asked for with this request_id");
      }
      session_id = found.ids.at(row->second.session);
      if (request_digest != nullptr) *request_digest = row->second.digest;
      return absl::OkStatus();
    });
  }

  absl::StatusOr<SessionPage> ListSessions(const SessionFilter& filter, const std::string& place,
                                           int limit) override {
    SessionPage page;
    return Read(page, [&](View& tables) {
      page = ListSome(tables, filter, place, limit);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<SessionPage> SnapshotSessions(const std::map<std::string, std::string>& labels,
                                               std::optional<base::Time> ended_after,
                                               const std::string& place, int limit) override {
    SessionPage page;
    return Read(page, [&](View& tables) {
      page = SnapshotSome(tables, labels, ended_after, place, limit);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<Counts> Count() override {
    Counts counts;
    return Read(counts, [&](View& tables) {
      counts = tables.CountRows();
      return absl::OkStatus();
    });
  }

  absl::StatusOr<Load> ReadLoad() override {
    Load load;
    return Read(load, [&](View& tables) {
      load = tables.ReadLoad();
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<SessionEvent>> ReadEvents(const std::string& session_id,
                                                       std::int32_t after, int limit) override {
    std::vector<SessionEvent> events;
    return Read(events, [&](View& tables) {
      const std::optional<SessionKey> session = KeyOf(tables, session_id);
      if (!session) return NoSession(session_id);
      for (const EventRow& row : tables.SessionEvents(*session, after, limit)) {
        events.push_back(Parse<SessionEvent>(row.body));
      }
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<FeedEntry>> ReadFeed(const FeedPosition& after, int limit) override {
    std::vector<FeedEntry> entries;
    return Read(entries, [&](View& tables) {
      absl::StatusOr<std::vector<FeedEntry>> read = store::ReadFeed(tables, after, limit);
      if (read.ok()) entries = std::move(*read);
      return read.status();
    });
  }

  absl::StatusOr<FeedPosition> FeedEnd() override {
    FeedPosition position{};
    return Read(position, [&](View& tables) {
      position = store::FeedEnd(tables);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<FeedPosition> FeedBeginning() override {
    FeedPosition position{};
    return Read(position, [&](View& tables) {
      position = store::FeedBeginning(tables);
      return absl::OkStatus();
    });
  }

  absl::StatusOr<bool> Maintain(base::Time now) override {
    bool more = false;
    absl::Status status = Write([&](Transaction& tables) {
      Draft draft(tables);
      DropOldParked(draft, now);
      draft.changes().drop_dedupe_keys_before = now - base::kDedupeAge;
      more = DropExpired(tables, now, draft);
      draft.Write();
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    bool missing = false;
    status = Write([&](Transaction& tables) {
      missing = AddMissingTerms(tables);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return more || missing;
  }

  int AddListener(std::function<void()> listener) override {
    return listeners_.Add(std::move(listener));
  }

  void RemoveListener(int token) override { listeners_.Remove(token); }

  int AddReplyListener(
      std::function<void(std::int64_t, const internal::v1::Reply&)> listener) override {
    return reply_listeners_.Add(std::move(listener));
  }

  void RemoveReplyListener(int token) override { reply_listeners_.Remove(token); }

 private:
  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) {
    const absl::Status status = engine_->Write(work);
    if (status.ok()) listeners_.Notify();
    return status;
  }

  // Runs work that changes the store, and returns its result. The work may run again from its
  // start, so each run begins with an empty result.
  template <typename Result, typename Changing>
  absl::StatusOr<Result> Write(Result& result, const Changing& work) {
    const absl::Status status = Write([&](Transaction& tables) -> absl::Status {
      result = Result();
      return work(tables);
    });
    if (!status.ok()) return status;
    return std::move(result);
  }

  void NotifyReplies(const SessionCommit& commit) {
    for (const ConsumedInput& consumed : commit.consumed) {
      if (consumed.input_id != 0 && IsRequest(consumed.input)) {
        reply_listeners_.Notify(consumed.input_id, consumed.reply);
      }
    }
  }

  // Returns what the work has put into `result`. A failed transaction returns its status instead.
  template <typename Result, typename Reading>
  absl::StatusOr<Result> Read(Result& result, const Reading& work) {
    const absl::Status status = engine_->Read(work);
    if (!status.ok()) return status;
    return std::move(result);
  }

  const std::unique_ptr<Engine> engine_;
  const std::string store_id_;
  Listeners<> listeners_;
  Listeners<std::int64_t, internal::v1::Reply> reply_listeners_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> MakeTableStore(std::unique_ptr<Engine> engine) {
  std::string store_id;
  const absl::Status status = engine->Write([&](Transaction& tables) {
    store_id = StoreIdOf(tables);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  auto store = std::make_unique<TableStore>(std::move(engine), std::move(store_id));
  store->ListenToOthers();
  return store;
}

}  // namespace callbridge::store
