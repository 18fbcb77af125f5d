// The part of sentence.h that describes what people hear, and keys.
#pragma once

#include "client/cli/sentence.h"

namespace callbridge::cli {

// Describes an event about a prompt, music or keys. The caller passes no other event.
Sentence DescribeSoundEvent(const v1::SessionEvent& event, const Context& context);

}  // namespace callbridge::cli
