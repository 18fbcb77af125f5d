// The commands that this process has sent and not settled, and those of other workers that it has
// to settle. Results arrive on any thread. While rounds run, the next round makes the results
// durable in a batch, and retries until they are. After the last round, each result is stored once
// when it arrives, together with earlier results that are not yet durable.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "server/base/clock.h"
#include "server/base/throttled_log.h"
#include "server/provider/pace.h"
#include "server/store/ledger.h"

namespace callbridge::worker {

store::CommandKey KeyOf(const internal::v1::Command& command);

// Thread-safe.
class Flights {
 public:
  // The three must exist as long as a result may still arrive.
  Flights(store::Ledger& ledger, provider::Pace& pace, const base::Clock& clock);

  // Records the command before it is sent.
  void Begin(const internal::v1::Command& command);
  // Keeps the result for StoreResults and calls the wake function. It never waits for the store, so
  // that the thread that brings answers stays free for the next one. Without a wake function it
  // settles at once.
  void Finish(const internal::v1::Command& command, const internal::v1::CommandResult& result);
  // Stores all results that have arrived, in one transaction. UNAVAILABLE means that the results
  // are kept for the next call.
  absl::Status StoreResults();
  // Sets a function that is called after each result, from the thread that brought it, to request a
  // round. It must return at once. The function is empty at first, and when no more rounds run;
  // each result is then settled when it arrives. After SetWake returns, the function set before is
  // not running and is never called again.
  void SetWake(std::function<void()> wake);
  // Settles commands as "not sent" that the store has in flight and that were never sent, because
  // the answer to their taking was lost. It may be called only while no other worker works on the
  // store.
  absl::Status GiveUpUnsent();
  // Settles commands as unknown that the store has had in flight for longer than `limit`, because
  // their callback was lost. Each is reported once, and kept until the store has accepted the
  // result. Commands that the store no longer has in flight are forgotten.
  absl::Status GiveUpOverdue(base::Duration limit);

  // The number of commands that were sent and not answered, or answered and not yet durable.
  // Commands of other workers count from the moment at which they are given up.
  int count() const;
  // True if StoreResults has results to store.
  bool answered() const;

 private:
  struct Flight {
    base::Time begin_time;
    // Absent while the provider has not answered. Afterwards the answer, until the store has
    // accepted it.
    std::optional<internal::v1::CommandResult> result;
  };

  // Logs a file that the provider did not play. The bridge goes on in silence, so that nothing else
  // tells the operator.
  void TellOfUnplayedFile(const internal::v1::Command& command,
                          const internal::v1::CommandResult& result);
  // Stores the results outside of a round, and logs a failure for operators.
  void StoreResultsNow();
  // The flights that have a result.
  std::vector<store::Settlement> Answered() const;
  // Keeps a result that no answer brought, also for a flight that is unknown here. Returns false if
  // the result is not needed.
  bool TakeAnswer(const store::CommandKey& key, const internal::v1::CommandResult& result);
  absl::Status Store(const std::vector<store::Settlement>& settlements);
  absl::Status GiveUpTakenBefore(base::Time taken_before,
                                 internal::v1::CommandResult::Verdict verdict);

  store::Ledger& ledger_;
  provider::Pace& pace_;
  const base::Clock& clock_;
  base::ThrottledLog file_log_;
  // Held while the wake function is called, and never together with the other mutex.
  absl::Mutex wake_mutex_;
  std::function<void()> wake_ ABSL_GUARDED_BY(wake_mutex_);
  mutable absl::Mutex mutex_;
  std::map<store::CommandKey, Flight> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::worker
