#include "server/flow/session_events.h"

#include <string>

#include "server/flow/legs.h"
#include "server/flow/numbers.h"

namespace callbridge::flow {

void TellStarted(Knowledge& known) {
  const Session& session = known.session();
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_MILESTONE);
  if (session.origin() == v1::Session::ORIGIN_ROUTE) {
    event.set_source(SessionEvent::SOURCE_ROUTE);
  }
  v1::SessionStarted& started = *event.mutable_session_started();
  started.set_origin(session.origin());
  started.set_route_name(session.route());
  if (known.input().has_start_bridge()) {
    started.set_client_identity(known.input().start_bridge().requested_by());
  }
  *started.mutable_plan() = session.plan();
  *started.mutable_callees() = session.callees();
  *started.mutable_caller() = session.legs(0).endpoint();
}

void TellOffered(Knowledge& known) {
  const CallFacts& facts = known.input().incoming_call().event().call();
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_MILESTONE);
  v1::SessionOffered& offered = *event.mutable_session_offered();
  *offered.mutable_caller() = Caller(known).endpoint();
  offered.set_service_number(Caller(known).service_number());
  offered.set_caller_name(facts.caller_name());
  for (const std::string& number : facts.forwarded_from()) {
    offered.add_forwarded_from(WithPlus(number));
  }
  if (known.session().has_offered()) {
    *offered.mutable_expire_time() = known.session().offered().expire_time();
  }
}

void TellDeadline(Knowledge& known, std::string_view waited_for, Duration after) {
  SessionEvent& event = known.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  event.mutable_deadline_passed()->set_waited_for(std::string(waited_for));
  *event.mutable_deadline_passed()->mutable_waited_duration() = base::ToProtoDuration(after);
}

}  // namespace callbridge::flow
