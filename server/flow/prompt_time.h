// How long a prompt may take: by its text, and by how long it was heard before; docs/flow.md §3.
#pragma once

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"

namespace callbridge::flow {

const v1::Prompt& PromptOf(const v1::Plan& plan, v1::PromptKind kind);
// How long this prompt was heard before. Null: nobody knows.
const google::protobuf::Duration* HeardBefore(const internal::v1::Input& input,
                                              v1::PromptKind kind);
// True if there is nothing to say or play: silence on purpose.
bool IsSilent(const v1::Prompt& prompt);
// How long its sound is expected to be: 0.15 s a code point, 0.40 s from U+2E80 up, divided by the
// speech rate, plus SSML breaks.
base::Duration ExpectedDuration(const v1::Prompt& prompt);
// How long to wait for its finished event: the expected duration and a grace, with a maximum.
// heard: how long the same prompt was heard before, null if nobody knows; a little more than that
// is enough.
base::Duration PromptDeadline(const v1::Prompt& prompt, const google::protobuf::Duration* heard,
                              const internal::v1::Timing& timing);

}  // namespace callbridge::flow
