#include "server/api/reply_waiters.h"

#include <absl/status/statusor.h>

#include <optional>
#include <utility>
#include <vector>

namespace callbridge::api {

ReplyWaiters::ReplyWaiters(store::Roles<store::Sessions, store::Changes> store)
    : sessions_(store.get<store::Sessions>()), changes_(store.get<store::Changes>()) {
  listener_ =
      changes_.AddReplyListener([this](std::int64_t input_id, const internal::v1::Reply& reply) {
        OnReply(input_id, reply);
      });
}

ReplyWaiters::~ReplyWaiters() { changes_.RemoveReplyListener(listener_); }

absl::Status ReplyWaiters::Wait(std::int64_t input_id, const void* waiter, Done done) {
  {
    absl::MutexLock lock(&mutex_);
    waiters_.emplace(input_id, std::pair(waiter, std::move(done)));
  }
  // The store is asked after the waiter was entered, so that no reply is missed between the two.
  const absl::StatusOr<std::optional<internal::v1::Reply>> reply = sessions_.ReadReply(input_id);
  if (!reply.ok()) {
    Forget(input_id, waiter);
    return reply.status();
  }
  if (reply->has_value()) {
    OnReply(input_id, **reply);
  }
  return absl::OkStatus();
}

void ReplyWaiters::Forget(std::int64_t input_id, const void* waiter) {
  absl::MutexLock lock(&mutex_);
  const auto [begin, end] = waiters_.equal_range(input_id);
  for (auto one = begin; one != end; ++one) {
    if (one->second.first == waiter) {
      waiters_.erase(one);
      return;
    }
  }
}

std::size_t ReplyWaiters::waiting() const {
  absl::MutexLock lock(&mutex_);
  return waiters_.size();
}

void ReplyWaiters::OnReply(std::int64_t input_id, const internal::v1::Reply& reply) {
  std::vector<Done> woken;
  {
    absl::MutexLock lock(&mutex_);
    const auto [begin, end] = waiters_.equal_range(input_id);
    for (auto one = begin; one != end; ++one) {
      woken.push_back(std::move(one->second.second));
    }
    waiters_.erase(begin, end);
  }
  for (const Done& done : woken) {
    done(reply);
  }
}

}  // namespace callbridge::api
