// Writes recordings and their files as the provider's responses and events show them:
// docs/provider.md §3.6. It reads the world and changes nothing.
#pragma once

#include <vector>

#include "tests/simulator/json_writer.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

// Events and answers show different members of a file.
enum class FilesShown { kInEvents, kInAnswers };

// Each writes the members of one object that the caller has begun. recordings: at least one, all of
// the same call or conference.
void WriteRecordedFile(JsonWriter& writer, const RecordedFile& file, FilesShown shown);
void WriteCallRecording(JsonWriter& writer, const Call& call,
                        const std::vector<const Recording*>& recordings, FilesShown shown);
void WriteConferenceRecording(JsonWriter& writer, const World& world, const Conference& conference,
                              const std::vector<const Recording*>& recordings, FilesShown shown);

}  // namespace callbridge::simulator
