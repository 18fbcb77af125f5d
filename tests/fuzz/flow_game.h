// The flow fed with anything in any order: a session is begun, and each byte of the input chooses
// what comes next: what the provider would do when all goes well, or an answer, an event, a silence
// or a request that does not fit at all. After every step the rules of flow_rules.h hold; and when
// the bytes are used up and nobody says anything any more, the session comes to its end by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::fuzz {

using FlowWatch = std::function<void(base::Time now, const internal::v1::Input& input,
                                     const internal::v1::Transition& transition)>;

// Ends the program if a rule is broken. watch, if any, is told of every step.
void PlayFlow(const std::uint8_t* data, std::size_t size, FlowWatch watch);

}  // namespace callbridge::fuzz
