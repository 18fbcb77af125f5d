#include "server/flow/phase_timers.h"

namespace callbridge::flow {

void LeavePhase(Orders& orders) {
  for (const Timer::Kind kind : {Timer::KIND_PHASE_LOOK, Timer::KIND_PHASE_VERDICT,
                                 Timer::KIND_JOIN_RETRY, Timer::KIND_LOOK_ANSWER}) {
    orders.ClearTimers(kind);
  }
}

void SetPhaseDeadlines(Orders& orders, const google::protobuf::Duration& look,
                       const google::protobuf::Duration& verdict) {
  orders.SetTimer(Timer::KIND_PHASE_LOOK, "", orders.now() + base::FromProtoDuration(look));
  orders.SetTimer(Timer::KIND_PHASE_VERDICT, "", orders.now() + base::FromProtoDuration(verdict));
}

void AwaitReason(Orders& orders) {
  if (orders.HasTimer(Timer::KIND_PHASE_VERDICT, "")) return;
  orders.SetTimer(Timer::KIND_PHASE_VERDICT, "",
                  orders.now() + base::FromProtoDuration(orders.timing().conference_gone()));
}

}  // namespace callbridge::flow
