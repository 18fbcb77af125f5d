// What went wrong for somebody in a world: a fault that struck a request, an event or a server.
#pragma once

#include <string>

#include "server/base/time.h"

namespace callbridge::simulation {

struct Mishap {
  base::Time at;
  // As the ambushes name it.
  std::string fault;
  // The event's type, or the command that was in flight.
  std::string what;
  // Of an event. Empty: it has none, or it is no event.
  std::string call_id;
  std::string conference_id;
  // Whose request it was.
  std::string session_id;
  // How long a server was away or stood still, or an ingress was down; no session is spared then.
  base::Duration lasts{};
  bool of_server = false;
  bool of_ingress = false;
};

}  // namespace callbridge::simulation
