// The orders of one step: commands are issued, repeated and cancelled, and timers are set. Code
// that holds Orders cannot change the phase or the outcome: that takes a Course (course.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

class Orders : public Knowledge {
 public:
  using Knowledge::Knowledge;

  // Issues a command. It becomes durable with the step and is sent after the commit. Returns its
  // number.
  std::int32_t Issue(Command command);
  // Issues the same command again; it leaves after the delay at the earliest.
  void Reissue(OpenCommand& open, Duration delay);
  // Cancels a command that is still pending.
  void Cancel(std::int32_t number);
  OpenCommand* FindOpen(std::int32_t number);
  // Returns the open command of this kind about this leg; an empty leg_id means any leg.
  OpenCommand* FindOpen(Command::ActionCase action, std::string_view leg_id = {});
  // Removes a command whose fate is known, or no longer matters.
  void Close(std::int32_t number);
  // Handles evidence that the command is no longer needed. A pending command is cancelled, and one
  // of unknown fate is forgotten. A command in flight stays open for its answer and is released.
  void Withdraw(Command::ActionCase action);

  void SetTimer(Timer::Kind kind, std::string_view subject, Time due);
  void ClearTimer(Timer::Kind kind, std::string_view subject);
  // Clears the timers of this kind, for all subjects.
  void ClearTimers(Timer::Kind kind);
  bool HasTimer(Timer::Kind kind, std::string_view subject) const;
  google::protobuf::RepeatedPtrField<Timer>& timers() { return *session_.mutable_timers(); }
  // Removes and returns the earliest timer that is due. Returns false if none is due.
  bool TakeDueTimer(Timer* timer);
  // The timer that was removed last. It has no kind if none was.
  const Timer& last_fired() const { return last_fired_; }

  // Returns the result. The orders must not be used afterwards.
  Transition Finish();

 private:
  Timer last_fired_;
};

}  // namespace callbridge::flow
