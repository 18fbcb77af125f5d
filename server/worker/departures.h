// Chooses which of the commands that may leave have a token now. A command that waits for its rate
// delays no other command. The store offers some commands of each account and operation, in the
// order of their urgency, and only the first of each leg's queue.
#pragma once

#include <optional>
#include <vector>

#include "server/base/time.h"
#include "server/provider/pace.h"

namespace callbridge::worker {

// The latest moment at which the command may be sent.
base::Time LastMomentOf(const internal::v1::Command& command);

struct Departures {
  std::vector<internal::v1::Command> commands;
  // When the first of the commands that wait for their rate may ask again.
  std::optional<base::Time> next_time;
};

// pending: in the store's order. A token is taken for every command returned, up to `limit`
// commands. A command whose time has passed needs no token, because the store will refuse to take
// it.
Departures ChooseDepartures(const std::vector<internal::v1::Command>& pending, provider::Pace& pace,
                            base::Time now, int limit);

}  // namespace callbridge::worker
