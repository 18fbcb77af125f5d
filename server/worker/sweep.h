// The periodic look for calls and conferences of ours that no session owns: each is looked at once
// more and hung up. And the reverse: a session whose call is not listed any more is told to look at
// it. It has no thread and no clock of its own, like the worker that advances it; it changes no
// session, and whatever the provider says no more than once it takes for a question.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/clock.h"
#include "server/base/counters.h"
#include "server/base/limits.h"
#include "server/base/throttled_log.h"
#include "server/provider/pace.h"
#include "server/provider/provider.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"
#include "server/worker/living_sessions.h"
#include "server/worker/orphans.h"

namespace callbridge::worker {

struct SweepOptions {
  std::string service_id = {};
  std::vector<std::string> accounts = {};
  // The first sweep comes so long after the first round.
  base::Duration interval = std::chrono::minutes(5);
  // By the provider's time where it tells one (calls), else since it was first listed
  // (conferences).
  base::Duration minimum_age = std::chrono::minutes(10);
  // Nothing is hung up, only logged.
  bool dry_run = false;
  base::Duration send_by = base::kSendBy;
};

// Since the start.
struct SweepCounts {
  // Lists that were read, and those of them that were not complete or could not be read at all.
  std::int64_t lists = 0;
  std::int64_t incomplete_lists = 0;
  // Found in a list, old enough, nobody's; the same one again in each list.
  std::int64_t orphans = 0;
  // Hangups that the provider accepted, and others.
  std::int64_t hung_up = 0;
  std::int64_t failed_hangups = 0;
  // Sessions told to look at a call.
  std::int64_t missing = 0;
};

// Not thread-safe: one thread runs it and reads the counts.
class Sweep {
 public:
  // All must outlive the sweep; callbacks that come after its end touch none of them.
  Sweep(store::Roles<store::Inbox, store::Sessions> store, provider::Survey& survey,
        provider::Provider& provider, provider::Pace& pace, const base::Clock& clock,
        SweepOptions options);

  // One round: begins a sweep when it is time, goes through a piece of what was listed, sends what
  // may leave. Returns when to run again; the past or now: at once. A failure of the store fails
  // the round; nothing is lost, run it again a little later. Only damage fails no round: what the
  // store cannot read is left alone and told, and all others are gone through.
  absl::StatusOr<base::Time> RunOnce();

  // From now on nothing that names this session has an owner.
  void Disown(const std::string& session_id) { orphans_.Disown(session_id); }

  SweepCounts counts() const;

 private:
  struct Answer;
  class Answers;

  // What one account has listed, and how far it has been gone through.
  struct List {
    std::string account;
    base::Time asked_at;
    internal::v1::CommandResult result;
    std::set<std::string> call_ids;
    int next_call = 0;
    int next_conference = 0;
    LivingSessions sessions;
    std::int64_t orphans = 0;
    std::int64_t missing = 0;
  };

  struct Sighting {
    base::Time first;
    std::int64_t last_sweep = 0;
    bool told = false;
  };

  void BeginSweep(base::Time now);
  void ForgetOldSightings();
  absl::Status OnAnswer(Answer answer);
  void OnListed(Answer answer);
  absl::Status OnLookedAt(const internal::v1::Command& look,
                          const internal::v1::CommandResult& result);
  void OnHungUp(const internal::v1::Command& hangup, const internal::v1::CommandResult& result);

  // One piece of the list in front.
  absl::Status GoOn();
  absl::Status JudgeCall(List& list, const internal::v1::CallFacts& call);
  absl::Status JudgeConference(List& list, const internal::v1::ConferenceFacts& conference);
  absl::Status CheckSessions(List& list);
  void EndList(const List& list);

  // As Orphans says it. Absent also if the store cannot read the session, which may want it.
  template <typename Facts>
  absl::StatusOr<std::optional<std::string>> SessionOfOrphan(const Facts& facts);
  void TellOfDamage(std::string_view what, const std::string& which);

  Sighting& See(const std::string& key);
  // Tells of an orphan and, unless it is a dry run, plans a look at it.
  void OnOrphan(List& list, const std::string& key, const std::string& call_id,
                const std::string& conference_id, const std::string& session_id,
                base::Duration age);

  internal::v1::Command MakeErrand(const std::string& account, const std::string& session_id);
  // Absent: all have left. Otherwise when the next may ask again.
  std::optional<base::Time> SendErrands();
  void Send(const internal::v1::Command& errand);

  store::Inbox& inbox_;
  store::Sessions& sessions_;
  provider::Survey& survey_;
  provider::Provider& provider_;
  provider::Pace& pace_;
  const base::Clock& clock_;
  const SweepOptions options_;
  Orphans orphans_;
  // Shared with the callbacks, which may come after the sweep is gone.
  const std::shared_ptr<Answers> answers_;

  std::optional<base::Time> next_sweep_time_;
  std::int64_t sweep_ = 0;
  std::int32_t last_errand_ = 0;
  // Of this sweep: what is to be asked or hung up, how many answers are out, what was listed.
  std::deque<internal::v1::Command> errands_;
  int planned_ = 0;
  int open_ = 0;
  std::deque<List> lists_;
  std::map<std::string, Sighting> sightings_;

  // One for each member of SweepCounts, in its order.
  base::Counter read_lists_{"sweep_lists", "Lists of the provider that the sweep has read."};
  base::Counter incomplete_lists_{"sweep_lists_incomplete",
                                  "Lists that the sweep could not read, or not whole."};
  base::Counter found_orphans_{"sweep_orphans",
                               "Calls and conferences in those lists that no session owns; one "
                               "that stays alive counts again in each list."};
  base::Counter hung_up_{"sweep_hangups", "Calls and conferences that the sweep has hung up."};
  base::Counter failed_hangups_{"sweep_hangups_failed",
                                "Hangups of the sweep that the provider did not accept."};
  base::Counter missing_calls_{"sweep_calls_missing",
                               "Calls of living sessions that were in no list."};
  // Of what may come again in each sweep, for each call.
  base::ThrottledLog log_;
};

}  // namespace callbridge::worker
