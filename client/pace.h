// How fast requests may leave: the dispatcher takes a token before it marks a command in flight, so
// that nothing waits in flight for its turn. Spacing, not bursts; empty at start.
#pragma once

#include <optional>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::client {

// Thread-safe.
class Pace {
 public:
  virtual ~Pace() = default;

  // Takes a token for the command. Absent: taken, it may leave now. Otherwise: ask again then.
  virtual std::optional<base::Time> TryTake(const internal::v1::Command& command,
                                            base::Time now) = 0;
  // The command does not leave after all, and its token may be taken again. It changes nothing if
  // another command has taken a token of the same rate since.
  virtual void GiveBack(const internal::v1::Command& command) = 0;
  // Learns from an answer: 429 halves the operation's rate, quiet time restores it.
  virtual void Observe(const internal::v1::Command& command,
                       const internal::v1::CommandResult& result, base::Time now) = 0;
};

}  // namespace callbridge::client
