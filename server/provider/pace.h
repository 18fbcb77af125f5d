// How fast requests may leave (Pace), and how fast they leave at present (Outlook). The dispatcher
// takes a token before it marks a command in flight, so that no command in flight waits for its
// turn.
#pragma once

#include <optional>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::provider {

// Tokens for commands. They are evenly spaced, without bursts, and the pace starts without any.
// Thread-safe.
class Pace {
 public:
  virtual ~Pace() = default;

  // Takes a token for the command. Absent means that the token is taken and the command may leave
  // now. Otherwise the caller asks again at the returned time.
  virtual std::optional<base::Time> TryTake(const internal::v1::Command& command,
                                            base::Time now) = 0;
  // Gives back the token of a command that does not leave after all. It has no effect if another
  // command has taken a token of the same rate since.
  virtual void GiveBack(const internal::v1::Command& command) = 0;
  // Learns from an answer. A 429 halves the operation's rate; a time without 429 restores it.
  virtual void Observe(const internal::v1::Command& command,
                       const internal::v1::CommandResult& result, base::Time now) = 0;
};

struct LeavingRate {
  // When the next command may leave; never before `now`.
  base::Time next;
  // The rate from `next` on, as long as no answer changes it.
  double per_second = 0;
};

// Tells callers how fast commands leave at present, so that they can promise that a command leaves
// in time. It takes no token and changes no state. Thread-safe.
class Outlook {
 public:
  virtual ~Outlook() = default;

  // Returns the rate of commands with the account and action of `like`.
  virtual LeavingRate RateOf(const internal::v1::Command& like, base::Time now) = 0;
};

}  // namespace callbridge::provider
