// An InboxSink that holds requests while the server is away. It hands them over in batches, in
// order of arrival, from a thread of its own. Therefore the caller's thread never waits for a disk
// or a network. Its user provides the function that delivers a batch.
//
// A batch that is refused as too large is tried again in halves. A request is answered exactly
// once: never OK before its batch was delivered, and also when the sink is destroyed.
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
#include "server/base/ingress_limits.h"
#include "webhook/inbox_sink.h"

namespace callbridge::webhook {

struct HoldLimits {
  std::chrono::milliseconds hold = base::kHandOverHold;
  std::size_t requests_max = base::kHandOverRequestsMax;
  // The time between two attempts while the server is away.
  std::chrono::milliseconds retry = base::kHandOverRetry;
  // The time between two probes while there is no request to hand over.
  std::chrono::milliseconds probe = base::kHandOverProbe;
};

// Thread-safe.
class HoldingInboxSink final : public InboxSink {
 public:
  // Delivers one batch, and blocks up to the deadline or until stop is requested. An empty batch is
  // a probe. OK means that all of it is durable. UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, UNKNOWN
  // and CANCELLED may succeed later, also if the batch was delivered after all. RESOURCE_EXHAUSTED
  // may succeed later as well, and half of the batch may succeed at once. Any other status is
  // final.
  using Deliver = std::function<absl::Status(const std::vector<internal::v1::InboxItem>& items,
                                             std::chrono::steady_clock::time_point deadline,
                                             std::stop_token stop)>;

  explicit HoldingInboxSink(Deliver deliver, HoldLimits limits = {});
  // Answers UNAVAILABLE to all requests that are still held.
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
  // Waits until an attempt is due or a request was held too long. Returns false if the sink was
  // stopped.
  bool AwaitWork();
  // The earliest deadline of a held request; the end of time if there is none.
  Clock::time_point EarliestDeadline() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool AttemptDue() const;
  bool AttemptDueAt(Clock::time_point now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns the next requests that fit into one batch. They stay counted in held_ until they are
  // answered. Empty means that a probe is due.
  std::deque<Request> TakeBatch();
  // Answers a batch or puts it back at the front.
  void Conclude(std::deque<Request> batch, const absl::Status& status);
  // Sets the size and the time of the next batch. requests: the number of requests in the batch
  // that gave this status.
  void Adapt(std::size_t requests, const absl::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Puts a request that is too large alone behind the others, so that they need not wait until its
  // time is up.
  void PutBack(std::deque<Request> batch, const absl::Status& status)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Answer(std::deque<Request> requests, const absl::Status& status);
  // Answers the requests that were held too long.
  void Expire();

  const Deliver deliver_;
  const HoldLimits limits_;

  mutable absl::Mutex mutex_;
  base::Bell bell_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(mutex_);
  // The number of requests in the queue or under way.
  std::size_t held_ ABSL_GUARDED_BY(mutex_) = 0;
  // The number of requests that are delivered one by one, because a batch with them was refused for
  // good. One bad request must not affect the others.
  std::size_t single_ ABSL_GUARDED_BY(mutex_) = 0;
  // The largest number of requests in the next batch. It is halved after a batch that was too large
  // for the server, and doubled after each batch that the server took.
  std::size_t batch_requests_max_ ABSL_GUARDED_BY(mutex_);
  bool ready_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // No attempt is made before this moment.
  Clock::time_point next_attempt_ ABSL_GUARDED_BY(mutex_);

  // The last member, because its thread uses all others.
  std::jthread thread_;
};

}  // namespace callbridge::webhook
