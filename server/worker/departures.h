// Which of the commands that may leave have a token now. A command that waits for its rate holds up
// no other: the store offers some of each account and operation, in the order of their urgency, and
// the first of each leg's queue only.
#pragma once

#include <optional>
#include <vector>

#include "server/base/time.h"
#include "server/provider/pace.h"

namespace callbridge::worker {

// When it may be sent at the latest.
base::Time LastMomentOf(const internal::v1::Command& command);

struct Departures {
  std::vector<internal::v1::Command> commands;
  // When the first of those that wait for their rate may ask again.
  std::optional<base::Time> next_time;
};

// pending: in the store's order. A token is taken for every command returned, of which there are at
// most limit; one whose time has passed needs none, because the store will not let it go when it is
// asked.
Departures ChooseDepartures(const std::vector<internal::v1::Command>& pending, provider::Pace& pace,
                            base::Time now, int limit);

}  // namespace callbridge::worker
