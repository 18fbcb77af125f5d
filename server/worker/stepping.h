// Turns the waiting inputs of one session into one commit, by stepping them one after the other.
// Pure: the time comes in, nothing is stored here.
#pragma once

#include <functional>
#include <string>

#include "server/base/time.h"
#include "server/store/work.h"

namespace callbridge::worker {

// flow::Step, or a small script in a test.
using StepFunction = std::function<internal::v1::Transition(const internal::v1::Session&,
                                                            const internal::v1::Input&)>;

// What the worker knows beside the session, and every input says of it (input.proto).
struct Surroundings {
  // Zero: nothing is said of it.
  base::Duration routine_look_period{};
  internal::v1::PromptLengths prompt_lengths = {};
};

// Steps the inputs in the order in which the store gave them: what has left comes before anything
// that could take it back. Without any, a TimerDue. Stops early, leaving the rest to the next
// commit, before a step that issues a command which an earlier step of this commit issued or
// cancelled: the ledger has one row for both.
store::SessionCommit StepInputs(const store::DueSession& work, const StepFunction& step,
                                base::Time now, const Surroundings& surroundings = {});

// Steps, behind all else in the commit, that one of its commands leaves. False: the step does not
// fit into the commit, or an earlier one has taken the command back; the commit stays as it was.
bool StepTaken(const internal::v1::Command& command, const StepFunction& step, base::Time now,
               base::Time send_by, const Surroundings& surroundings, store::SessionCommit& commit);

// The last resort for a session that could not be ended either: it is given up (giving_up.h). What
// waits is for later, when it is ignored. cautious: nothing is taken back, should the ledger know
// more of what has left than the session.
store::SessionCommit StepGivenUp(const store::DueSession& work, const StepFunction& step,
                                 const std::string& reference, base::Time now, bool cautious);

// Steps a Condemned input instead of those that wait, but for what has left: the session ends as
// FAILED, INTERNAL. The reference is for operators.
store::SessionCommit StepCondemned(const store::DueSession& work, const StepFunction& step,
                                   const std::string& reference, base::Time now);

}  // namespace callbridge::worker
