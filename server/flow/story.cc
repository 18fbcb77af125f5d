#include "server/flow/story.h"

#include <string>

#include "server/flow/legs.h"
#include "server/flow/numbers.h"

namespace callbridge::flow {

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
  *event.mutable_deadline_passed()->mutable_after() = base::ToProtoDuration(after);
}

}  // namespace callbridge::flow
