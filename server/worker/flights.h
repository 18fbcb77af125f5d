// The commands that this process has sent and not settled. Results come in on any thread, also after the worker is gone;
// each becomes durable, or is tried again until it is: none is ever lost while the process lives.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "client/pace.h"
#include "server/base/clock.h"
#include "server/store/store.h"

namespace callbridge::worker {

// Thread-safe.
class Flights {
 public:
  // All three must live as long as a result may still come in.
  Flights(store::Store& store, client::Pace& pace, const base::Clock& clock);

  // Before the command is sent.
  void Begin(const internal::v1::Command& command);
  // The session knows what the command did before its answer is here: its queue is free. The answer is settled like any other.
  void Release(const std::string& session_id, std::int32_t number);
  // Stores the result. If the store fails, RetryUnsettled has to.
  void Finish(const internal::v1::Command& command, const internal::v1::CommandResult& result);
  // Tries again what the store did not take. UNAVAILABLE: it still does not.
  absl::Status RetryUnsettled();
  // Commands that the store has had in flight for longer than this become unknown: their callback was lost. Those that it
  // does not have in flight any more are forgotten.
  absl::Status GiveUpOverdue(base::Duration limit);

  // Sent, or answered and not durable.
  int count() const;
  // The queues (turns.h) that wait for a command at the provider; the empty one if some have that overtake.
  std::set<std::string> busy() const;

 private:
  // Session, number, attempt.
  using Key = std::tuple<std::string, std::int32_t, std::int32_t>;

  struct Flight {
    std::string turn;
    base::Time begin_time;
    // At the provider: absent. Then answered, and with failed true to be tried again until the store takes it.
    std::optional<internal::v1::CommandResult> result;
    bool failed = false;
    bool released = false;
  };

  absl::Status Settle(const std::string& session_id, const internal::v1::CommandResult& result);

  store::Store& store_;
  client::Pace& pace_;
  const base::Clock& clock_;
  mutable absl::Mutex mutex_;
  std::map<Key, Flight> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::worker
