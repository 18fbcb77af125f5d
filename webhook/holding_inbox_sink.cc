#include "webhook/holding_inbox_sink.h"

#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/base/ingress_limits.h"

namespace callbridge::webhook {
namespace {

bool IsTooMuch(const absl::Status& status) {
  return status.code() == absl::StatusCode::kResourceExhausted;
}

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
      batch_requests_max_(limits.requests_max),
      thread_([this](std::stop_token stop) { Run(stop); }) {}

HoldingInboxSink::~HoldingInboxSink() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    bell_.Ring();
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
  if (request.bytes > base::kInboxBatchBytesMax) {
    done(absl::OutOfRangeError(
        absl::StrFormat("the webhook's events have %d bytes together; a hand-over takes at most %d",
                        request.bytes, base::kInboxBatchBytesMax)));
    return;
  }
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
      bell_.Ring();
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
    // If no attempt is due, the thread woke only because the time of a request was over.
    if (!AttemptDue()) continue;
    std::deque<Request> batch = TakeBatch();
    std::vector<internal::v1::InboxItem> items;
    for (const Request& request : batch) {
      items.insert(items.end(), request.items.begin(), request.items.end());
    }
    const Clock::time_point deadline =
        batch.empty() ? Clock::now() + limits_.probe
                      : std::ranges::min_element(batch, {}, &Request::deadline)->deadline;
    const absl::Status status = deliver_(items, deadline, stop);
    Conclude(std::move(batch), status);
  }
}

bool HoldingInboxSink::AwaitWork() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point deadline = EarliestDeadline();
    if (deadline <= now || AttemptDueAt(now)) return true;
    const Clock::time_point wake = std::min(next_attempt_, deadline);
    // The first request in an empty queue ends the wait, because it may cause an attempt, and
    // brings a deadline.
    const bool idle = queue_.empty();
    const auto interrupted = [this, idle]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || (idle && !queue_.empty());
    };
    bell_.WaitFor(mutex_, wake - now, interrupted);
  }
  return false;
}

HoldingInboxSink::Clock::time_point HoldingInboxSink::EarliestDeadline() const {
  // The earliest deadline may stand anywhere, because a request that was too large alone is put
  // behind younger ones.
  Clock::time_point earliest = Clock::time_point::max();
  for (const Request& request : queue_) earliest = std::min(earliest, request.deadline);
  return earliest;
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
  const std::size_t requests_max = single_ > 0 ? 1 : batch_requests_max_;
  while (!queue_.empty() && batch.size() < requests_max) {
    const Request& next = queue_.front();
    items += next.items.size();
    bytes += next.bytes;
    // The first request is always taken, because otherwise it would wait for ever.
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

void HoldingInboxSink::Conclude(std::deque<Request> batch, const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    Adapt(batch.size(), status);
    const bool later = !status.ok() && MaySucceedLater(status);
    if (later || (!status.ok() && batch.size() > 1)) {
      if (!later) single_ = batch.size();
      PutBack(std::move(batch), status);
      return;
    }
  }
  Answer(std::move(batch), status);
}

void HoldingInboxSink::Adapt(std::size_t requests, const absl::Status& status) {
  const Clock::time_point now = Clock::now();
  const bool later = !status.ok() && MaySucceedLater(status);
  // A request that is refused for good does not show that the server is not ready. A refused probe
  // does.
  ready_ = status.ok() || (!later && requests > 0);
  next_attempt_ = now + (ready_ ? limits_.probe : limits_.retry);
  if (status.ok()) {
    batch_requests_max_ = std::min(limits_.requests_max, 2 * batch_requests_max_);
  } else if (IsTooMuch(status) && requests > 1) {
    batch_requests_max_ = requests / 2;
    next_attempt_ = now;
  }
}

void HoldingInboxSink::PutBack(std::deque<Request> batch, const absl::Status& status) {
  const bool behind = IsTooMuch(status) && batch.size() == 1;
  queue_.insert(behind ? queue_.end() : queue_.begin(), std::make_move_iterator(batch.begin()),
                std::make_move_iterator(batch.end()));
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
    const auto first =
        std::stable_partition(queue_.begin(), queue_.end(),
                              [now](const Request& request) { return request.deadline > now; });
    expired.insert(expired.end(), std::make_move_iterator(first),
                   std::make_move_iterator(queue_.end()));
    queue_.erase(first, queue_.end());
  }
  Answer(std::move(expired), absl::UnavailableError("the server did not take it in time"));
}

}  // namespace callbridge::webhook
