// What becomes known of recordings: that one has started, stopped or failed, and which files there
// are. Events that tell it may follow SessionEnded.
#pragma once

#include <string>
#include <string_view>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

using internal::v1::Recorder;
using internal::v1::RecordingFacts;

// Returns the recording with this id. Null means that the session has none.
Recorder* FindRecorder(Knowledge& known, std::string_view recording_id);
// Returns the last recording of the conference (an empty leg_id) or of the leg. Null means that
// there is none.
Recorder* LastRecorder(Knowledge& known, std::string_view leg_id);
// Adds a recording of the conference (a null leg) or of the leg, for the present wish.
Recorder& AddRecorder(Knowledge& known, v1::RecordingMode mode, const Leg* leg);
// True if the recording is on, or may be, or is about to be.
bool IsLive(const Recorder& recorder);
// False if the start of the recording has certainly not reached the provider.
bool MayHaveBegun(const Knowledge& known, const Recorder& recorder);
// True if a recording that is over may have files of which nothing has told.
bool AwaitsFiles(const Recorder& recorder);

// Records that the recording is on, and tells it. inferred: no event of the provider says so.
void NoteStarted(Knowledge& known, Recorder& recorder, Time started, bool inferred);
// Records that the recording is over, and tells it. inferred: no event of the provider says so.
void NoteStopped(Knowledge& known, Recorder& recorder, Time stopped, bool inferred);
// Records that the recording failed, and tells it. A recording that is on remains so with
// STOP_FAILED, and is over with every other failure. error: null if the provider named none.
void NoteFailure(Knowledge& known, Recorder& recorder, v1::RecordingFailure failure,
                 const v1::ProviderError* error);

// Records what a CALL_RECORDING_…, CONFERENCE_RECORDING_… or CONFERENCE_COMPOSITION_… event says.
void OnRecordingEvent(Knowledge& known, const ProviderEvent& event);
// Records the finished files of the conference (an empty leg_id) or of the leg's call. Returns
// false if they say nothing new.
bool NoteFiles(Knowledge& known, std::string_view leg_id, const RecordingFacts& facts);

// Records that no recording is on any more, because the session is about to end.
void EndRecordings(Knowledge& known);

}  // namespace callbridge::flow
