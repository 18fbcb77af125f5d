#include "server/provider/recording_decoding.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/mask.h"
#include "server/base/time.h"
#include "server/provider/facts_decoding.h"

namespace callbridge::provider {
namespace {

using internal::v1::RecordedFile;
using internal::v1::RecordingFacts;

// A conference lasts up to eight hours. A longer duration is not believed.
constexpr std::int64_t kFileSecondsMax = 24 * 60 * 60;

RecordedFile ReadFile(const JsonObject& object, const std::string& call_id) {
  RecordedFile read;
  callbridge::v1::RecordingFile& file = *read.mutable_file();
  file.set_file_id(Text(object, "id"));
  file.set_name(Text(object, "name"));
  file.set_format(Text(object, "fileFormat"));
  file.set_size_bytes(std::max<std::int64_t>(Integer(object, "size").value_or(0), 0));
  const std::optional<std::int64_t> seconds = Integer(object, "duration");
  if (seconds.has_value() && *seconds >= 0 && *seconds <= kFileSecondsMax) {
    *file.mutable_duration() = base::ToProtoDuration(std::chrono::seconds(*seconds));
  }
  file.set_location(Text(object, "location"));
  if (const auto time = Moment(object, "expirationTime")) {
    *file.mutable_expire_time() = base::ToTimestamp(*time);
  }
  if (const auto time = Moment(object, "startTime")) {
    *read.mutable_start_time() = base::ToTimestamp(*time);
  }
  read.set_call_id(call_id);
  *read.mutable_custom_data() = ReadCustomData(object);
  return read;
}

void ReadFiles(const JsonObject& parent, std::string_view name, const std::string& call_id,
               google::protobuf::RepeatedPtrField<RecordedFile>& files) {
  const std::optional<JsonArray> array = Array(parent, name);
  if (!array) return;
  for (const JsonElement element : *array) {
    JsonObject object;
    if (element.get(object) != simdjson::SUCCESS) continue;
    RecordedFile file = ReadFile(object, call_id);
    if (!file.file().file_id().empty()) *files.Add() = std::move(file);
  }
}

// Reads a CallRecording: the files of one call, and whether they are complete.
void ReadCallFiles(const JsonObject& recording, RecordingFacts& facts) {
  ReadFiles(recording, "files", Text(recording, "callId"), *facts.mutable_call_files());
  const std::string status = Text(recording, "status");
  if (status == "FAILED") facts.set_failed(true);
  if (status == "PARTIALLY_FAILED") facts.set_incomplete(true);
  if (facts.reason().empty()) facts.set_reason(base::MaskProviderText(Text(recording, "reason")));
}

}  // namespace

RecordingFacts ReadRecording(const JsonObject& recording) {
  RecordingFacts facts;
  ReadFiles(recording, "composedFiles", "", *facts.mutable_composed_files());
  ReadCallFiles(recording, facts);
  if (const std::optional<JsonArray> calls = Array(recording, "callRecordings")) {
    for (const JsonElement element : *calls) {
      JsonObject call;
      if (element.get(call) == simdjson::SUCCESS) ReadCallFiles(call, facts);
    }
  }
  facts.set_file_id(Text(recording, "fileId"));
  if (const auto time = Moment(recording, "startTime")) {
    *facts.mutable_start_time() = base::ToTimestamp(*time);
  }
  if (const auto time = Moment(recording, "endTime")) {
    *facts.mutable_end_time() = base::ToTimestamp(*time);
  }
  *facts.mutable_custom_data() = ReadCustomData(recording);
  if (facts.custom_data().empty()) {
    *facts.mutable_custom_data() = ReadCustomData(recording, "recordingCustomData");
  }
  return facts;
}

}  // namespace callbridge::provider
