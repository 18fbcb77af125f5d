// The commands that this process has sent and not settled, and those of others that it has to
// settle instead of them. Results come in on any thread. While rounds come, the next one makes them
// durable in a batch, and tries again until they are. When no round comes any more, each result is
// tried once as it comes in, together with those before it that are not durable.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "server/base/clock.h"
#include "server/provider/pace.h"
#include "server/store/ledger.h"

namespace callbridge::worker {

store::CommandKey KeyOf(const internal::v1::Command& command);

// Thread-safe.
class Flights {
 public:
  // All three must live as long as a result may still come in.
  Flights(store::Ledger& ledger, provider::Pace& pace, const base::Clock& clock);

  // Before the command is sent.
  void Begin(const internal::v1::Command& command);
  // Keeps the result for StoreResults and calls the wake function. It never waits for the store,
  // so that the thread that brings answers brings the next one. Without a wake function it settles
  // at once.
  void Finish(const internal::v1::Command& command, const internal::v1::CommandResult& result);
  // Stores all results that came in, in one transaction. UNAVAILABLE: they are kept for the next
  // call.
  absl::Status StoreResults();
  // Called after each result, from the thread that brought it: a round has to come. It must return
  // at once. Empty, as in the beginning: no round comes any more, and what came in is settled now.
  // When this returns, the function before is not running and is not called again.
  void SetWake(std::function<void()> wake);
  // Commands that the store has in flight and that were never sent become "not sent": they were
  // taken, and the answer to that was lost. Only while no other worker works on the store.
  absl::Status GiveUpUnsent();
  // Commands that the store has had in flight for longer than this become unknown: their callback
  // was lost. Each is told once, and kept until the store has taken that. Those that it does not
  // have in flight any more are forgotten.
  absl::Status GiveUpOverdue(base::Duration limit);

  // Sent and not answered, or answered and not durable. Commands of others count from the moment
  // that they are given up.
  int count() const;
  // StoreResults has something to do.
  bool answered() const;

 private:
  struct Flight {
    base::Time begin_time;
    // At the provider: absent. Then answered, until the store has taken it.
    std::optional<internal::v1::CommandResult> result;
  };

  // Tells operators of a failure: no round does.
  void StoreResultsNow();
  // Those that have a result.
  std::vector<store::Settlement> Answered() const;
  // Keeps the result that no answer brought, also of a flight that is not known here. False: it is
  // not needed.
  bool TakeAnswer(const store::CommandKey& key, const internal::v1::CommandResult& result);
  absl::Status Store(const std::vector<store::Settlement>& settlements);
  absl::Status GiveUpTakenBefore(base::Time taken_before,
                                 internal::v1::CommandResult::Verdict verdict);

  store::Ledger& ledger_;
  provider::Pace& pace_;
  const base::Clock& clock_;
  // Held while it is called, and never together with the other one.
  absl::Mutex wake_mutex_;
  std::function<void()> wake_ ABSL_GUARDED_BY(wake_mutex_);
  mutable absl::Mutex mutex_;
  std::map<store::CommandKey, Flight> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::worker
