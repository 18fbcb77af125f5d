#include "webhook/holding_inbox_sink.h"

#include <absl/time/time.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace callbridge::webhook {
namespace {

bool MaySucceedLater(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace

HoldingInboxSink::HoldingInboxSink(Deliver deliver, HoldLimits limits)
    : deliver_(std::move(deliver)),
      limits_(limits),
      thread_([this](std::stop_token stop) { Run(stop); }) {}

HoldingInboxSink::~HoldingInboxSink() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.request_stop();
  thread_.join();
  std::deque<Request> rest;
  {
    absl::MutexLock lock(&mutex_);
    rest.swap(queue_);
  }
  Answer(std::move(rest), absl::UnavailableError("the ingress is stopping"));
}

void HoldingInboxSink::Append(std::vector<internal::v1::InboxItem> items, Done done) {
  if (items.empty()) {
    done(absl::OkStatus());
    return;
  }
  Request request;
  for (const internal::v1::InboxItem& item : items) request.bytes += item.ByteSizeLong();
  request.items = std::move(items);
  request.done = std::move(done);
  request.deadline = Clock::now() + limits_.hold;
  absl::Status refused;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      refused = absl::UnavailableError("the ingress is stopping");
    } else if (held_ >= limits_.requests_max) {
      refused = absl::ResourceExhaustedError("too many webhooks are held already");
    } else {
      ++held_;
      queue_.push_back(std::move(request));
      return;
    }
  }
  request.done(refused);
}

bool HoldingInboxSink::ready() const {
  absl::MutexLock lock(&mutex_);
  return ready_;
}

void HoldingInboxSink::Run(std::stop_token stop) {
  while (AwaitWork()) {
    Expire();
    // Woken only because somebody's time was up.
    if (!AttemptDue()) continue;
    std::deque<Request> batch = TakeBatch();
    std::vector<internal::v1::InboxItem> items;
    for (const Request& request : batch) {
      items.insert(items.end(), request.items.begin(), request.items.end());
    }
    const Clock::time_point deadline =
        batch.empty() ? Clock::now() + limits_.probe : batch.front().deadline;
    const absl::Status status = deliver_(items, deadline, stop);
    Settle(std::move(batch), status);
  }
}

bool HoldingInboxSink::AwaitWork() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    const Clock::time_point now = Clock::now();
    const bool expired = !queue_.empty() && queue_.front().deadline <= now;
    if (expired || AttemptDueAt(now)) return true;
    Clock::time_point wake = next_attempt_;
    if (!queue_.empty()) wake = std::min(wake, queue_.front().deadline);
    // The first request of an empty queue brings an attempt or at least a deadline of its own.
    const bool idle = queue_.empty();
    const auto interrupted = [this, idle]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || (idle && !queue_.empty());
    };
    mutex_.AwaitWithTimeout(absl::Condition(&interrupted), absl::FromChrono(wake - now));
  }
  return false;
}

bool HoldingInboxSink::AttemptDue() const {
  absl::MutexLock lock(&mutex_);
  return AttemptDueAt(Clock::now());
}

bool HoldingInboxSink::AttemptDueAt(Clock::time_point now) const {
  // After a failure even a full queue waits for the next attempt.
  return now >= next_attempt_ || (ready_ && !queue_.empty());
}

std::deque<HoldingInboxSink::Request> HoldingInboxSink::TakeBatch() {
  std::deque<Request> batch;
  std::size_t items = 0;
  std::size_t bytes = 0;
  absl::MutexLock lock(&mutex_);
  const std::size_t requests_max = single_ > 0 ? 1 : limits_.requests_max;
  while (!queue_.empty() && batch.size() < requests_max) {
    const Request& next = queue_.front();
    items += next.items.size();
    bytes += next.bytes;
    // The first is taken whatever its size, or it would wait for ever.
    if (!batch.empty() && (items > static_cast<std::size_t>(base::kInboxBatchMax) ||
                           bytes > base::kInboxBatchBytesMax)) {
      break;
    }
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  if (single_ > 0 && !batch.empty()) --single_;
  return batch;
}

void HoldingInboxSink::Settle(std::deque<Request> batch, const absl::Status& status) {
  bool answer = true;
  {
    absl::MutexLock lock(&mutex_);
    const Clock::time_point now = Clock::now();
    const bool later = !status.ok() && MaySucceedLater(status);
    // A request that is refused for good says nothing about the server's health; a refused sign of life does.
    ready_ = status.ok() || (!later && !batch.empty());
    next_attempt_ = now + (ready_ ? limits_.probe : limits_.retry);
    if (later || (!status.ok() && batch.size() > 1)) {
      if (!later) single_ = batch.size();
      queue_.insert(queue_.begin(), std::make_move_iterator(batch.begin()),
                    std::make_move_iterator(batch.end()));
      answer = false;
    }
  }
  if (answer) Answer(std::move(batch), status);
}

void HoldingInboxSink::Answer(std::deque<Request> requests, const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    held_ -= requests.size();
  }
  for (Request& request : requests) request.done(status);
}

void HoldingInboxSink::Expire() {
  std::deque<Request> expired;
  {
    absl::MutexLock lock(&mutex_);
    const Clock::time_point now = Clock::now();
    while (!queue_.empty() && queue_.front().deadline <= now) {
      expired.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
  }
  Answer(std::move(expired), absl::UnavailableError("the server did not take it in time"));
}

}  // namespace callbridge::webhook
