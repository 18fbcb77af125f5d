#include "server/worker/turns.h"

namespace callbridge::worker {

using internal::v1::Command;

base::Time LastMomentOf(const Command& command) {
  return command.has_not_after_time() ? base::FromTimestamp(command.not_after_time())
                                      : base::Time::max();
}

Turns ChooseTurns(const std::vector<Command>& pending, provider::Pace& pace, base::Time now,
                  int limit) {
  Turns turns;
  for (const Command& command : pending) {
    if (static_cast<int>(turns.commands.size()) >= limit) break;
    if (LastMomentOf(command) < now) {
      turns.commands.push_back(command);
      continue;
    }
    const std::optional<base::Time> later = pace.TryTake(command, now);
    if (later) {
      turns.next_time = base::Earlier(turns.next_time, later);
      continue;
    }
    turns.commands.push_back(command);
  }
  return turns;
}

}  // namespace callbridge::worker
