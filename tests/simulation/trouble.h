// What may go wrong with one server: at which of its outward steps, and how. An outward step is an
// operation of the store that changes something, or a request that is sent; they are counted
// through all lives of the server.
#pragma once

#include <map>
#include <string>

#include "server/base/time.h"

namespace callbridge::simulation {

struct Trouble {
  enum class Kind {
    kCrashBefore,
    kCrashAfter,
    // Stands still, as under SIGSTOP, just before or after the step; the world goes on without it.
    kSleepBefore,
    kSleepAfter,
    // The store did it, and the connection died before it could say so.
    kAnswerLost,
    // The store did not do it.
    kRefused,
  };
  Kind kind = Kind::kCrashBefore;
  // Away, asleep, or how long the store goes on refusing.
  base::Duration lasts{};
};

std::string NameOf(Trouble::Kind kind);

// By the number of the step, from 1.
using Troubles = std::map<int, Trouble>;

// Thrown where a server dies; whoever runs a server's code catches it and buries the server.
struct ServerDied {
  int server = 0;
};

}  // namespace callbridge::simulation
