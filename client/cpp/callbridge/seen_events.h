// Remembers the last event of each session, so that an event that comes again after a reconnect is
// recognised. It is bounded: the sessions that were silent longest are forgotten first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

#include "callbridge/limits.h"

namespace callbridge::client {

// Not thread-safe.
class SeenEvents {
 public:
  explicit SeenEvents(std::size_t sessions_max = kSessionsRememberedMax)
      : sessions_max_(sessions_max) {}

  // Returns true for a new event, which then counts as seen. It relies on the order of sequence
  // within a session.
  bool Take(const std::string& session_id, std::int32_t sequence);

 private:
  struct Heard {
    std::string session_id;
    std::int32_t sequence = 0;
  };

  std::size_t sessions_max_;
  // Sessions by their last event, the newest at the front.
  std::list<Heard> order_;
  std::unordered_map<std::string, std::list<Heard>::iterator> by_session_;
};

}  // namespace callbridge::client
