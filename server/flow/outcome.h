// The parts of the outcome beside its reason: durations, and one sentence for people.
#pragma once

#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// Returns one English sentence without telephone numbers and texts of the plan. The outcome must
// have its durations. now: when the outcome is decided.
std::string Summarize(const internal::v1::Session& session, const v1::Outcome& outcome,
                      base::Time now);
// Fills in the durations. The session must have a caller.
void FillDurations(const internal::v1::Session& session, base::Time now, v1::Outcome* outcome);

}  // namespace callbridge::flow
