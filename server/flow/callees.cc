#include "server/flow/callees.h"

namespace callbridge::flow {

const v1::Callee& CalleeOf(const Session& session, std::int32_t number) {
  Require(number >= 1 && number <= session.callees_size(), "a callee's leg has its callee");
  return session.callees(number - 1);
}

const v1::Callee& CalleeOf(const Session& session, const Leg& leg) {
  return CalleeOf(session, leg.callee());
}

}  // namespace callbridge::flow
