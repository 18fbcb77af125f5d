#include "server/flow/talk.h"

#include <algorithm>

#include "server/flow/legs.h"

namespace callbridge::flow {

void BeginTalk(Course& course, Time when) {
  const Leg* callee = CalleeWhoWasIn(course);
  Require(callee != nullptr, "a connected session has a callee");
  *course.session().mutable_connect_time() = base::ToTimestamp(when);
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_MILESTONE);
  v1::PartiesConnected& connected = *event.mutable_parties_connected();
  connected.set_callee_leg_id(callee->leg_id());
  *connected.mutable_wait_duration() = base::ToProtoDuration(
      std::max(Duration::zero(), when - base::FromTimestamp(Caller(course).answer_time())));
}

std::optional<ToEnding> EndOfTalk(Knowledge& known) {
  if (CurrentCallee(known) != nullptr || !WereTogether(known.session())) return std::nullopt;
  const Leg* callee = CalleeWhoWasIn(known);
  Require(callee != nullptr, "a connected session has a callee");
  ToEnding end = EndWith(v1::Outcome::RESULT_COMPLETED, v1::END_REASON_HUNG_UP, v1::PARTY_CALLEE);
  ExplainByEnd(*callee, &end.outcome);
  end.outcome.add_cause_sequences(callee->last_event());
  return end;
}

}  // namespace callbridge::flow
