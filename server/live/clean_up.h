// Takes away again what a script made.
#pragma once

#include "server/live/stage.h"

namespace callbridge::live {

// Hangs up and deletes what was made and is not over, also after the operator has asked to stop.
// The files of recordings come late, so it waits for them, up to 90 s, once for each recording.
// What may still be there is told in findings().alive, which is made anew: what an earlier clean-up
// could not take away is tried again.
void CleanUp(Stage& stage);

}  // namespace callbridge::live
