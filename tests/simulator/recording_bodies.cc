#include "tests/simulator/recording_bodies.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include "tests/simulator/bodies.h"

namespace callbridge::simulator {
namespace {

using Recordings = std::vector<const Recording*>;
using Files = std::vector<const RecordedFile*>;

void WriteFiles(JsonWriter& writer, std::string_view name, const Files& files, FilesShown shown) {
  writer.BeginArray(name);
  for (const RecordedFile* file : files) {
    writer.BeginObject();
    WriteRecordedFile(writer, *file, shown);
    writer.EndObject();
  }
  writer.EndArray();
}

// From the first start to the last end.
void WriteTimes(JsonWriter& writer, const Recordings& recordings) {
  writer.Moment("startTime", recordings.front()->start);
  std::optional<base::Time> end;
  for (const Recording* recording : recordings) {
    if (recording->end) end = std::max(end.value_or(*recording->end), *recording->end);
  }
  writer.MomentIfAny("endTime", end);
}

// What a call's recording has besides its files.
void WriteCallMembers(JsonWriter& writer, const Call& call, const Files& files, bool failed,
                      FilesShown shown) {
  writer.Text("callId", call.id);
  WriteEndpoint(writer, call.endpoint);
  writer.Text("direction", call.inbound ? "INBOUND" : "OUTBOUND");
  WriteFiles(writer, "files", files, shown);
  writer.Text("status", failed ? "FAILED" : "SUCCESSFUL");
  writer.TextIfAny("reason", failed ? "Recording postprocessing failed" : "");
  writer.Text("callsConfigurationId", call.configuration);
}

Files FilesOf(const std::vector<RecordedFile>& all) {
  Files files;
  for (const RecordedFile& file : all) {
    if (!file.deleted) files.push_back(&file);
  }
  return files;
}

}  // namespace

void WriteRecordedFile(JsonWriter& writer, const RecordedFile& file, FilesShown shown) {
  writer.Text("id", file.id);
  writer.Text("name", file.name);
  writer.Text("fileFormat", "WAV");
  writer.Integer("size", file.size);
  writer.Moment("creationTime", file.created);
  if (shown == FilesShown::kInEvents) writer.Moment("expirationTime", file.expires);
  const auto length = std::chrono::duration_cast<std::chrono::seconds>(file.end - file.start);
  writer.Integer("duration", length.count());
  writer.Moment("startTime", file.start);
  writer.Moment("endTime", file.end);
  writer.Text("location", "HOSTED");
  if (shown == FilesShown::kInAnswers) writer.TextMapIfAny("customData", file.custom_data);
}

void WriteCallRecording(JsonWriter& writer, const Call& call, const Recordings& recordings,
                        FilesShown shown) {
  Files files;
  bool failed = false;
  for (const Recording* recording : recordings) {
    failed |= recording->failed;
    const Files own = FilesOf(recording->call_files);
    files.insert(files.end(), own.begin(), own.end());
  }
  WriteCallMembers(writer, call, files, failed && files.empty(), shown);
  WriteTimes(writer, recordings);
}

void WriteConferenceRecording(JsonWriter& writer, const World& world, const Conference& conference,
                              const Recordings& recordings, FilesShown shown) {
  Files composed;
  std::map<std::string, Files> of_calls;
  for (const Recording* recording : recordings) {
    const Files own = FilesOf(recording->composed_files);
    composed.insert(composed.end(), own.begin(), own.end());
    for (const RecordedFile* file : FilesOf(recording->call_files)) {
      of_calls[file->call_id].push_back(file);
    }
  }
  writer.Text("conferenceId", conference.id);
  writer.Text("conferenceName", conference.name);
  writer.Text("callsConfigurationId", conference.configuration);
  WriteFiles(writer, "composedFiles", composed, shown);
  writer.BeginArray("callRecordings");
  for (const auto& [call_id, files] : of_calls) {
    const Call* call = world.calls.Find(call_id);
    if (call == nullptr) continue;
    writer.BeginObject();
    WriteCallMembers(writer, *call, files, false, shown);
    writer.EndObject();
  }
  writer.EndArray();
  WriteTimes(writer, recordings);
}

}  // namespace callbridge::simulator
