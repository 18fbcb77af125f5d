#include "callbridge/seen_events.h"

namespace callbridge::client {

bool SeenEvents::Take(const std::string& session_id, std::int32_t sequence) {
  const auto found = by_session_.find(session_id);
  if (found == by_session_.end()) {
    order_.push_front({session_id, sequence});
    by_session_.emplace(session_id, order_.begin());
    if (order_.size() > sessions_max_) {
      by_session_.erase(order_.back().session_id);
      order_.pop_back();
    }
    return true;
  }
  order_.splice(order_.begin(), order_, found->second);
  if (sequence <= found->second->sequence) return false;
  found->second->sequence = sequence;
  return true;
}

}  // namespace callbridge::client
