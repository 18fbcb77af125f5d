// The imperative shell around the flow: loads what waits, steps it, commits, and only then lets
// commands leave. It has no thread and no clock of its own: somebody calls RunOnce (worker_loop.h
// in the service, a loop over simulated time in a simulation). A crash between any two of its lines
// repeats something harmless and changes nothing else.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/base/throttled_log.h"
#include "server/provider/pace.h"
#include "server/provider/provider.h"
#include "server/store/inbox.h"
#include "server/store/ledger.h"
#include "server/store/roles.h"
#include "server/store/upkeep.h"
#include "server/store/work.h"
#include "server/worker/dispatcher.h"
#include "server/worker/failed_sessions.h"
#include "server/worker/flights.h"
#include "server/worker/prompt_lengths.h"
#include "server/worker/stepping.h"

namespace callbridge::worker {

class Sweep;

using WorkerStore = store::Roles<store::Inbox, store::Work, store::Ledger, store::Upkeep>;

struct WorkerOptions {
  // No other worker works on this store. Otherwise the commands and marks of others are left alone,
  // and what a dead one left in flight becomes unknown when its time is over.
  bool alone = true;
  // No command, whoever sent it, stays in flight for longer: its callback is lost.
  base::Duration in_flight_max = base::kProviderRequestTimeout + base::kInFlightGrace;
  // How often the store is asked for such commands, which are given up so much earlier.
  base::Duration in_flight_watch = base::kInFlightWatch;
  // After a start or a pause. Webhooks of the time before wait in sockets and in the ingress, and
  // come first.
  base::Duration timers_wait = base::kTimersWait;
  // A round comes at least so often, so that a pause is seen.
  base::Duration rounds_apart = base::kRoundsApartMax;
  base::Duration maintain_interval = base::kMaintainInterval;
};

class Worker {
 public:
  // store, pace and clock must outlive the provider, whose last callbacks use them; the provider
  // must outlive the worker. step: flow::Step. sweep: advanced by each round; it must outlive the
  // worker. Null: there is none.
  Worker(WorkerStore store, provider::Provider& provider, provider::Pace& pace,
         const base::Clock& clock, StepFunction step, WorkerOptions options = {},
         Sweep* sweep = nullptr);

  // One round: results that are not durable yet, one batch of sessions, one batch of commands, a
  // piece of the sweep. The first round of a worker that is alone begins the run: commands that an
  // earlier server left in flight become unknown. Returns when to run again; the past or now: at
  // once. It is also to be run whenever the store's listeners are called. A failure of the store
  // fails the round with its status; nothing is lost, run it again a little later. One thread at a
  // time.
  absl::StatusOr<base::Time> RunOnce();

  // Tells the store that this end is an orderly one. After the last round.
  absl::Status End();

  // Called, from any thread, when a result has come in that the next round has to store; it must
  // return at once. Whoever runs rounds sets it, and takes it away (empty) after the last one: from
  // then on each result is stored as it comes in.
  void SetWake(std::function<void()> wake) { flights_->SetWake(std::move(wake)); }
  // From now on no command leaves; inputs are stepped as before. Thread-safe.
  void StopTaking() { taking_ = false; }
  // Commands that were sent, or given up for others, and whose result is not durable. Thread-safe.
  int in_flight() const { return flights_->count(); }

 private:
  absl::Status Begin();
  absl::StatusOr<int> BeginAlone();
  absl::StatusOr<base::Time> Round();
  // True: this round comes later than it should, by a pause (kPauseMin): the machine slept, the
  // process was stopped, the disk hung.
  bool ComesAfterPause(base::Time now) const;
  // What waits is looked at again before it goes on: after a start, and after a pause. A dial is
  // the first command about its leg, so none hides behind another.
  absl::Status Resume(base::Time now);
  // Sessions that have something to do now.
  absl::StatusOr<std::vector<store::DueSession>> NextWorks(base::Time now);
  // What is due until then, without what cannot be stepped.
  absl::StatusOr<std::vector<store::DueSession>> LoadWorks(base::Time until, int limit);
  // How many sessions that have something to do cannot be stepped.
  int passed_over() const;
  // In the first seconds after a start or a pause: all but those whose timer was due before it
  // ended.
  absl::StatusOr<std::vector<store::DueSession>> NextWorksWithoutOverdue(base::Time now);
  // True: something was done, there may be more.
  absl::StatusOr<bool> StepSessions();
  // By the time at which they were loaded: a pause since then has not been seen, and must make no
  // timer due.
  store::SessionCommit Step(const store::DueSession& work, base::Time loaded) const;
  Surroundings SurroundingsOf(const internal::v1::Session& session) const;
  absl::Status StepTogether(const std::vector<store::DueSession>& works, base::Time loaded);
  absl::Status StepAlone(const store::DueSession& work, base::Time loaded);
  // Lets commands leave with the commits that issue them, as far as they have a token: steps that
  // they are taken, and returns them.
  absl::StatusOr<std::vector<internal::v1::Command>> TakeIssued(
      const std::vector<store::DueSession>& works, base::Time loaded,
      std::vector<store::SessionCommit>& commits);
  // Then sends what was taken with each. What a failed commit has taken gives its token back.
  absl::Status CommitAll(const std::vector<store::DueSession>& works,
                         const std::vector<store::SessionCommit>& commits,
                         const std::vector<internal::v1::Command>& taken, base::Time send_by);
  // How busy the service is, for the looks that are spread.
  absl::Status MeasureLoad();
  absl::Status Maintain();
  // There may be commands in flight that have to be given up in time.
  bool watches_flights() const;
  absl::StatusOr<base::Time> NextTime();
  bool careful() const;

  store::Inbox& inbox_;
  store::Work& work_;
  store::Ledger& ledger_;
  store::Upkeep& upkeep_;
  const base::Clock& clock_;
  const StepFunction step_;
  const WorkerOptions options_;
  Sweep* const sweep_;
  FailedSessions failed_sessions_;
  // Shared with the callbacks, which may come after the worker is gone.
  const std::shared_ptr<Flights> flights_;
  Dispatcher dispatcher_;
  // Sessions on damaged pages of the store that have something to do, as of the last round.
  int damaged_ = 0;
  base::ThrottledLog damage_log_{std::chrono::minutes(1)};
  std::atomic<bool> taking_ = true;
  std::optional<base::Time> start_time_;
  // When the start was, or the last pause ended.
  base::Time resume_time_;
  // Overdue timers had their turn since then. Rounds that are always late must not put them off for
  // ever.
  bool overdue_fired_ = true;
  // When the next round is due. Absent: there was none.
  std::optional<base::Time> next_round_time_;
  bool begun_ = false;
  bool after_crash_ = false;
  // Of the run before, by all tries to begin this one.
  int unknown_commands_ = 0;
  base::Time next_maintain_time_;
  base::Time next_watch_time_;
  // How long at least between two routine looks at a talk. Zero: there are few enough talks.
  base::Duration routine_look_period_{};
  base::Time next_count_time_;
  PromptLengths prompt_lengths_;
  // While overdue timers wait: when the first of the others is due.
  std::optional<base::Time> next_timer_;
  // In the minute after a crash: how often this run has marked a session.
  std::map<std::string, int> own_marks_;
};

}  // namespace callbridge::worker
