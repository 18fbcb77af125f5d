// A history in which nothing is wrong: one bridge, accepted, connected, ended by EndSession, seen
// by two readers and at the provider. Tests of the invariants break one thing in it and expect to
// be told.
#pragma once

#include <string>

#include "tests/history/history.h"

namespace callbridge::history {

inline constexpr char kSession[] = "s_1";
inline constexpr char kCallerCall[] = "call-caller";
inline constexpr char kCalleeCall[] = "call-callee";

// So long after the beginning of the story.
base::Time After(double seconds);

History GoodHistory();

// The first event of the complete reader that has this case; the test ends if there is none.
v1::SessionEvent& EventOf(History& history, v1::SessionEvent::EventCase event_case);
// In every reader that has it.
void RemoveEvents(History& history, v1::SessionEvent::EventCase event_case);
// A request of the session with this operation.
ProviderRequest& RequestOf(History& history, const std::string& operation);

}  // namespace callbridge::history
