// Remembers how far each session has been heard, so that an event that comes again after a
// reconnect is recognised. Bounded: the sessions that were silent longest are forgotten first.
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

  // True for an event not heard before; it counts as heard from then on. Relies on the order of
  // sequence within a session.
  bool Take(const std::string& session_id, std::int32_t sequence);

 private:
  struct Heard {
    std::string session_id;
    std::int32_t sequence = 0;
  };

  std::size_t sessions_max_;
  // Heard last at the front.
  std::list<Heard> order_;
  std::unordered_map<std::string, std::list<Heard>::iterator> by_session_;
};

}  // namespace callbridge::client
