#include "server/api/reply_waiter.h"

#include <chrono>

#include "server/base/limits.h"

namespace callbridge::api {

absl::StatusOr<std::optional<internal::v1::Reply>> ReplyWaiter::Wait(std::int64_t input_id,
                                                                     const Asker& asker) const {
  const auto longest = std::chrono::steady_clock::now() + base::kReplyWaitMax;
  for (;;) {
    const std::uint64_t seen = signal_.changes();
    absl::StatusOr<std::optional<internal::v1::Reply>> reply = store_.ReadReply(input_id);
    if (!reply.ok() || reply->has_value() || asker.Gone() ||
        std::chrono::steady_clock::now() >= longest) {
      return reply;
    }
    signal_.WaitForMoreThan(seen, base::kReplyWaitSlice);
  }
}

}  // namespace callbridge::api
