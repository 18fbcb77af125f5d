#include "server/worker/turns.h"

#include <algorithm>
#include <map>

namespace callbridge::worker {

using internal::v1::Command;

base::Time LastMomentOf(const Command& command) {
  return command.has_not_after_time() ? base::FromTimestamp(command.not_after_time())
                                      : base::Time::max();
}

std::string TurnOf(const Command& command) {
  switch (command.action_case()) {
    case Command::kHangUpCall:
    case Command::kHangUpConference:
    case Command::kStopPlay:
    case Command::kLookAtCall:
    case Command::kLookAtConference:
    case Command::kFindConference:
    case Command::kFindDial:
      return {};
    case Command::kSendRinging:
    case Command::kAnswerCall:
    case Command::kCreateConference:
    case Command::kAddCaller:
    case Command::kDialLeg:
    case Command::kPlayPrompt:
    case Command::kPlayMusic:
    case Command::ACTION_NOT_SET:
      return command.session_id() + "/" + command.leg_id();
  }
  return {};
}

Turns ChooseTurns(const std::vector<Command>& pending, const std::set<std::string>& busy,
                  client::Pace& pace, base::Time now, int limit) {
  // The store's order puts dials last, so the first of a queue is found by its number.
  std::map<std::string, std::int32_t> first;
  for (const Command& command : pending) {
    const auto known = first.try_emplace(TurnOf(command), command.number()).first;
    known->second = std::min(known->second, command.number());
  }
  Turns turns;
  for (const Command& command : pending) {
    if (static_cast<int>(turns.commands.size()) >= limit) break;
    if (LastMomentOf(command) < now) {
      turns.commands.push_back(command);
      continue;
    }
    const std::string turn = TurnOf(command);
    if (!turn.empty() && (busy.contains(turn) || first.at(turn) != command.number())) continue;
    const std::optional<base::Time> later = pace.TryTake(command, now);
    if (later) {
      turns.next_time = turns.next_time ? std::min(*turns.next_time, *later) : *later;
      continue;
    }
    turns.commands.push_back(command);
  }
  return turns;
}

}  // namespace callbridge::worker
