// Which pending commands may leave now. Commands about one leg (or about the conference) go one at a time and in the order
// of their numbers; hangups, stop-plays and looks overtake. A command that waits for its rate holds up nothing but what
// comes after it on the same leg.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/pace.h"
#include "server/base/time.h"

namespace callbridge::worker {

// When it may be sent at the latest.
base::Time LastMomentOf(const internal::v1::Command& command);

// The queue that a command stands in: its session and leg. Empty: it overtakes.
std::string TurnOf(const internal::v1::Command& command);

struct Turns {
  std::vector<internal::v1::Command> commands;
  // When the first of those that wait for their rate may ask again.
  std::optional<base::Time> next_time;
};

// pending: in the store's order, no number of a session twice. busy: the queues with a command in flight. A token is taken
// for every command returned, of which there are at most limit; one whose time has passed needs none, because the store will not let it
// go when it is asked.
Turns ChooseTurns(const std::vector<internal::v1::Command>& pending,
                  const std::set<std::string>& busy, client::Pace& pace, base::Time now, int limit);

}  // namespace callbridge::worker
