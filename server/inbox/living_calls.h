// How many calls of one person live on one route at a time, as far as their webhooks tell: the net
// under a telephone that is forwarded back to the number that rang it, where the provider does not
// say so.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "server/base/time.h"

namespace callbridge::inbox {

// Not thread-safe. It forgets calls of which no end was told after kLivingCallAge.
class LivingCalls {
 public:
  // False: `max` calls of this caller live on this route already. A call that counts already has
  // its place.
  bool TryAdd(const std::string& route, const std::string& caller, const std::string& call_id,
              std::size_t max, base::Time now);
  // Nothing, if it does not count.
  void Remove(const std::string& call_id);

  std::size_t size() const { return places_.size(); }

 private:
  // Route and caller.
  using Key = std::pair<std::string, std::string>;

  std::map<Key, std::size_t> calls_;
  std::map<std::string, Key> places_;
  // Oldest first; also of calls that ended meanwhile.
  std::deque<std::pair<base::Time, std::string>> ages_;
};

}  // namespace callbridge::inbox
