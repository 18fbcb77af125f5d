// The imperative shell around the flow. It loads the inputs that wait, steps them, commits, and
// only then lets commands leave. It has no thread and no clock of its own: worker_loop.h calls
// RunOnce in the service, and a loop over simulated time does in a simulation. A crash between any
// two of its lines loses nothing: a command that was taken has an unknown fate after the restart,
// and is looked for (decision 0041).
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
  // No other worker works on this store. If it is false, the commands and marks of other workers
  // are left alone. What a dead worker left in flight then becomes unknown when its time is over.
  bool alone = true;
  // A command that stays in flight for longer has lost its callback, even if another worker sent
  // it.
  base::Duration in_flight_max = base::kProviderRequestTimeout + base::kInFlightGrace;
  // How often the worker asks the store for such commands. They are given up earlier by this time.
  base::Duration in_flight_watch = base::kInFlightWatch;
  // How long overdue timers wait after a start or a pause. Webhooks from before wait in sockets and
  // in the ingress, and are handled first.
  base::Duration timers_wait = base::kTimersWait;
  // The longest time between two rounds, so that a pause is noticed.
  base::Duration rounds_apart = base::kRoundsApartMax;
  base::Duration maintain_interval = base::kMaintainInterval;
};

class Worker {
 public:
  // store, pace and clock must outlive the provider, whose last callbacks use them; the provider
  // must outlive the worker. step: flow::Step. sweep: each round advances it, and it must outlive
  // the worker; null if there is no sweep.
  Worker(WorkerStore store, provider::Provider& provider, provider::Pace& pace,
         const base::Clock& clock, StepFunction step, WorkerOptions options = {},
         Sweep* sweep = nullptr);

  // Runs one round: results that are not yet durable, one batch of sessions, one batch of commands,
  // and a part of the sweep. The first round of a worker that is alone begins the run: commands
  // that an earlier server left in flight become unknown.
  //
  // Returns when to run again; now or a past time means at once. The caller also runs it whenever
  // the store's listeners are called. A failure of the store fails the round with its status and
  // without loss; the caller runs it again a little later. Only one thread may call it at a time.
  absl::StatusOr<base::Time> RunOnce();

  // Tells the store that this end is an orderly one. The caller calls it after the last round.
  absl::Status End();

  // Sets a function that is called, from any thread, when a result has arrived that the next round
  // has to store. It must return at once. The caller that runs rounds sets it, and removes it
  // (empty) after the last round. From then on each result is stored when it arrives.
  void SetWake(std::function<void()> wake) { flights_->SetWake(std::move(wake)); }
  // Lets no further command leave; inputs are stepped as before. Thread-safe.
  void StopTaking() { taking_ = false; }
  // The number of commands that were sent, or given up for other workers, and whose result is not
  // durable. Thread-safe.
  int in_flight() const { return flights_->count(); }

 private:
  absl::Status Begin();
  absl::StatusOr<int> BeginAlone();
  absl::StatusOr<base::Time> Round();
  // True if this round comes later than it should, by a pause (kPauseMin): the machine slept, the
  // process was stopped, or the disk hung.
  bool ComesAfterPause(base::Time now) const;
  // Checks, after a start or a pause, what waits before it may go on. A dial is the first command
  // about its leg, so no dial hides behind another command.
  absl::Status Resume(base::Time now);
  // Sessions that have work now.
  absl::StatusOr<std::vector<store::DueSession>> NextWorks(base::Time now);
  // Loads what is due until then, without sessions that cannot be stepped.
  absl::StatusOr<std::vector<store::DueSession>> LoadWorks(base::Time until, int limit);
  // The number of sessions that have work and cannot be stepped.
  int passed_over() const;
  // Loads the sessions in the first seconds after a start or a pause: all except those whose timer
  // was due before the pause ended.
  absl::StatusOr<std::vector<store::DueSession>> NextWorksWithoutOverdue(base::Time now);
  // Steps one batch of sessions. True means that there may be more.
  absl::StatusOr<bool> StepSessions();
  // Steps with the time at which the work was loaded. The worker has not yet noticed a pause since
  // then, and such a pause must make no timer due.
  store::SessionCommit Step(const store::DueSession& work, base::Time loaded) const;
  Surroundings SurroundingsOf(const internal::v1::Session& session) const;
  absl::Status StepTogether(const std::vector<store::DueSession>& works, base::Time loaded);
  absl::Status StepAlone(const store::DueSession& work, base::Time loaded);
  // Lets commands leave with the commits that issue them, if they have a token: it steps that they
  // are taken, and returns them.
  absl::StatusOr<std::vector<internal::v1::Command>> TakeIssued(
      const std::vector<store::DueSession>& works, base::Time loaded,
      std::vector<store::SessionCommit>& commits);
  // Commits, then sends what was taken with each commit. A command that a failed commit has taken
  // gives its token back.
  absl::Status CommitAll(const std::vector<store::DueSession>& works,
                         const std::vector<store::SessionCommit>& commits,
                         const std::vector<internal::v1::Command>& taken, base::Time send_by);
  // Measures how busy the service is, to spread the routine looks.
  absl::Status MeasureLoad();
  absl::Status Maintain();
  // True if commands may be in flight that have to be given up in time.
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
  // Sessions on damaged pages of the store that had work in the last round.
  int damaged_ = 0;
  base::ThrottledLog damage_log_{std::chrono::minutes(1)};
  std::atomic<bool> taking_ = true;
  std::optional<base::Time> start_time_;
  // The time of the start, or of the end of the last pause.
  base::Time resume_time_;
  // True if overdue timers had their turn since resume_time_. Rounds that are always late must not
  // delay them for ever.
  bool overdue_fired_ = true;
  // When the next round is due. Absent before the first round.
  std::optional<base::Time> next_round_time_;
  bool begun_ = false;
  bool after_crash_ = false;
  // Commands of the run before that became unknown, summed over all tries to begin this run.
  int unknown_commands_ = 0;
  base::Time next_maintain_time_;
  base::Time next_watch_time_;
  // The shortest time between two routine looks at a talk. Zero means that there are few enough
  // talks.
  base::Duration routine_look_period_{};
  base::Time next_count_time_;
  PromptLengths prompt_lengths_;
  // When the first of the other timers is due, while overdue timers wait.
  std::optional<base::Time> next_timer_;
  // How often this run has marked a session, in the minute after a crash.
  std::map<std::string, int> own_marks_;
};

}  // namespace callbridge::worker
