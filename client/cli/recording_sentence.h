// The part of sentence.h that describes recordings.
#pragma once

#include <string>

#include "client/cli/sentence.h"

namespace callbridge::cli {

// Describes an event of a recording, from RecordingStarted to NoticeFinished. The caller passes no
// other event.
Sentence DescribeRecordingEvent(const v1::SessionEvent& event);

// Returns what became of the notice before recording, without the name of the leg.
std::string NoticeText(const v1::NoticeEvidence& notice);
// Returns one recording in one line: its state, what it records, and its files.
std::string RecordingText(const v1::Recording& recording);

}  // namespace callbridge::cli
