#include "server/flow/knowledge.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "server/base/command_kinds.h"
#include "server/flow/public_view.h"
#include "server/flow/upgrade.h"

namespace callbridge::flow {
namespace {

SessionEvent::Source SourceOf(const Session& session, const Input& input) {
  switch (input.input_case()) {
    case Input::kProviderEvent:
    case Input::kIncomingCall:
      return SessionEvent::SOURCE_WEBHOOK;
    case Input::kStartBridge:
    case Input::kEndSession:
    case Input::kUpdateLeg:
    case Input::kRequestSound:
    case Input::kStopSounds:
    case Input::kRequestDigits:
      return SessionEvent::SOURCE_API;
    case Input::kCommandTaken:
      return SessionEvent::SOURCE_COMMAND;
    case Input::kCommandResult:
      for (const OpenCommand& open : session.open_commands()) {
        if (open.command().number() == input.command_result().number() &&
            base::IsLook(open.command())) {
          return SessionEvent::SOURCE_LOOK;
        }
      }
      return SessionEvent::SOURCE_COMMAND;
    case Input::kCallMissing:
      return SessionEvent::SOURCE_LOOK;
    case Input::kTimerDue:
    case Input::kWorkerResumed:
    case Input::kCondemned:
    case Input::INPUT_NOT_SET:
      return SessionEvent::SOURCE_DEADLINE;
  }
  return SessionEvent::SOURCE_UNSPECIFIED;
}

}  // namespace

void Require(bool condition, std::string_view what) {
  if (!condition) throw BrokenInvariant{std::string(what)};
}

Knowledge::Knowledge(const Session& session, const Input& input)
    : session_(session),
      input_(input),
      now_(base::FromTimestamp(input.step_time())),
      learned_(input.has_receive_time() ? std::min(now_, base::FromTimestamp(input.receive_time()))
                                        : now_),
      source_(SourceOf(session, input)) {
  Upgrade(&session_);
}

bool Knowledge::inferred() const {
  return source_ == SessionEvent::SOURCE_LOOK || source_ == SessionEvent::SOURCE_DEADLINE;
}

Lane& Knowledge::lane(const Leg& leg) {
  for (Lane& lane : *session_.mutable_lanes()) {
    if (lane.leg_id() == leg.leg_id()) return lane;
  }
  Lane& lane = *session_.add_lanes();
  lane.set_leg_id(leg.leg_id());
  return lane;
}

SessionEvent& Knowledge::Emit(SessionEvent::Detail detail) {
  if (session_.has_ended()) return nowhere_;
  session_.set_sequence(session_.sequence() + 1);
  Time record = now_;
  if (session_.has_last_record_time()) {
    record = std::max(record, base::FromTimestamp(session_.last_record_time()));
  }
  *session_.mutable_last_record_time() = base::ToTimestamp(record);

  SessionEvent& event = *transition_.add_events();
  event.set_event_id(absl::StrCat(session_.session_id(), "/", session_.sequence()));
  event.set_session_id(session_.session_id());
  event.set_sequence(session_.sequence());
  *event.mutable_record_time() = session_.last_record_time();
  if (input_.has_provider_event() && input_.provider_event().has_occur_time()) {
    *event.mutable_occur_time() = input_.provider_event().occur_time();
  }
  event.set_state(StateOf(session_));
  event.set_source(source_);
  event.set_inferred(inferred());
  event.set_detail(detail);
  event.mutable_previous()->set_milestone(session_.last_milestone());
  event.mutable_previous()->set_normal(session_.last_normal());
  if (detail <= SessionEvent::DETAIL_MILESTONE) session_.set_last_milestone(session_.sequence());
  if (detail <= SessionEvent::DETAIL_NORMAL) session_.set_last_normal(session_.sequence());
  for (const auto& label : session_.labels()) {
    (*event.mutable_labels())[label.key()] = label.value();
  }
  return event;
}

const OpenCommand* Knowledge::FindOpen(std::int32_t number) const {
  for (const OpenCommand& open : session_.open_commands()) {
    if (open.command().number() == number) return &open;
  }
  return nullptr;
}

const OpenCommand* Knowledge::FindOpen(Command::ActionCase action, std::string_view leg_id) const {
  for (const OpenCommand& open : session_.open_commands()) {
    if (open.command().action_case() == action &&
        (leg_id.empty() || open.command().leg_id() == leg_id)) {
      return &open;
    }
  }
  return nullptr;
}

void Knowledge::Release(std::int32_t number) {
  const OpenCommand* open = FindOpen(number);
  if (open == nullptr || open->status() != Command::STATUS_IN_FLIGHT) return;
  transition_.add_released_commands(number);
}

}  // namespace callbridge::flow
