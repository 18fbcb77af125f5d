// The operations that only look: one call or conference, lists with filters and pages, histories.
// docs/provider.md §1.3, §3.4, §3.5. They change nothing.
#pragma once

#include "tests/simulator/answer.h"

namespace callbridge::simulator {

Answer OnGetCall(World& world, const ParsedRequest& request);
Answer OnGetCallHistory(World& world, const ParsedRequest& request);
Answer OnListCalls(World& world, const ParsedRequest& request);
Answer OnListCallHistory(World& world, const ParsedRequest& request);
Answer OnGetConference(World& world, const ParsedRequest& request);
Answer OnGetConferenceHistory(World& world, const ParsedRequest& request);
Answer OnListConferences(World& world, const ParsedRequest& request);
Answer OnListConferenceHistory(World& world, const ParsedRequest& request);

}  // namespace callbridge::simulator
