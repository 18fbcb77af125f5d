#include "server/worker/ownership.h"

#include <algorithm>

#include "server/base/marks.h"

namespace callbridge::worker {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;
using internal::v1::Session;

// An ended session whose hangups are not confirmed has timers for them, and no other ended session
// has.
bool Pursues(const Session& session) {
  return std::any_of(session.timers().begin(), session.timers().end(),
                     [](const internal::v1::Timer& timer) {
                       return timer.kind() != internal::v1::Timer::KIND_RECORDING_LOOK;
                     });
}

}  // namespace

bool IsOurs(const CallFacts& call, std::string_view service_id) {
  return base::ReadMarks(call.custom_data()).service == service_id;
}

std::string SessionOf(const CallFacts& call) { return base::ReadMarks(call.custom_data()).session; }

std::optional<std::string> SessionOf(const ConferenceFacts& conference,
                                     std::string_view service_id) {
  return base::SessionInName(conference.name(), service_id);
}

bool MayBeHungUp(const CallFacts& call) {
  if (call.state() == CallFacts::STATE_ENDED) return false;
  const bool answered = call.state() == CallFacts::STATE_ESTABLISHED || call.has_answer_time();
  return answered || call.direction() == CallFacts::DIRECTION_OUTBOUND;
}

bool Owns(const Session& session, const CallFacts& call) {
  for (const internal::v1::Leg& leg : session.legs()) {
    if (leg.call_id() != call.call_id()) continue;
    if (leg.state() == callbridge::v1::Leg::STATE_ENDED) return false;
    return !session.has_ended() || Pursues(session);
  }
  return !session.has_ended();
}

bool Owns(const Session& session, const ConferenceFacts& conference) {
  if (!session.has_ended()) return true;
  const internal::v1::Conference& own = session.conference();
  const bool known = (own.conference_id() == conference.conference_id() && !own.finished()) ||
                     std::find(own.surplus_ids().begin(), own.surplus_ids().end(),
                               conference.conference_id()) != own.surplus_ids().end();
  return known && Pursues(session);
}

}  // namespace callbridge::worker
