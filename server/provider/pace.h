// How fast requests may leave (Pace), and how fast they leave at present (Outlook). The dispatcher
// takes a token before it marks a command in flight, so that nothing waits in flight for its turn.
#pragma once

#include <optional>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::provider {

// Spacing, not bursts; empty at start. Thread-safe.
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

struct LeavingRate {
  // When the next one may leave; not before now.
  base::Time next;
  // From then on, as long as no answer changes it.
  double per_second = 0;
};

// For callers that promise that something leaves in time. It takes nothing and changes nothing: it
// answers from what the pace would do now. Thread-safe.
class Outlook {
 public:
  virtual ~Outlook() = default;

  // Of commands like this one: of its account and action.
  virtual LeavingRate RateOf(const internal::v1::Command& like, base::Time now) = 0;
};

}  // namespace callbridge::provider
