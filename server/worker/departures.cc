#include "server/worker/departures.h"

namespace callbridge::worker {

using internal::v1::Command;

base::Time LastMomentOf(const Command& command) {
  return command.has_not_after_time() ? base::FromTimestamp(command.not_after_time())
                                      : base::Time::max();
}

Departures ChooseDepartures(const std::vector<Command>& pending, provider::Pace& pace,
                            base::Time now, int limit) {
  Departures departures;
  for (const Command& command : pending) {
    if (static_cast<int>(departures.commands.size()) >= limit) break;
    if (LastMomentOf(command) < now) {
      departures.commands.push_back(command);
      continue;
    }
    const std::optional<base::Time> later = pace.TryTake(command, now);
    if (later) {
      departures.next_time = base::Earlier(departures.next_time, later);
      continue;
    }
    departures.commands.push_back(command);
  }
  return departures;
}

}  // namespace callbridge::worker
