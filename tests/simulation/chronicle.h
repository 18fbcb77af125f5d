// What became durable, session by session, kept beside the store and from other sources than it:
// the commits, the ledger as the operations say it must be, the events, the inputs that wait. The
// rules are held against this and never ask the store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace callbridge::simulation {

struct LedgerEntry {
  enum class Status { kPending, kInFlight, kSettled, kCancelled };

  internal::v1::Command command;
  Status status = Status::kPending;
  // Of the last attempt that was settled; UNSPECIFIED: none was.
  internal::v1::CommandResult::Verdict verdict = internal::v1::CommandResult::VERDICT_UNSPECIFIED;
  base::Time taken{};
  // In flight, and the session has learned what it did: its leg's queue no longer waits for it.
  bool released = false;
  // Attempts whose fate was never known, and when the last of them was taken.
  int unknown = 0;
  base::Time unknown_taken{};
  // Attempts whose first request left.
  std::set<std::int32_t> sent;

  bool certainly_not_done() const {
    return verdict == internal::v1::CommandResult::VERDICT_NOT_SENT ||
           verdict == internal::v1::CommandResult::VERDICT_THROTTLED;
  }
};

struct WatchedSession {
  std::string session_id;
  std::int64_t revision = 0;
  internal::v1::Session session;
  std::map<std::int32_t, LedgerEntry> ledger;
  // Serialized, by sequence from 1.
  std::vector<std::string> events;
  // Ids of the inputs that wait.
  std::set<std::int64_t> waiting;
  std::optional<base::Time> ending_time;
  std::optional<base::Time> ended_time;
  // The dial's fate was unknown at some time.
  bool dial_unknown = false;
  // How far the prompts have come: greeting, music, announcement or apology.
  int prompt_rank = 0;
  // Of what clients asked for, leg and request: those whose end is still to be told, and those that
  // have begun.
  std::set<std::string> outstanding;
  std::set<std::string> begun_sounds;

  bool begun() const { return session.phase_case() != internal::v1::Session::PHASE_NOT_SET; }
  bool ended() const { return session.has_ended(); }
};

// A webhook that no session owned.
struct ParkedInput {
  std::vector<std::string> references;
  base::Time time;
  // Deterministic bytes of the provider's event.
  std::string event;
};

struct Chronicle {
  std::map<std::string, WatchedSession> sessions;
  std::vector<ParkedInput> parked;
  // request_id → session.
  std::map<std::string, std::string> requests;
  // Of all inputs that were stored or parked.
  std::set<std::string> dedupe_keys;
};

// The name of the phase's or action's field: "dialing_callee", "play_prompt". Empty: none.
std::string PhaseName(const internal::v1::Session& session);
std::string ActionName(const internal::v1::Command& command);
// Null: the session has no such leg.
const internal::v1::Leg* CallerOf(const internal::v1::Session& session);
bool IsCallee(const internal::v1::Leg& leg);
bool IsAliveAndAnswered(const internal::v1::Leg& leg);
// True if the caller may hear music although this callee has answered, because the callee hears a
// notice before recording.
bool MayHearNotice(const internal::v1::Session& session, const internal::v1::Leg& leg);
// As the store names them: "call/<id>", "session/<id>", "conference/<id>".
std::set<std::string> ReferencesOf(const WatchedSession& session);
// A request names its call, its conference or, in its body, its session.
bool IsAbout(const std::string& target, const std::string& body, const WatchedSession& session);

}  // namespace callbridge::simulation
