// The imperative shell around the flow: loads what waits, steps it, commits, and only then lets commands leave. It has no
// thread and no clock of its own: somebody calls RunOnce (worker_loop.h in the service, a loop over simulated time in a
// simulation). A crash between any two of its lines repeats something harmless and changes nothing else.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/pace.h"
#include "client/provider.h"
#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/store/store.h"
#include "server/worker/flights.h"
#include "server/worker/stepping.h"

namespace callbridge::worker {

struct WorkerOptions {
  base::Duration send_by = base::kSendBy;
  // A command in flight for longer than this has lost its callback.
  base::Duration in_flight_max = base::kProviderRequestTimeout + base::kInFlightGrace;
  base::Duration timers_wait_after_start = base::kTimersWaitAfterStart;
  base::Duration careful_after_crash = base::kCarefulAfterCrash;
  base::Duration maintain_interval = base::kMaintainInterval;
};

class Worker {
 public:
  // store, pace and clock must outlive the provider, whose last callbacks use them; the provider must outlive the worker.
  // step: flow::Step.
  Worker(store::Store& store, client::Provider& provider, client::Pace& pace,
         const base::Clock& clock, StepFunction step, WorkerOptions options = {});

  // One round: results that are not durable yet, one batch of sessions, one batch of commands. The first round of a worker
  // begins the run: commands that an earlier server left in flight become unknown. Returns when to run again; the past or
  // now: at once. It is also to be run whenever the store's listeners are called. A failure of the store fails the round
  // with its status; nothing is lost, run it again a little later. One thread at a time.
  absl::StatusOr<std::optional<base::Time>> RunOnce();

  // From now on no command leaves; inputs are stepped as before. Thread-safe.
  void StopTaking() { taking_ = false; }
  // Commands that were sent and whose result is not durable. Thread-safe.
  int in_flight() const { return flights_->count(); }

 private:
  absl::Status Begin();
  // True: something was done, there may be more.
  absl::StatusOr<bool> StepSessions();
  absl::Status StepTogether(const std::vector<store::Work>& works);
  absl::Status StepAlone(const store::Work& work);
  absl::Status CommitAll(const std::vector<store::Work>& works,
                         const std::vector<store::SessionCommit>& commits);
  absl::Status Condemn(const store::Work& work, const std::string& reference);
  // Absent: nothing left. Otherwise when the first of those that wait for their rate may ask again, or now.
  absl::StatusOr<std::optional<base::Time>> Dispatch();
  absl::Status Maintain();
  absl::StatusOr<base::Time> NextTime();
  bool careful() const;
  bool timers_allowed() const;

  store::Store& store_;
  client::Provider& provider_;
  client::Pace& pace_;
  const base::Clock& clock_;
  const StepFunction step_;
  const WorkerOptions options_;
  // Shared with the callbacks, which may come after the worker is gone.
  const std::shared_ptr<Flights> flights_;
  std::atomic<bool> taking_ = true;
  std::optional<base::Time> start_time_;
  bool begun_ = false;
  bool after_crash_ = false;
  base::Time next_maintain_time_;
  // Sessions that were ended because their steps could not be committed.
  std::set<std::string> condemned_;
  // Those of them that could not even be ended, or went on failing: left alone until the next start, so that they hold up nobody else.
  std::set<std::string> hopeless_;
};

}  // namespace callbridge::worker
