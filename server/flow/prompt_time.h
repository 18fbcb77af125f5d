// How long a prompt may take, by its text and by how long it was heard before; docs/flow.md §3.
#pragma once

#include <optional>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

const v1::Prompt& PromptOf(const v1::Plan& plan, v1::PromptKind kind);
// True for an empty prompt, which is deliberate silence.
bool IsSilent(const v1::Prompt& prompt);
// Returns the expected length of the prompt's sound: 0.15 s for each code point, 0.40 s from U+2E80
// up, divided by the speech rate, plus SSML breaks.
base::Duration ExpectedDuration(const v1::Prompt& prompt);
// Returns how long to wait for its finished event: the expected duration and a grace, up to a
// maximum.
base::Duration PromptDeadline(const v1::Prompt& prompt, const internal::v1::Timing& timing);
// Returns how long to wait for the end of a capture of keys, by the times that it gives the person.
base::Duration CaptureDeadline(const internal::v1::RequestedSound& sound,
                               const internal::v1::Timing& timing);
// Returns how long to wait after the provider accepted the prompt, by how long it was heard before.
// Absent means that the worker does not know its length.
std::optional<base::Duration> KnownDeadline(const internal::v1::PromptLengths& lengths,
                                            v1::PromptKind kind);

}  // namespace callbridge::flow
