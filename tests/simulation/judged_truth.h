// The end of a bridge that follows from what its people did, whatever the service knew and when:
// read off the provider's own calls and conferences.
#pragma once

#include <optional>
#include <set>

#include "tests/simulation/judged_bridge.h"

namespace callbridge::simulation {

// Caller and callee were in one room for long enough to be learned of.
bool HaveTalked(const JudgedBridge& bridge, const Evidence& evidence);

// More than one where two things happened so closely that the one that the service learned first
// counts. Absent: all went by the scripts, and calm_course.h knows the end.
std::optional<std::set<v1::Outcome::Result>> ResultsByTruth(const JudgedBridge& bridge,
                                                            const Evidence& evidence);

}  // namespace callbridge::simulation
