// The operations on recordings (docs/provider.md §3.6): start and stop, looks and lists, files and
// their removal. Each checks the states and does what was asked. Bodies are valid already.
#pragma once

#include <optional>
#include <vector>

#include "tests/simulator/answer.h"

namespace callbridge::simulator {

std::vector<Route> RecordingRoutes();

// Nothing if the operation is none of recordings.
std::optional<Answer> OnRecordings(World& world, const ParsedRequest& request);

}  // namespace callbridge::simulator
