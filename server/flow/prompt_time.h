// How long a prompt may take, from its text alone; flow.md §3.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

// True if there is nothing to say or play: silence on purpose.
bool IsSilent(const v1::Prompt& prompt);
// How long its sound is expected to be: 0.15 s a code point, 0.40 s from U+2E80 up, divided by the
// speech rate, plus SSML breaks.
base::Duration ExpectedDuration(const v1::Prompt& prompt);
// How long to wait for its finished event: the expected duration and a grace, with a maximum.
base::Duration PromptDeadline(const v1::Prompt& prompt, const internal::v1::Timing& timing);

}  // namespace callbridge::flow
