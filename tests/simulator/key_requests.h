// The requests about keys of one call.
#pragma once

#include "tests/simulator/answer.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

Answer OnSendDtmf(World& world, const ParsedRequest& request);
Answer OnCaptureDtmf(World& world, const ParsedRequest& request);

}  // namespace callbridge::simulator
