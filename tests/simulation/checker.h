// Holds a world against the invariants of docs/invariants.md, after every operation that became
// durable, every request that left or arrived, and every answer that somebody got. It only watches:
// nothing in a world depends on it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/network.h"
#include "tests/simulation/obligations.h"
#include "tests/simulation/server.h"
#include "tests/simulation/store_link.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/violations.h"
#include "tests/simulator/model.h"

namespace callbridge::simulation {

class Checker final : public StoreWatch, public NetworkWatch, public SendWatch {
 public:
  // All must outlive it.
  Checker(const simulator::Model& model, const base::Clock& clock, Trace& trace);

  // --- what happened ---
  void OnAppended(const std::vector<store::NewInput>& inputs,
                  const std::vector<store::Appended>& appended) override;
  void OnCommitted(const std::vector<store::SessionCommit>& commits,
                   const std::vector<absl::Status>& statuses) override;
  void OnTaken(const std::vector<store::CommandKey>& taken) override;
  void OnSettled(const std::string& session_id, const internal::v1::CommandResult& result) override;
  void OnForgotten() override;
  void OnSent(const internal::v1::Command& command) override;
  void OnArrived(const simulator::RequestRecord& request) override;
  void OnTrouble(int server, Trouble::Kind kind) override;

  // A client was told OK.
  void OnStarted(const std::string& request_id, const std::string& session_id);
  void OnEndAccepted(const std::string& session_id);
  // A reader was given the event; what GetSession said right afterwards (absent: no server
  // answered).
  void OnEventSeen(const v1::SessionEvent& event, std::optional<std::int32_t> version);
  // One server, and nothing keeps it from hearing answers at once: what concerns one leg goes one
  // by one.
  void ExpectTurns() { expects_turns_ = true; }
  // A call or a conference that is not ours: no request may be about it, and no event of it be
  // taken up.
  void OnForeign(const std::string& id) { foreign_.insert(id); }
  void Fail(int invariant, std::string text);

  // --- what has to be true ---
  // After every moment. calm_since: since when no outage is under way.
  void Check(const std::optional<base::Time>& calm_since);
  // When all is over.
  void CheckEnd(store::Store& store);
  // 31: whatever was recorded has exactly one record with its file. After the last look for files.
  void CheckRecordedFiles();

  // Something that all sessions need went away; a person or a client did something at this moment.
  void OnOutage(const std::string& name);
  void OnMoment(const std::string& name, const std::string& session_id);

  // 25: no whole number, no prompt's text, no key in any line.
  void CheckLog(const std::vector<std::string>& lines);

  const Chronicle& chronicle() const { return chronicle_; }
  const Violations& violations() const { return violations_; }
  // Each fault that struck, with the phase and the command in flight of the session that it struck:
  // by name, how often.
  const std::map<std::string, std::int64_t>& coverage() const { return coverage_; }
  // A webhook fault of the simulator struck this event.
  void OnWebhookFault(const std::string& fault, const std::string& call_id,
                      const std::string& conference_id);

 private:
  WatchedSession& Find(const std::string& session_id);
  void Accept(const store::SessionCommit& commit);
  void AcceptCommands(WatchedSession& watched, const store::SessionCommit& commit);
  void AcceptEvent(WatchedSession& watched, const v1::SessionEvent& event);
  void Unpark(const internal::v1::Input& input);
  void OweStopPlay(const std::string& session_id, const WatchedSession& before);
  void CheckDial(const WatchedSession& watched, const LedgerEntry& entry);
  bool HasJoined(const internal::v1::Leg& leg) const;
  void CheckTakenSound(const WatchedSession& watched, const LedgerEntry& entry);
  void AcceptSoundOfAClient(WatchedSession& watched, const v1::SessionEvent& event);
  void CheckVerdict(const std::string& session_id, const LedgerEntry& entry,
                    const internal::v1::CommandResult& result);
  void CheckTurn(const WatchedSession& watched, const LedgerEntry& entry);
  void Expect(int invariant, bool holds, const std::string& session_id, const std::string& text);
  void Owe(int invariant, std::string what, base::Duration bound, std::function<bool()> fulfilled);
  bool SomethingAlive(const std::string& session_id) const;
  void CheckFilesOf(const WatchedSession& watched);
  void CheckNoticesOf(const WatchedSession& watched);
  void CheckEvents(store::Store& store, const WatchedSession& watched);
  void OnRequestFault(const simulator::RequestRecord& request);
  void Cover(const std::string& fault, const WatchedSession& watched);
  base::Time now() const { return clock_.Now(); }

  const simulator::Model& model_;
  const base::Clock& clock_;
  Trace& trace_;
  Chronicle chronicle_;
  Violations violations_;
  Obligations obligations_;
  std::set<std::string> foreign_;
  // Of servers, in the middle of something.
  int crashes_ = 0;
  bool expects_turns_ = false;
  // By operation: when its requests of the last second arrived.
  std::map<std::string, std::deque<base::Time>> arrivals_;
  std::map<std::string, std::int64_t> coverage_;
};

}  // namespace callbridge::simulation
