// Counts how many calls of one caller live on one route at a time, as far as webhooks tell. It
// detects a telephone that is forwarded back to the number that called it, where the provider does
// not report the forwarding.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "server/base/time.h"

namespace callbridge::inbox {

// Not thread-safe. A call whose end was never told is forgotten after kLivingCallAge.
class LivingCalls {
 public:
  enum class Added {
    kNew,
    // The call was added before, and keeps its place.
    kKnown,
    // `max` calls of this caller live on this route already. The call was not added.
    kTooMany,
  };

  Added TryAdd(const std::string& route, const std::string& caller, const std::string& call_id,
               std::size_t max, base::Time now);
  // Removes the call, if it was added.
  void Remove(const std::string& call_id);

  std::size_t size() const { return places_.size(); }

 private:
  // Route and caller.
  using Key = std::pair<std::string, std::string>;

  std::map<Key, std::size_t> calls_;
  std::map<std::string, Key> places_;
  // The calls from the oldest to the newest, including calls that have ended since.
  std::deque<std::pair<base::Time, std::string>> ages_;
};

}  // namespace callbridge::inbox
