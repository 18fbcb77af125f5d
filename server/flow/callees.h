// The people whom a bridge may dial. A session numbers them from 1, and a leg names its person by
// that number.
#pragma once

#include <cstdint>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// The callee whom the bridge dials: a request names one.
inline constexpr std::int32_t kTheCallee = 1;

const v1::Callee& CalleeOf(const Session& session, std::int32_t number);
// The person whom a callee's leg is for.
const v1::Callee& CalleeOf(const Session& session, const Leg& leg);

}  // namespace callbridge::flow
