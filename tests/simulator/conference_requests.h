// The operations on conferences, docs/provider.md §3.5: each checks the states and does what was
// asked. Bodies are valid already.
#pragma once

#include "tests/simulator/answer.h"

namespace callbridge::simulator {

Answer OnCreateConference(World& world, const ParsedRequest& request);
Answer OnDial(World& world, const ParsedRequest& request);
Answer OnAddCall(World& world, const ParsedRequest& request);
Answer OnRemoveCall(World& world, const ParsedRequest& request);
Answer OnUpdateCall(World& world, const ParsedRequest& request);
Answer OnUpdateConference(World& world, const ParsedRequest& request);
Answer OnHangUpConference(World& world, const ParsedRequest& request);
Answer OnSayConference(World& world, const ParsedRequest& request);
Answer OnPlayConference(World& world, const ParsedRequest& request);
Answer OnStopPlayConference(World& world, const ParsedRequest& request);

}  // namespace callbridge::simulator
