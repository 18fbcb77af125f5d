// Searches periodically for calls and conferences of this service that no session owns. Each is
// looked at once more and then hung up. In reverse, a session whose call is no longer listed is
// told to look at it. The sweep has no thread and no clock of its own; the worker advances it. It
// changes no session, and treats a fact that the provider has told only once as a question.
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
  // The time between two sweeps, and from the first round to the first sweep.
  base::Duration interval = std::chrono::minutes(5);
  // The age from which a call or conference may count as an orphan. Calls are as old as the
  // provider says, if it says so; conferences count from the moment at which they were first
  // listed.
  base::Duration minimum_age = std::chrono::minutes(10);
  // Orphans are only logged, and not hung up.
  bool dry_run = false;
  base::Duration send_by = base::kSendBy;
};

// Counts since the start.
struct SweepCounts {
  // Lists that were read, and lists that were incomplete or unreadable.
  std::int64_t lists = 0;
  std::int64_t incomplete_lists = 0;
  // Orphans that were found in a list and are old enough. The same call counts again in each list.
  std::int64_t orphans = 0;
  // Hangups that the provider accepted, and hangups that failed.
  std::int64_t hung_up = 0;
  std::int64_t failed_hangups = 0;
  // Times that a session was told to look at a call.
  std::int64_t missing = 0;
};

// Not thread-safe: one thread runs it and reads the counts.
class Sweep {
 public:
  // Its parameters must outlive the sweep; callbacks that come after its end touch none of them.
  Sweep(store::Roles<store::Inbox, store::Sessions> store, provider::Survey& survey,
        provider::Provider& provider, provider::Pace& pace, const base::Clock& clock,
        SweepOptions options);

  // Runs one round: begins a sweep when it is due, handles a part of what was listed, and sends
  // what may leave. Returns when to run again; now or a past time means at once. A failure of the
  // store fails the round without loss, and the caller runs it again a little later. Damage fails
  // no round: sessions that the store cannot read are left alone and reported.
  absl::StatusOr<base::Time> RunOnce();

  // Tells that calls and conferences which name this session have no owner from now on.
  void Disown(const std::string& session_id) { orphans_.Disown(session_id); }

  SweepCounts counts() const;

 private:
  struct Answer;
  class Answers;

  // The list of one account, and how much of it was handled.
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

  // Handles one part of the first list.
  absl::Status GoOn();
  absl::Status JudgeCall(List& list, const internal::v1::CallFacts& call);
  absl::Status JudgeConference(List& list, const internal::v1::ConferenceFacts& conference);
  absl::Status CheckSessions(List& list);
  void EndList(const List& list);

  // Returns what Orphans says of it. Absent also means that the store cannot read the session,
  // which may want the call.
  template <typename Facts>
  absl::StatusOr<std::optional<std::string>> SessionOfOrphan(const Facts& facts);
  void TellOfDamage(std::string_view what, const std::string& which);

  Sighting& See(const std::string& key);
  // Reports an orphan and, unless it is a dry run, plans a look at it.
  void OnOrphan(List& list, const std::string& key, const std::string& call_id,
                const std::string& conference_id, const std::string& session_id,
                base::Duration age);

  internal::v1::Command MakeErrand(const std::string& account, const std::string& session_id);
  // Sends the commands that may leave. Returns when the next may ask again. Absent means that all
  // have left.
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
  // The current sweep: what is to be asked or hung up, the number of open answers, and what was
  // listed.
  std::deque<internal::v1::Command> errands_;
  int planned_ = 0;
  int open_ = 0;
  std::deque<List> lists_;
  std::map<std::string, Sighting> sightings_;

  // The counters follow the members of SweepCounts, in their order.
  base::Counter read_lists_{"sweep_lists", "Lists of the provider that the sweep has read."};
  base::Counter incomplete_lists_{"sweep_lists_incomplete",
                                  "Lists that the sweep could not read completely."};
  base::Counter found_orphans_{"sweep_orphans",
                               "Calls and conferences in those lists that no session owns; one "
                               "that stays alive counts again in each list."};
  base::Counter hung_up_{"sweep_hangups", "Calls and conferences that the sweep has hung up."};
  base::Counter failed_hangups_{"sweep_hangups_failed",
                                "Hangups of the sweep that the provider did not accept."};
  base::Counter missing_calls_{"sweep_calls_missing",
                               "Calls of living sessions that were in no list."};
  // Logs what may come again for each call in each sweep.
  base::ThrottledLog log_;
};

}  // namespace callbridge::worker
