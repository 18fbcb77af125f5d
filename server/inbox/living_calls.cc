#include "server/inbox/living_calls.h"

#include "server/base/limits.h"

namespace callbridge::inbox {

LivingCalls::Added LivingCalls::TryAdd(const std::string& route, const std::string& caller,
                                       const std::string& call_id, std::size_t max,
                                       base::Time now) {
  if (places_.contains(call_id)) return Added::kKnown;
  while (!ages_.empty() && now - ages_.front().first >= base::kLivingCallAge) {
    Remove(ages_.front().second);
    ages_.pop_front();
  }
  const Key key{route, caller};
  if (calls_[key] >= max) return Added::kTooMany;
  ++calls_[key];
  places_.emplace(call_id, key);
  ages_.emplace_back(now, call_id);
  return Added::kNew;
}

void LivingCalls::Remove(const std::string& call_id) {
  const auto place = places_.find(call_id);
  if (place == places_.end()) return;
  const auto calls = calls_.find(place->second);
  if (--calls->second == 0) calls_.erase(calls);
  places_.erase(place);
}

}  // namespace callbridge::inbox
