// What a script records: it is somebody's voice, so that every file is deleted again
// (docs/provider.md §3.6).
#pragma once

#include <string>

#include "server/live/event.h"
#include "server/live/open_things.h"

namespace callbridge::live {

// Adds the files of a CallRecording or ConferenceRecording of this thing. It stands in the body at
// the pointer: "" for the answer to a look, "/properties/recording" for an event.
void AddRecordedFiles(const std::string& body, const std::string& pointer,
                      const OpenThings::Thing& of, OpenThings& things);
// Takes over what an event tells about recordings. The event must be about something of ours.
void NoteRecordingEvent(const Event& event, OpenThings& things);
// The path of the look, "/calls/1/recordings/calls/ID".
std::string RecordingPath(const OpenThings::Thing& of);

}  // namespace callbridge::live
