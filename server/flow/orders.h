// What is ordered in one step: commands are issued, repeated and taken back, and timers are set.
// Whoever holds Orders cannot change the phase or the outcome: that takes a Course (course.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

class Orders : public Knowledge {
 public:
  using Knowledge::Knowledge;

  // Makes a command durable; it is sent after the commit. Returns its number.
  std::int32_t Issue(Command command);
  // The same command again, not before the delay has passed.
  void Reissue(OpenCommand& open, Duration delay);
  // Takes back a command that is still pending.
  void Cancel(std::int32_t number);
  OpenCommand* FindOpen(std::int32_t number);
  // The open command of this kind about this leg; empty: about any.
  OpenCommand* FindOpen(Command::ActionCase action, std::string_view leg_id = {});
  // Its fate is known, or no longer of interest.
  void Close(std::int32_t number);
  // Evidence says that the command is no longer needed: it is taken back or forgotten. In flight it
  // stays open for its answer and is released.
  void Withdraw(Command::ActionCase action);

  void SetTimer(Timer::Kind kind, std::string_view subject, Time due);
  void ClearTimer(Timer::Kind kind, std::string_view subject);
  // Of whatever subject.
  void ClearTimers(Timer::Kind kind);
  bool HasTimer(Timer::Kind kind, std::string_view subject) const;
  google::protobuf::RepeatedPtrField<Timer>& timers() { return *session_.mutable_timers(); }
  // Takes out the earliest timer that is due. False: none.
  bool TakeDueTimer(Timer* timer);
  // The one that was taken out last. Without a kind: none was.
  const Timer& last_fired() const { return last_fired_; }

  // The result. The orders are used up.
  Transition Finish();

 private:
  Timer last_fired_;
};

}  // namespace callbridge::flow
