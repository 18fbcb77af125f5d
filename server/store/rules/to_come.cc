#include "server/store/rules/to_come.h"

#include <algorithm>

namespace callbridge::store {
namespace {

using internal::v1::IncomingCall;
using internal::v1::Input;
using internal::v1::OpenCommand;
using internal::v1::Session;
using internal::v1::StartBridge;

bool HasWaitingDial(const Session& session) {
  return std::any_of(session.open_commands().begin(), session.open_commands().end(),
                     [](const OpenCommand& open) {
                       return open.command().has_dial_leg() &&
                              open.status() == internal::v1::Command::STATUS_PENDING;
                     });
}

// Returns until when the dial may wait. After that time the session gives it up.
template <typename Bridge>
base::Time DialBy(const Bridge& bridge, base::Time since) {
  const base::Time turn = since + base::FromProtoDuration(bridge.settings().timing().dial_queue());
  if (!bridge.has_start_before_time()) return turn;
  return std::min(turn, base::FromTimestamp(bridge.start_before_time()));
}

}  // namespace

ToCome ToComeOf(const Session& session) {
  const int conferences = session.conference().conference_id().empty() ? 1 : 0;
  switch (session.phase_case()) {
    case Session::kDialingCaller: {
      const bool undialled =
          session.legs_size() == 0 || session.legs(0).dial() == 0 || HasWaitingDial(session);
      if (!undialled) return {.dials = 1, .conferences = conferences};
      return {.dials = 2,
              .conferences = conferences,
              .dial_by_time = DialBy(session, base::FromTimestamp(session.create_time()))};
    }
    case Session::kAnsweringCaller:
    case Session::kJoiningCaller:
    case Session::kGreeting:
      return {.dials = 1, .conferences = conferences};
    case Session::kDialingCallee:
      return {.dials = HasWaitingDial(session) ? 1 : 0, .conferences = 0};
    case Session::kOffered:
    case Session::kStoppingMusic:
    case Session::kAnnouncing:
    case Session::kConnected:
    case Session::kApologizing:
    case Session::kEnding:
    case Session::kEnded:
    case Session::PHASE_NOT_SET:
      return {};
  }
  return {};
}

ToCome ToComeOf(const Input& input) {
  if (input.has_incoming_call()) {
    const bool bridged = input.incoming_call().arrangement() == IncomingCall::ARRANGEMENT_BRIDGE;
    return {.dials = bridged ? 1 : 0, .conferences = bridged ? 1 : 0};
  }
  if (!input.has_start_bridge()) return {};
  const StartBridge& start = input.start_bridge();
  if (!start.has_caller()) return {.dials = 1, .conferences = 1};
  return {.dials = 2,
          .conferences = 1,
          .dial_by_time = DialBy(start, base::FromTimestamp(input.receive_time()))};
}

}  // namespace callbridge::store
