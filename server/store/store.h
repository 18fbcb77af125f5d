// The store: inbox, sessions, history and ledger behind one interface, changed in one transaction.
// It speaks of transitions, never of rows, so that an engine may lay its tables out for speed.
// Every method is thread-safe, may block on a disk, returns only when its change is durable, and
// fails with UNAVAILABLE (try again), DATA_LOSS (a read met a damaged page) or a status named
// beside it.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/inbox_service.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/phase.pb.h"
#include "callbridge/v1/event.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::store {

// An input on its way into the inbox, with what is known of its session. Correlated in the order of
// the fields, inside the transaction that stores it, under the same lock that stores references:
//   session_id, call_id, session_hint (if that session exists), conference_id, creates_session_id;
//   else parked.
struct NewInput {
  internal::v1::Input input;
  // Known for certain (a request, a command's result). A session that does not exist is created
  // empty if creates_session_id is the same.
  std::string session_id;
  // Looked up among the references; "call/<id>" and "conference/<id>" share one table.
  std::string call_id;
  // customData.session, or the session in the conference's name.
  std::string session_hint;
  std::string conference_id;
  // Created if nothing above was found; call_id is then a reference of it at once.
  std::string creates_session_id;
  // Claimed in the same transaction: a second input with the same request_id is not stored.
  std::string request_id;
  // Digest of the request's content, to tell a repetition from a reuse.
  std::string request_digest;
  // 16 bytes; empty: never a duplicate.
  std::string dedupe_key;
};

struct Appended {
  enum class Result {
    kStored,
    // Seen within the last 24 h; nothing was stored.
    kDuplicate,
    // No session yet: kept for 10 minutes, given to the session that stores one of its references
    // or is created with the hinted id.
    kParked,
    // request_id is taken, by the same content: session_id names the session it made.
    kRequestKnown,
    // request_id is taken, by other content.
    kRequestReused,
    // session_id was given, does not exist, and was not to be created.
    kNoSession,
  };
  Result result = Result::kStored;
  std::string session_id;
  // To read the reply by: of this input (kStored), or of the one that took the request_id
  // (kRequestKnown). Else 0.
  std::int64_t input_id = 0;
};

struct WaitingInput {
  std::int64_t input_id = 0;
  internal::v1::Input input;
};

// A session that has something to do.
struct Work {
  std::string session_id;
  // Counts the commits of the session; what Commit is conditional on. 0: it was never stepped.
  std::int64_t revision = 0;
  // Empty message if it was never stepped.
  internal::v1::Session session;
  // What has left first (CommandTaken), then all others, each in order of arrival; together at most
  // kInputsPerLoadMax. Empty: its wake time has come.
  std::vector<WaitingInput> inputs;
  // It stands on a damaged page of the store: nothing is known of it but that there is something to
  // do.
  bool damaged = false;
};

struct ConsumedInput {
  // 0: an input that the worker made (a due timer); it is stored now, for the fold.
  std::int64_t input_id = 0;
  // As stepped: step_time is set.
  internal::v1::Input input;
  internal::v1::Reply reply;
  bool has_reply = false;
  std::string ignored_reason;
};

// Several steps of one session, committed as one.
struct SessionCommit {
  std::string session_id;
  std::int64_t expected_revision = 0;
  internal::v1::Session session;
  std::vector<ConsumedInput> consumed;
  // sequence is set by the flow.
  std::vector<callbridge::v1::SessionEvent> events;
  // Become pending. A number that exists gets the new attempt.
  std::vector<internal::v1::Command> commands;
  // Must be pending in the ledger, else the whole SessionCommit is ABORTED. One that is also in
  // commands is recorded as cancelled only.
  std::vector<std::int32_t> cancelled_commands;
  // In flight or pending, and no longer in the way of what waits behind them on their leg:
  // something else has told what they did.
  std::vector<std::int32_t> released_commands;
  std::optional<base::Time> wake_time;
};

struct CommandKey {
  std::string session_id;
  std::int32_t number = 0;
  std::int32_t attempt = 0;

  auto operator<=>(const CommandKey&) const = default;
};

// What came of a command in flight.
struct Settlement {
  std::string session_id;
  internal::v1::CommandResult result;
};

struct SessionFilter {
  // As the session's last event says.
  std::vector<callbridge::v1::Session::State> states;
  std::vector<callbridge::v1::Outcome::Result> results;
  std::map<std::string, std::string> labels;
  std::optional<base::Time> created_after;
  std::optional<base::Time> created_before;
  std::string call_id;
  std::string request_id;
  // A telephone number that has a part in the session: somebody's, or the one that was called or
  // shown. With or without "+".
  std::string number;
  bool with_issues = false;
  // Only sessions that have not ended.
  bool living = false;
};

// A part of a list.
struct SessionPage {
  std::vector<internal::v1::Session> sessions;
  // The next part begins behind this place. Empty: that was all. A part may be short, or empty, and
  // have one that follows.
  std::string next_place;
  // Rows that were looked at for it.
  int rows = 0;
};

// A position in the stream of all sessions: how many events of each shard are behind it.
using FeedPosition = std::array<std::int64_t, base::kFeedShards>;

struct FeedEntry {
  int shard = 0;
  // 1, 2, 3 … within the shard, gapless, in commit order.
  std::int64_t position = 0;
  callbridge::v1::SessionEvent event;
};

// What admission asks before one more session begins. Cheap: it reads the sessions that are alive,
// in indexes.
struct Load {
  std::int64_t live_sessions = 0;
  // What all accepted sessions will still ask of the provider; with those that were never stepped.
  std::int64_t dials_to_come = 0;
  std::int64_t conferences_to_come = 0;
  // By when the first of the callers that are still to be dialled must be dialled. Absent: there
  // are none.
  std::optional<base::Time> first_dial_by_time;
  // Space within the store's file that new sessions use before the file grows.
  std::int64_t reusable_bytes = 0;
};

struct Counts {
  std::int64_t live_sessions = 0;
  std::int64_t pending_dials = 0;
  std::int64_t waiting_inputs = 0;
  std::int64_t parked = 0;
  // Since the store was made: parked inputs that no session ever asked for.
  std::int64_t parked_dropped = 0;
  std::int64_t quarantined = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Random, made with the store, part of every resume token. A store that was restored from a
  // backup, and a copy, have one of their own.
  virtual const std::string& store_id() const = 0;
  // The first caller's id is kept for ever; another one: FAILED_PRECONDITION.
  virtual absl::Status ClaimServiceId(const std::string& service_id) = 0;

  // --- the inbox ---
  virtual absl::StatusOr<std::vector<Appended>> AppendInputs(const std::vector<NewInput>& inputs,
                                                             base::Time now) = 0;
  // Keeps the newest 10,000.
  virtual absl::Status Quarantine(const std::vector<internal::v1::InboxItem>& items) = 0;
  // Newest first, each with its id; below before_id (0: from the newest).
  virtual absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(
      std::int64_t before_id, int limit) = 0;
  // Returns how many of them were there.
  virtual absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) = 0;

  // --- the worker ---
  // Sessions with waiting inputs, oldest input first, at most limit; then, with include_timers,
  // sessions without any whose wake time is not after now: as many as there is room for, and a
  // quarter of limit in any case. Those that stand on damaged pages are among them.
  virtual absl::StatusOr<std::vector<Work>> NextSessions(base::Time now, int limit,
                                                         bool include_timers) = 0;
  // The earliest wake time of a session. Absent: none.
  virtual absl::StatusOr<std::optional<base::Time>> NextWakeTime() = 0;
  // One transaction. A status per session; unless it is OK, nothing of that session is changed.
  // ABORTED: revision differs, a consumed input does not wait any more, or a cancelled command is
  // not pending any more; load it again. INVALID_ARGUMENT: the events do not follow the stored ones
  // without gap, or a command's attempt does not rise: a defect of the flow, another try would fail
  // as well. The references of the session (call ids, conference id, surplus ids in the message)
  // are stored, and parked inputs that they fit go to the inbox. A session whose phase is Ended
  // expires after its retention; one without a phase after a day.
  virtual absl::StatusOr<std::vector<absl::Status>> Commit(
      const std::vector<SessionCommit>& commits, base::Time now) = 0;

  // The inputs that were stepped, in the order of the steps, as they were stepped: the fold over
  // them gives the session. NOT_FOUND: no such session.
  virtual absl::StatusOr<std::vector<ConsumedInput>> ReadInputs(const std::string& session_id) = 0;
  // The only server of the store begins. True if the one before did not get to EndRun: it crashed.
  virtual absl::StatusOr<bool> BeginRun() = 0;
  virtual absl::Status EndRun() = 0;
  // Durably counts an attempt to step the session; its next Commit sets the count back. Returns how
  // many were counted before: that many servers died while they stepped it. NOT_FOUND: no such
  // session.
  virtual absl::StatusOr<int> MarkStepping(const std::string& session_id) = 0;

  // --- the ledger ---
  // Pending commands that may leave: their not_before_time has come, and those about one leg (or
  // about the conference) go one at a time and in the order of their numbers, but for hangups,
  // stop-plays and looks, which overtake. At most lane_limit for each account and operation, so
  // that those of one hide none of another. Hangups and stop-plays come first, then looks, then all
  // others but those that wait for scarce tokens, conferences to create, dials of callees and dials
  // of callers; at last routine looks. Among equals by age of the waiting caller, or else of the
  // command.
  virtual absl::StatusOr<std::vector<internal::v1::Command>> PendingCommands(base::Time now,
                                                                             int lane_limit) = 0;
  // When the earliest pending command with a not_before_time after now may go.
  virtual absl::StatusOr<std::optional<base::Time>> NextCommandTime(base::Time now) = 0;
  // Marks those that are still pending with this attempt as in flight and appends CommandTaken to
  // their sessions' inboxes, in one transaction. Returns which. After this, and only then, the
  // first byte may leave.
  virtual absl::StatusOr<std::vector<CommandKey>> TakeCommands(const std::vector<CommandKey>& keys,
                                                               base::Time now,
                                                               base::Time send_by) = 0;
  // Writes the ledger's statuses and appends the results as inputs, all of them in one transaction.
  // A status per settlement: NOT_FOUND is that of a result of another attempt, or of a command that
  // is not in flight; it changes nothing.
  virtual absl::StatusOr<std::vector<absl::Status>> SettleCommands(
      const std::vector<Settlement>& settlements, base::Time now) = 0;
  // At the start of the only server of the store: whatever is in flight becomes unknown, as a
  // result input. Returns how many.
  virtual absl::StatusOr<int> ForgetInFlight(base::Time now) = 0;
  // In flight since before this moment, for the watch over invariant 17.
  virtual absl::StatusOr<std::vector<CommandKey>> InFlightSince(base::Time before) = 0;

  // --- the API ---
  // The reply of a consumed input; an empty one if its step had none. Absent: not consumed yet.
  // NOT_FOUND: no such input.
  virtual absl::StatusOr<std::optional<internal::v1::Reply>> ReadReply(std::int64_t input_id) = 0;
  // NOT_FOUND, also while it was never stepped or no step gave it a phase.
  virtual absl::StatusOr<internal::v1::Session> GetSession(const std::string& session_id) = 0;
  // The session that the request_id belongs to. NOT_FOUND: the request_id is free.
  virtual absl::StatusOr<std::string> FindRequest(const std::string& request_id,
                                                  std::string* request_digest) = 0;
  // Newest first (by session_id, descending); a place is a session_id, below which the part begins
  // (empty: from the newest). Looks at about kListRowsMax rows and then returns what was found, so
  // that a rare filter keeps nothing waiting: go on with next_place.
  virtual absl::StatusOr<SessionPage> ListSessions(const SessionFilter& filter,
                                                   const std::string& place, int limit) = 0;
  // For snapshots: first the living by id, descending; then, with ended_after, those that ended
  // after it, the latest first. A session that ends meanwhile may come twice and is never left out.
  // Reads up to limit sessions; labels leave some of them out.
  virtual absl::StatusOr<SessionPage> SnapshotSessions(
      const std::map<std::string, std::string>& labels, std::optional<base::Time> ended_after,
      const std::string& place, int limit) = 0;
  virtual absl::StatusOr<Counts> Count() = 0;
  virtual absl::StatusOr<Load> ReadLoad() = 0;

  // --- the stream ---
  // One session's events with a sequence above after, in order. NOT_FOUND: no such session.
  virtual absl::StatusOr<std::vector<callbridge::v1::SessionEvent>> ReadEvents(
      const std::string& session_id, std::int32_t after, int limit) = 0;
  // Events of all sessions after the position, at most limit; within a shard in order. Fewer than
  // limit: that was all. OUT_OF_RANGE: something after the position was deleted, or the position is
  // not of this store.
  virtual absl::StatusOr<std::vector<FeedEntry>> ReadFeed(const FeedPosition& after, int limit) = 0;
  // The newest position, and the lowest one after which nothing was deleted.
  virtual absl::StatusOr<FeedPosition> FeedEnd() = 0;
  virtual absl::StatusOr<FeedPosition> FeedBeginning() = 0;

  // --- housekeeping ---
  // Drops parked inputs and dedupe keys that are too old, and a few expired sessions with all that
  // belongs to them. True: more have expired, call again soon. A session with waiting inputs or a
  // wake time is not dropped.
  virtual absl::StatusOr<bool> Maintain(base::Time now) = 0;

  // Called after every change that is durable, from the thread that made it, without locks of the
  // store held. Must return at once and must not call the store. Returns a token for
  // RemoveListener, after whose return it is not called any more.
  virtual int AddListener(std::function<void()> listener) = 0;
  virtual void RemoveListener(int token) = 0;
  // The same for each request (StartBridge, EndSession) whose step was stored: with its input's id
  // and the reply, which is empty if the step had none.
  virtual int AddReplyListener(
      std::function<void(std::int64_t, const internal::v1::Reply&)> listener) = 0;
  virtual void RemoveReplyListener(int token) = 0;
};

// Which shard of the feed a session belongs to, for ever.
int FeedShard(const std::string& session_id);

}  // namespace callbridge::store
