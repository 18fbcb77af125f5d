// The invariants of docs/invariants.md that can be seen from outside, one function each, under
// their numbers there. Each reads a history and reports what contradicts it, a sentence for each
// case; an empty answer means that nothing visible does.
#pragma once

#include <vector>

#include "tests/history/history.h"
#include "tests/history/session_rules.h"

namespace callbridge::history {

// Every accepted bridge reaches exactly one end, within its bound.
Violations Invariant1(const History& history);
// One request id, one session.
Violations Invariant2(const History& history);
// Event numbers are 1, 2, 3 … without gap, and an event never changes.
Violations Invariant3(const History& history);
// Nothing follows SessionEnded; the outcome stays.
Violations Invariant4(const History& history);
// After SessionEnding no call and no conference of the session stays alive.
Violations Invariant7(const History& history);
// No dial while an earlier one may still produce a leg.
Violations Invariant8(const History& history);
// No callee is dialled before the caller has joined, nor after the caller's end is known.
Violations Invariant9(const History& history);
// Calls of others are never touched.
Violations Invariant11(const History& history);
// Greeting, music, announcement or apology, in that order, one at a time.
Violations Invariant12(const History& history);
// One request for each prompt whose fate is not "certainly not done".
Violations Invariant14(const History& history);
// One request for each attempt.
Violations Invariant16(const History& history);
// No second of time sees more requests of an operation than its rate.
Violations Invariant19(const History& history);
// A webhook that was answered 200 has left its mark.
Violations Invariant20(const History& history);
// A reader gets every event that passes its filter once, in order, through all its streams.
Violations Invariant23(const History& history);
// An accepted bridge is found at once.
Violations Invariant26(const History& history);
// Who has read an event finds the session at least as far.
Violations Invariant27(const History& history);
// EndSession is followed by the end and by hangups.
Violations Invariant28(const History& history);
// Judges only what the events say.
Violations Invariant31(const History& history);
// As Invariant31.
Violations Invariant32(const History& history);
// The outcome fits what happened (session_rules.h).
Violations OutcomesFit(const History& history);

struct Invariant {
  const char* name;
  Violations (*check)(const History& history);
};

// All of the above.
const std::vector<Invariant>& Invariants();
// What all of them report, each sentence behind its invariant's name.
Violations CheckHistory(const History& history);

}  // namespace callbridge::history
