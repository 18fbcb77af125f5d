// The working copy of one step: the session as it becomes, what was emitted, issued and cancelled
// so far, and the only clock. The files of this folder each know one subject and change the session
// through it; nothing outlives the step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "callbridge/before/v1/command.pb.h"
#include "callbridge/before/v1/input.pb.h"
#include "callbridge/before/v1/phase.pb.h"
#include "callbridge/v1/event.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::flow_before {

using base::Duration;
using base::Time;
using before::v1::CallFacts;
using before::v1::Command;
using before::v1::CommandResult;
using before::v1::ConferenceFacts;
using before::v1::Input;
using before::v1::Lane;
using before::v1::Leg;
using before::v1::OpenCommand;
using before::v1::ParticipantFacts;
using before::v1::ProviderEvent;
using before::v1::Session;
using before::v1::Timer;
using before::v1::Transition;
using v1::SessionEvent;

// A defect of the flow, or of what it was given. Step turns it into the outcome FAILED, INTERNAL.
struct BrokenInvariant {
  std::string what;
};
void Require(bool condition, std::string_view what);

class Turn {
 public:
  Turn(const Session& session, const Input& input);

  Session& session() { return session_; }
  const Session& session() const { return session_; }
  const Input& input() const { return input_; }
  const before::v1::Timing& timing() const { return session_.settings().timing(); }
  // When the step is made.
  Time now() const { return now_; }
  // When this service learned what the input says: earlier than now() if the input waited.
  Time learned() const { return learned_; }
  // Where the input's knowledge comes from, and whether it is the provider's word or ours.
  SessionEvent::Source source() const { return source_; }
  bool inferred() const;

  // Appends an event and returns it, for its payload. After SessionEnded nothing is appended: the
  // event goes nowhere.
  SessionEvent& Emit(SessionEvent::Detail detail);

  // Makes a command durable; it is sent after the commit. Returns its number.
  std::int32_t Issue(Command command);
  // The same command again, not before the delay has passed.
  void Reissue(OpenCommand& open, Duration delay);
  // Takes back a command that is still pending.
  void Cancel(std::int32_t number);
  OpenCommand* FindOpen(std::int32_t number);
  // The open command of this kind about this leg; empty: about any.
  OpenCommand* FindOpen(Command::ActionCase action, std::string_view leg_id = {});
  void Close(std::int32_t number);
  // Evidence says that the command is not needed any more: it is taken back or forgotten. In flight
  // it stays open for its answer and is released.
  void Settle(Command::ActionCase action);
  // Something else has told what the command did, if it is in flight: what waits behind it on its
  // leg may leave.
  void Release(std::int32_t number);

  void SetTimer(Timer::Kind kind, std::string_view subject, Time due);
  void ClearTimer(Timer::Kind kind, std::string_view subject);
  bool HasTimer(Timer::Kind kind, std::string_view subject) const;
  // Takes out the earliest timer that is due. False: none.
  bool TakeDueTimer(Timer* timer);
  // The one that was taken out last. Without a kind: none was.
  const Timer& last_fired() const { return last_fired_; }

  // Says why an input changes nothing.
  void Ignore(std::string_view reason) { transition_.set_ignored_reason(std::string(reason)); }
  bool ignored() const { return !transition_.ignored_reason().empty(); }
  void SetReply(v1::ErrorReason error) { transition_.mutable_reply()->set_error(error); }
  void Accept() { transition_.mutable_reply(); }

  // The result. The turn is used up.
  Transition Finish();

 private:
  Session session_;
  const Input& input_;
  Time now_;
  Time learned_;
  SessionEvent::Source source_;
  Transition transition_;
  Timer last_fired_;
  SessionEvent nowhere_;
};

// What the input is a witness of: commands that look are the reconciler's.
bool IsLook(Command::ActionCase action);
// "DialCallee", "StopMusic" …: how a command is called in the history.
std::string CommandName(const Command& command);

}  // namespace callbridge::flow_before
