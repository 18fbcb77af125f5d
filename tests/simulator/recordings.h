// The life of a recording: of a conference or of one call, from its start to its files. Every
// function leaves the world consistent and reports its events; none checks whether a request was
// allowed to ask for it.
#pragma once

#include <optional>
#include <string>

#include "tests/simulator/world.h"

namespace callbridge::simulator {

struct RecordingRequest {
  std::string type;
  // Of a conference: all calls in one file.
  bool composition = false;
  // Of a call.
  bool beep = false;
  std::optional<base::Duration> max_duration;
  // Of a call: with max_duration or a longest silence it cannot be stopped by a request.
  bool stops_by_itself = false;
  std::map<std::string, std::string> custom_data;
};

// The recording that is on. Null if none is.
Recording* FindRecordingOf(World& world, const Conference& conference);
Recording* FindRecordingOf(World& world, const Call& call);

void StartRecording(World& world, Conference& conference, RecordingRequest request);
void StartRecording(World& world, Call& call, RecordingRequest request);
// Of one that is on. It is no more, and its files come some time later.
void StopRecording(World& world, Recording& recording);

// The end of the conference or call ends what is recorded of it.
void EndRecordings(World& world, const Conference& conference);
void EndRecordings(World& world, const Call& call);
void OnRecordingTimer(World& world, Recording& recording, const Timer& timer);

// The whole file: a WAV of silence, as long as the recording was.
std::string WriteSilence(const RecordedFile& file);

}  // namespace callbridge::simulator
