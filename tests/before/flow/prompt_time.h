// How long a prompt may take: by its text, and by how long it was heard before; docs/flow.md §3.
#pragma once

#include <optional>

#include "callbridge/before/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"

namespace callbridge::flow_before {

const v1::Prompt& PromptOf(const v1::Plan& plan, v1::PromptKind kind);
// True if there is nothing to say or play: silence on purpose.
bool IsSilent(const v1::Prompt& prompt);
// How long its sound is expected to be: 0.15 s a code point, 0.40 s from U+2E80 up, divided by the
// speech rate, plus SSML breaks.
base::Duration ExpectedDuration(const v1::Prompt& prompt);
// How long to wait for its finished event: the expected duration and a grace, with a maximum.
base::Duration PromptDeadline(const v1::Prompt& prompt, const before::v1::Timing& timing);
// How long to wait once the provider has accepted it, by how long it was heard before. Absent: the
// worker has not seen it heard.
std::optional<base::Duration> KnownDeadline(const before::v1::PromptLengths& lengths,
                                            v1::PromptKind kind);

}  // namespace callbridge::flow_before
