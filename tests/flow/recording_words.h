// The words of stories about recordings (tests/scenarios/README.md).
#pragma once

#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::flow {

// "recorded", "recorded-legs", "recorded-after-a-beep", "recorded-from-the-join",
// "recorded-on-request"; "notice", "notice-refusable", "notice-or-end" for the notice before. Any
// other word changes nothing.
void PlanRecording(const std::string& word, v1::Plan* plan);
// "record", "record conference", "record legs", "record legs beep", "record stop".
void RequestRecording(const std::vector<std::string>& words, internal::v1::Input* input);
// CALL_RECORDING_… of a leg, CONFERENCE_RECORDING_… and CONFERENCE_COMPOSITION_…; false for every
// other event. Words that begin with "recording-" name the recording, "late" says that it has
// happened before, "failed" and "partly" say what is missing, "of-calls" that the files are of
// calls, and all others are ids of files.
bool AddRecording(const std::vector<std::string>& words, internal::v1::ProviderEvent* event);
// What a look shows: ids of files; nothing means that there is no recording.
void AddRecording(const std::vector<std::string>& words, const internal::v1::Command& command,
                  internal::v1::CommandResult* result);

}  // namespace callbridge::flow
