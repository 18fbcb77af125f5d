// What must hold after every step of the flow, whatever the inputs (docs/invariants.md). Each rule
// that does not hold ends the process with its sentence.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "tests/fuzz/flow_ledger.h"

namespace callbridge::fuzz {

// before: the session that was stepped. ledger: with the transition applied.
void CheckTransition(const internal::v1::Session& before, const internal::v1::Input& input,
                     const internal::v1::Transition& transition, const FlowLedger& ledger);

}  // namespace callbridge::fuzz
