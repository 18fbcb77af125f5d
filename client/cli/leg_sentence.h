// The part of sentence.h that describes legs.
#pragma once

#include "client/cli/sentence.h"

namespace callbridge::cli {

// Describes an event of a leg, from LegDialing to LegUpdateFailed. The caller passes no
// other event.
Sentence DescribeLegEvent(const v1::SessionEvent& event, const Context& context);

}  // namespace callbridge::cli
