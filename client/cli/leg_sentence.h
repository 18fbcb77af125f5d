// The part of sentence.h that is about legs.
#pragma once

#include "client/cli/sentence.h"

namespace callbridge::cli {

// Of LegDialing to LegEnded and DigitsReceived; no other event is passed.
Sentence DescribeLegEvent(const v1::SessionEvent& event, const Context& context);

}  // namespace callbridge::cli
