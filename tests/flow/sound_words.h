// The words of stories about what clients let people hear, and about keys.
#pragma once

#include <string>
#include <vector>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::flow {

// "say caller,callee-1 r-1 some words", "play all r-1", "capture caller r-1 4 [some words]".
internal::v1::RequestSound SoundOf(const std::vector<std::string>& words);

// "DTMF_CAPTURED CaptureDigits 2 [timeout] [kept] [notice] [heard] [refusing]": after the command,
// how many keys were pressed.
void AddCaptured(const std::vector<std::string>& words,
                 internal::v1::ProviderEvent::Captured& captured);

}  // namespace callbridge::flow
