#include "tests/store/survivor_check.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "server/flow/step.h"
#include "server/store/messages.h"
#include "server/store/rows.h"
#include "tests/store/witnessed_store.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::Input;
using internal::v1::OpenCommand;
using internal::v1::Session;
using Findings = std::vector<std::string>;
// Number and attempt.
using Attempt = std::pair<std::int64_t, std::int64_t>;

struct LedgerEntry {
  std::int64_t attempt = 0;
  CommandStatus status = Command::STATUS_PENDING;
};

struct StoredSession {
  std::int64_t revision = 0;
  std::int64_t sequence = 0;
  std::int64_t steps = 0;
  std::string body;
  std::vector<Input> consumed;
  std::vector<Input> waiting;
  // Digests, by sequence.
  std::map<std::int64_t, std::string> events;
  std::map<std::int64_t, LedgerEntry> ledger;
};

// All that a file holds.
struct Contents {
  std::map<std::string, StoredSession> sessions;
  std::set<std::int64_t> input_ids;
  // How often a webhook is there, by the key that it carries.
  std::map<std::string, int> webhooks;
  // request_id → session_id and input.
  std::map<std::string, std::pair<std::string, std::int64_t>> requests;
  std::int64_t quarantined = 0;
};

void AddInput(const std::string& body, Contents& contents, std::vector<Input>* inputs) {
  Input input = Parse<Input>(body);
  const internal::v1::ProviderEvent& event =
      input.has_incoming_call() ? input.incoming_call().event() : input.provider_event();
  if (!event.type_name().empty()) ++contents.webhooks[event.type_name()];
  if (inputs != nullptr) inputs->push_back(std::move(input));
}

void ReadSessions(Connection& connection, Contents& contents) {
  Query query(connection, "SELECT session_id, revision, sequence, steps, body FROM sessions");
  while (query.Next()) {
    StoredSession& session = contents.sessions[query.Bytes(0)];
    session.revision = query.Int(1);
    session.sequence = query.Int(2);
    session.steps = query.Int(3);
    session.body = query.Bytes(4);
  }
}

void ReadInputs(Connection& connection, Contents& contents) {
  Query waiting(connection,
                "SELECT session_id, input_id, inbox.body FROM inbox JOIN sessions"
                " ON sessions.key = session ORDER BY input_id");
  while (waiting.Next()) {
    contents.input_ids.insert(waiting.Int(1));
    AddInput(waiting.Bytes(2), contents, &contents.sessions[waiting.Bytes(0)].waiting);
  }
  Query consumed(connection,
                 "SELECT session_id, input_id, consumed.body FROM consumed JOIN sessions"
                 " ON sessions.key = session ORDER BY session, step");
  while (consumed.Next()) {
    if (!consumed.IsNull(1)) contents.input_ids.insert(consumed.Int(1));
    AddInput(consumed.Bytes(2), contents, &contents.sessions[consumed.Bytes(0)].consumed);
  }
  Query parked(connection, "SELECT body FROM parked");
  while (parked.Next()) AddInput(parked.Bytes(0), contents, nullptr);
}

Contents ReadContents(Connection& connection) {
  Contents contents;
  ReadSessions(connection, contents);
  ReadInputs(connection, contents);
  Query events(connection,
               "SELECT session_id, events.sequence, events.body FROM events JOIN sessions"
               " ON sessions.key = session");
  while (events.Next()) {
    contents.sessions[events.Bytes(0)].events[events.Int(1)] = DigestOf(events.Bytes(2));
  }
  Query commands(connection,
                 "SELECT session_id, number, attempt, status FROM commands JOIN sessions"
                 " ON sessions.key = session");
  while (commands.Next()) {
    contents.sessions[commands.Bytes(0)].ledger[commands.Int(1)] = {
        .attempt = commands.Int(2), .status = static_cast<CommandStatus>(commands.Int(3))};
  }
  Query requests(connection,
                 "SELECT request_id, session_id, input_id FROM requests JOIN sessions"
                 " ON sessions.key = session");
  while (requests.Next()) {
    contents.requests[requests.Bytes(0)] = {requests.Bytes(1), requests.Int(2)};
  }
  Query quarantined(connection, "SELECT count(*) FROM quarantine");
  if (quarantined.Next()) contents.quarantined = quarantined.Int(0);
  return contents;
}

std::int64_t Number(const std::string& word) {
  std::int64_t number = -1;
  return absl::SimpleAtoi(word, &number) ? number : -1;
}

bool LedgerKeeps(const StoredSession& session, const std::vector<std::string>& words) {
  const auto found = session.ledger.find(Number(words[2]));
  if (found == session.ledger.end()) return false;
  const std::int64_t attempt = Number(words[3]);
  if (found->second.attempt != attempt) return found->second.attempt > attempt;
  const CommandStatus status = found->second.status;
  if (words[0] == "issued") return true;
  if (status == Command::STATUS_PENDING || status == Command::STATUS_CANCELLED) return false;
  return words[0] != "settled" || status != Command::STATUS_IN_FLIGHT;
}

bool SessionKeeps(const StoredSession& session, const std::vector<std::string>& words) {
  if (words[0] == "committed") {
    return session.revision >= Number(words[2]) && session.sequence >= Number(words[3]);
  }
  if (words[0] == "event") {
    const auto event = session.events.find(Number(words[2]));
    return event != session.events.end() && event->second == words[3];
  }
  return LedgerKeeps(session, words);
}

bool Keeps(const Contents& contents, const std::vector<std::string>& words) {
  if (words[0] == "stored") return contents.input_ids.contains(Number(words[1]));
  if (words[0] == "webhook") {
    // Once: a repetition is no second one.
    const auto webhook = contents.webhooks.find(words[1]);
    return webhook != contents.webhooks.end() && webhook->second == 1;
  }
  if (words[0] == "request") {
    const auto request = contents.requests.find(words[1]);
    return request != contents.requests.end() &&
           request->second == std::pair(words[2], Number(words[3])) &&
           contents.input_ids.contains(request->second.second);
  }
  const auto session = contents.sessions.find(words[1]);
  return session != contents.sessions.end() && SessionKeeps(session->second, words);
}

void CheckGaps(const std::string& id, const StoredSession& session, Findings& findings) {
  if (std::ssize(session.consumed) != session.steps) {
    findings.push_back(absl::StrCat(id, " has ", session.consumed.size(), " consumed inputs after ",
                                    session.steps, " steps"));
  }
  const bool whole = std::ssize(session.events) == session.sequence &&
                     (session.events.empty() || session.events.rbegin()->first == session.sequence);
  if (!whole) {
    findings.push_back(absl::StrCat(id, " has ", session.events.size(), " events and sequence ",
                                    session.sequence));
  }
}

void CheckFold(const std::string& id, const StoredSession& stored, Findings& findings) {
  if (stored.revision == 0) return;
  Session session;
  session.set_session_id(id);
  for (const Input& input : stored.consumed) session = flow::Step(session, input).session();
  if (Serialize(session) != stored.body) {
    findings.push_back(absl::StrCat(id, " is not the fold of its inputs"));
  }
}

// How often the session was told that an attempt left, and what came of it.
struct Told {
  std::map<Attempt, int> taken;
  std::map<Attempt, int> results;
  // Those that were never taken, because their time had passed.
  std::set<Attempt> expired;
  std::set<Attempt> taken_waits;
  std::set<Attempt> result_waits;
};

Told TellingsOf(const StoredSession& session) {
  Told told;
  const auto add = [&told](const Input& input, bool waits) {
    const internal::v1::CommandTaken& taken = input.command_taken();
    const internal::v1::CommandResult& result = input.command_result();
    if (input.has_command_taken()) {
      ++told.taken[{taken.number(), taken.attempt()}];
      if (waits) told.taken_waits.insert({taken.number(), taken.attempt()});
    }
    if (input.has_command_result()) {
      ++told.results[{result.number(), result.attempt()}];
      if (result.verdict() == internal::v1::CommandResult::VERDICT_EXPIRED) {
        told.expired.insert({result.number(), result.attempt()});
      }
      if (waits) told.result_waits.insert({result.number(), result.attempt()});
    }
  };
  for (const Input& input : session.consumed) add(input, false);
  for (const Input& input : session.waiting) add(input, true);
  return told;
}

bool Settled(CommandStatus status) {
  return status != Command::STATUS_PENDING && status != Command::STATUS_IN_FLIGHT &&
         status != Command::STATUS_CANCELLED;
}

// A command changes its status together with the input that tells its session.
void CheckTellings(const std::string& id, const StoredSession& session, const Told& told,
                   Findings& findings) {
  for (const auto& [number, entry] : session.ledger) {
    const Attempt attempt{number, entry.attempt};
    const auto taken = told.taken.find(attempt);
    const auto result = told.results.find(attempt);
    const bool has_left = Settled(entry.status) || entry.status == Command::STATUS_IN_FLIGHT;
    const int left = has_left && !told.expired.contains(attempt) ? 1 : 0;
    const int settled = Settled(entry.status) ? 1 : 0;
    if ((taken == told.taken.end() ? 0 : taken->second) != left ||
        (result == told.results.end() ? 0 : result->second) != settled) {
      findings.push_back(absl::StrCat(id, " was not told once what became of command ", number,
                                      " attempt ", entry.attempt));
    }
  }
}

// What the session believes of its commands is what the ledger says, or an input that says so
// waits.
void CheckBeliefs(const std::string& id, const StoredSession& stored, const Told& told,
                  Findings& findings) {
  const Session session = Parse<Session>(stored.body);
  std::set<std::int64_t> believed_pending;
  for (const OpenCommand& open : session.open_commands()) {
    const Attempt attempt{open.command().number(), open.command().attempt()};
    const auto entry = stored.ledger.find(attempt.first);
    bool fits = entry != stored.ledger.end() && entry->second.attempt == attempt.second;
    if (open.status() == Command::STATUS_PENDING) {
      believed_pending.insert(attempt.first);
      const bool expired = told.expired.contains(attempt) && told.result_waits.contains(attempt);
      fits = fits && (entry->second.status == Command::STATUS_PENDING ||
                      told.taken_waits.contains(attempt) || expired);
    } else if (open.status() == Command::STATUS_IN_FLIGHT) {
      fits = fits && (entry->second.status == Command::STATUS_IN_FLIGHT ||
                      told.result_waits.contains(attempt));
    }
    if (!fits) {
      findings.push_back(absl::StrCat(id, " believes something else of command ", attempt.first,
                                      " than the ledger"));
    }
  }
  for (const auto& [number, entry] : stored.ledger) {
    if (entry.status == Command::STATUS_PENDING && !believed_pending.contains(number)) {
      findings.push_back(
          absl::StrCat("command ", number, " of ", id, " may leave and the session does not know"));
    }
  }
}

void CheckFeed(Connection& connection, Findings& findings) {
  Query query(connection,
              "SELECT shard, last, (SELECT count(*) FROM events WHERE events.shard = shards.shard),"
              " (SELECT max(position) FROM events WHERE events.shard = shards.shard) FROM shards");
  while (query.Next()) {
    if (query.Int(1) != query.Int(2) || query.Int(1) != query.Int(3)) {
      findings.push_back(absl::StrCat("shard ", query.Int(0), " of the feed has a gap"));
    }
  }
}

bool HasTables(Connection& connection) {
  Query query(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'sessions'");
  return query.Next() && query.Int(0) == 1;
}

void CheckPages(Connection& connection, Findings& findings) {
  Query query(connection, "PRAGMA integrity_check(3)");
  while (query.Next()) {
    if (query.Bytes(0) != "ok") findings.push_back(query.Bytes(0));
  }
}

}  // namespace

Findings BrokenPromises(Connection& connection, const std::vector<std::string>& promises) {
  Findings broken;
  if (promises.empty()) return broken;
  const Contents contents = ReadContents(connection);
  const absl::Status failure = connection.TakeFailure();
  if (!failure.ok()) return {"the file cannot be read: " + std::string(failure.message())};
  std::int64_t quarantined = 0;
  for (const std::string& promise : promises) {
    const std::vector<std::string> words = absl::StrSplit(promise, ' ');
    if (words[0] == "quarantined") {
      quarantined += Number(words[1]);
    } else if (!Keeps(contents, words)) {
      broken.push_back(promise);
    }
  }
  if (contents.quarantined < quarantined) {
    broken.push_back(
        absl::StrCat("quarantined ", quarantined, ", there are ", contents.quarantined));
  }
  return broken;
}

Findings Inconsistencies(Connection& connection) {
  Findings findings;
  CheckPages(connection, findings);
  // A file that lost its power before it had tables holds nothing.
  if (!HasTables(connection) && !connection.failed()) return findings;
  CheckFeed(connection, findings);
  const Contents contents = ReadContents(connection);
  const absl::Status failure = connection.TakeFailure();
  if (!failure.ok())
    findings.push_back("the file cannot be read: " + std::string(failure.message()));
  for (const auto& [id, session] : contents.sessions) {
    const Told told = TellingsOf(session);
    CheckGaps(id, session, findings);
    CheckFold(id, session, findings);
    CheckTellings(id, session, told, findings);
    CheckBeliefs(id, session, told, findings);
  }
  return findings;
}

}  // namespace callbridge::store
