// An InboxSink that holds requests while the server is away and hands them over in batches, in
// order of arrival, from a thread of its own, so that the caller's never waits for a disk or a
// network. How a batch is delivered is given to it. A batch that is refused as too much comes again
// in halves. A request is answered exactly once: never OK before its batch was delivered, and also
// when the sink is destroyed.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/bell.h"
#include "server/base/limits.h"
#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

struct HoldLimits {
  std::chrono::milliseconds hold = base::kHandOverHold;
  std::size_t requests_max = base::kHandOverRequestsMax;
  // Between two attempts while the server is away.
  std::chrono::milliseconds retry = base::kHandOverRetry;
  // Between two signs of life while there is nothing to hand over.
  std::chrono::milliseconds probe = base::kHandOverProbe;
};

// Thread-safe.
class HoldingInboxSink final : public InboxSink {
 public:
  // Delivers one batch and blocks while it does; at most until the deadline or until stop is
  // requested, if it can. An empty batch is a sign of life. OK: all of it is durable. UNAVAILABLE,
  // DEADLINE_EXCEEDED, ABORTED, UNKNOWN, CANCELLED: may succeed later, also if it was delivered
  // after all. RESOURCE_EXHAUSTED: the same, and half of it may succeed at once. Anything else: it
  // never will.
  using Deliver = std::function<absl::Status(const std::vector<internal::v1::InboxItem>& items,
                                             std::chrono::steady_clock::time_point deadline,
                                             std::stop_token stop)>;

  explicit HoldingInboxSink(Deliver deliver, HoldLimits limits = {});
  // Answers UNAVAILABLE to all that is still held.
  ~HoldingInboxSink() override;

  void Append(std::vector<internal::v1::InboxItem> items, Done done) override;
  bool ready() const override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Request {
    std::vector<internal::v1::InboxItem> items;
    std::size_t bytes = 0;
    Done done;
    Clock::time_point deadline;
  };

  void Run(std::stop_token stop);
  // Waits until an attempt is due or a request was held too long; false: stopped.
  bool AwaitWork();
  // The end of time: nothing is held.
  Clock::time_point EarliestDeadline() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool AttemptDue() const;
  bool AttemptDueAt(Clock::time_point now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The next requests that fit into one batch; they stay counted in held_ until they are answered.
  // Empty: a sign of life is due.
  std::deque<Request> TakeBatch();
  // Answers a batch or puts it back at the front.
  void Conclude(std::deque<Request> batch, const absl::Status& status);
  // The size of the next batch, and when it may leave, after one of so many requests.
  void Adapt(std::size_t requests, const absl::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // A request that is too much alone goes behind the others, so that they need not wait until its
  // time is up.
  void PutBack(std::deque<Request> batch, const absl::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Answer(std::deque<Request> requests, const absl::Status& status);
  // Answers those that were held too long.
  void Expire();

  const Deliver deliver_;
  const HoldLimits limits_;

  mutable absl::Mutex mutex_;
  base::Bell bell_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  // In the queue or under way.
  std::size_t held_ ABSL_GUARDED_BY(mutex_) = 0;
  // Requests that are delivered one by one, because a batch with them was refused for good: one bad
  // request must not take its neighbours down.
  std::size_t single_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the next batch: halved when one was too much for the server, doubled by each that was not.
  std::size_t batch_requests_max_ ABSL_GUARDED_BY(mutex_);
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Nothing is tried before this moment.
  Clock::time_point next_attempt_ ABSL_GUARDED_BY(mutex_);

  // The last member: it uses all others.
  std::jthread thread_;
};

}  // namespace callbridge::webhook
