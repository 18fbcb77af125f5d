// Turns the waiting inputs of one session into one commit, by stepping them one after the other.
// Pure: the caller passes the time, and this code stores no data.
#pragma once

#include <functional>
#include <string>

#include "server/base/time.h"
#include "server/store/work.h"

namespace callbridge::worker {

// flow::Step, or a short script in a test.
using StepFunction = std::function<internal::v1::Transition(const internal::v1::Session&,
                                                            const internal::v1::Input&)>;

// What the worker knows beside the session; every input carries it (input.proto).
struct Surroundings {
  // The shortest time between two routine looks. Zero leaves it out of the inputs.
  base::Duration routine_look_period{};
  internal::v1::PromptLengths prompt_lengths = {};
};

// Steps the inputs in the order in which the store gave them, so that a command's departure comes
// before any input that could cancel it. Without inputs it steps a TimerDue. It stops before a step
// that issues a command which an earlier step of this commit issued or cancelled. The ledger has
// only one row for both. The remaining inputs wait for the next commit.
store::SessionCommit StepInputs(const store::DueSession& work, const StepFunction& step,
                                base::Time now, const Surroundings& surroundings = {});

// Steps, at the end of the commit, that one of its commands leaves. Returns false if the step does
// not fit into the commit, or if an earlier step has cancelled the command; the commit then stays
// as it was.
bool StepTaken(const internal::v1::Command& command, const StepFunction& step, base::Time now,
               base::Time send_by, const Surroundings& surroundings, store::SessionCommit& commit);

// Gives up a session that could not be ended either (giving_up.h); this is the last resort. The
// waiting inputs stay for later, when they are ignored. cautious: cancels no command, in case the
// ledger knows more than the session about what has left.
store::SessionCommit StepGivenUp(const store::DueSession& work, const StepFunction& step,
                                 const std::string& reference, base::Time now, bool cautious);

// Steps a Condemned input instead of the inputs that wait, except for departures: the session ends
// as FAILED, INTERNAL. reference: for operators.
store::SessionCommit StepCondemned(const store::DueSession& work, const StepFunction& step,
                                   const std::string& reference, base::Time now);

}  // namespace callbridge::worker
