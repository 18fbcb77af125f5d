#include "server/inbox/call_session_id.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "server/base/ids.h"
#include "server/base/sha256.h"

namespace callbridge::inbox {
namespace {

using internal::v1::ProviderEvent;

// How far the provider's clock may be ahead of ours. A time beyond that is not believed.
constexpr std::chrono::hours kClockAheadMax{24};

}  // namespace

std::string SessionIdOf(const ProviderEvent& call_received, base::Time now) {
  // `now` itself is not used, because a repetition of the event at another moment must make the
  // same id.
  const auto believed = [now](const google::protobuf::Timestamp& time) {
    return base::FromTimestamp(time) <= now + kClockAheadMax;
  };
  base::Time birth{};
  if (call_received.call().has_start_time() && believed(call_received.call().start_time())) {
    birth = base::FromTimestamp(call_received.call().start_time());
  } else if (call_received.has_occur_time() && believed(call_received.occur_time())) {
    birth = base::FromTimestamp(call_received.occur_time());
  }
  const auto digest = base::Sha256(call_received.call_id());
  return base::MakeSessionId(std::max(birth, base::Time{}),
                             std::span(digest).first<base::kSessionIdTailBytes>());
}

}  // namespace callbridge::inbox
