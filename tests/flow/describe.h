// Inputs and transitions in the words of the scenario files.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// The commands of one session by name, because the number of one depends on everything that was
// issued before it.
class CommandNames {
 public:
  // Also a further attempt of a command that is known.
  void Note(const internal::v1::Command& command);

  // "PlayMusic" is the last command of that kind, "PlayMusic#1" an earlier one. A number that was
  // never issued is told as it is.
  std::string Of(std::int32_t number) const;
  // The number of a command that is called so, or the number itself. 0: no such command was issued.
  std::int32_t NumberOf(const std::string& name) const;
  // Its last attempt. The command must have been noted.
  const internal::v1::Command& Find(std::int32_t number) const { return commands_.at(number); }
  bool Has(std::int32_t number) const { return commands_.contains(number); }

 private:
  std::map<std::int32_t, internal::v1::Command> commands_;
};

std::string PhaseName(const internal::v1::Session& session);

// "RING_LOOK callee-1, PHASE_LOOK": the timers of the session that are due.
std::string DescribeDueTimers(const internal::v1::Session& session, base::Time now);
// One line without its end each. A command that an event is about has its number for a name if
// names does not know it.
std::string DescribeEvent(const callbridge::v1::SessionEvent& event,
                          const CommandNames& names = {});
std::string DescribeCommand(const internal::v1::Command& command);
// One line without its end. before: the session that the input meets.
std::string DescribeInput(const internal::v1::Input& input, const internal::v1::Session& before,
                          const CommandNames& names);
// A line each. The commands of the transition are noted. Not told: CommandSent, and CommandFinished
// when it was simply done.
std::string DescribeTransition(const internal::v1::Transition& transition,
                               const internal::v1::Session& before, CommandNames& names);

}  // namespace callbridge::flow
