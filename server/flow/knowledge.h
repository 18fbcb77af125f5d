// What is known of a session during one step, and what is told of it: the legs, the conference and
// what the caller hears. Code that holds Knowledge can record facts. It cannot issue a command, set
// a timer or change the phase: that takes Orders (orders.h) or a Course (course.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/event.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"
#include "server/flow/news.h"

namespace callbridge::flow {

using base::Duration;
using base::Time;
using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::ConferenceFacts;
using internal::v1::Input;
using internal::v1::Lane;
using internal::v1::Leg;
using internal::v1::OpenCommand;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;
using internal::v1::Session;
using internal::v1::Timer;
using internal::v1::Transition;
using v1::SessionEvent;

// A defect of the flow or of its input. Step turns it into the outcome FAILED, INTERNAL.
struct BrokenInvariant {
  std::string what;
};
void Require(bool condition, std::string_view what);

class Knowledge {
 public:
  // Brings a session of an earlier layout to the present one. input must outlive the object.
  Knowledge(const Session& session, const Input& input);

  const Session& session() const { return session_; }
  const Input& input() const { return input_; }
  const internal::v1::Timing& timing() const { return session_.settings().timing(); }
  // The time of the step.
  Time now() const { return now_; }
  // When this service learned what the input says. It is earlier than now() if the input waited.
  Time learned() const { return learned_; }
  // The source of what the input says, and whether the provider or this service says it.
  SessionEvent::Source source() const { return source_; }
  bool inferred() const;

  google::protobuf::RepeatedPtrField<Leg>& legs() { return *session_.mutable_legs(); }
  internal::v1::Conference& conference() { return *session_.mutable_conference(); }
  // What the leg hears.
  Lane& lane(const Leg& leg);
  internal::v1::Recordings& recordings() { return *session_.mutable_recordings(); }

  // Appends an event to the history and returns it, so that the caller fills in its payload. After
  // SessionEnded the event is dropped.
  SessionEvent& Emit(SessionEvent::Detail detail);
  // Appends an event that tells of a recording. It may follow SessionEnded.
  SessionEvent& EmitOfRecording();

  // Remembers a piece of news. What follows from it is decided after all facts of the input are
  // recorded.
  void Note(News news) { news_.push_back(std::move(news)); }

  const OpenCommand* FindOpen(std::int32_t number) const;
  // Returns the open command of this kind about this leg; an empty leg_id means any leg.
  const OpenCommand* FindOpen(Command::ActionCase action, std::string_view leg_id = {}) const;
  // Records that something else than the answer has told what a command in flight did. The commands
  // behind it on its leg may then leave.
  void Release(std::int32_t number);

  // Says why an input does not change the session.
  void Ignore(std::string_view reason) { transition_.set_ignored_reason(std::string(reason)); }
  bool ignored() const { return !transition_.ignored_reason().empty(); }

 protected:
  Session session_;
  Transition transition_;
  // News that were not followed up yet, the oldest first.
  std::vector<News> news_;

 private:
  SessionEvent& Append(SessionEvent::Detail detail);

  const Input& input_;
  Time now_;
  Time learned_;
  SessionEvent::Source source_;
  SessionEvent nowhere_;
};

}  // namespace callbridge::flow
