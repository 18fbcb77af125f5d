// What the outcome says beside its reason: durations, and one sentence for people.
#pragma once

#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// One English sentence without telephone numbers or texts of the plan. The outcome has its
// durations; now: when it is decided.
std::string Summarize(const internal::v1::Session& session, const v1::Outcome& outcome,
                      base::Time now);
// The session must have begun: it has a caller.
void FillDurations(const internal::v1::Session& session, base::Time now, v1::Outcome* outcome);

}  // namespace callbridge::flow
