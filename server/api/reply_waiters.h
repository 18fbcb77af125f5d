// Requests that wait for the reply of their step. Only the commit of its own input wakes a request.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>

#include "callbridge/internal/v1/input.pb.h"
#include "server/store/changes.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// Thread-safe. The store must outlive it.
class ReplyWaiters {
 public:
  // Called once, possibly before Wait returns, from the thread that commits. It must return at
  // once.
  using Done = std::function<void(const internal::v1::Reply&)>;

  explicit ReplyWaiters(store::Roles<store::Sessions, store::Changes> store);
  ~ReplyWaiters();
  ReplyWaiters(const ReplyWaiters&) = delete;
  ReplyWaiters& operator=(const ReplyWaiters&) = delete;

  // Waits for the reply of the input. waiter: a name that no other waiter has. It asks the store
  // once, because the step may have happened already. If the store fails, it returns the store's
  // status and does not call `done`.
  absl::Status Wait(std::int64_t input_id, const void* waiter, Done done);
  // Removes the waiter. Afterwards `done` is no longer called, but may still be running.
  void Forget(std::int64_t input_id, const void* waiter);

  std::size_t waiting() const;

 private:
  void OnReply(std::int64_t input_id, const internal::v1::Reply& reply);

  store::Sessions& sessions_;
  store::Changes& changes_;
  mutable absl::Mutex mutex_;
  // Waiters by the id of their input. A repetition of a request waits for the same input.
  std::multimap<std::int64_t, std::pair<const void*, Done>> waiters_ ABSL_GUARDED_BY(mutex_);
  int listener_ = 0;
};

}  // namespace callbridge::api
