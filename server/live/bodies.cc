#include "server/live/bodies.h"

#include <utility>

#include "server/base/phone_number.h"
#include "server/provider/json_writer.h"

namespace callbridge::live {
namespace {

using provider::JsonWriter;

constexpr char kLanguage[] = "en";

void AddMarks(const Marks& marks, JsonWriter& body) {
  if (marks.empty()) return;
  body.BeginObject("customData");
  for (const auto& [name, value] : marks) body.Text(name, value);
  body.EndObject();
}

Marks WithRun(const StageOptions& options, Marks marks) {
  marks["doctor"] = options.run;
  return marks;
}

void AddCall(const StageOptions& options, const CallBody& call, JsonWriter& body) {
  body.BeginObject("endpoint");
  body.Text("type", "PHONE");
  body.Text("phoneNumber", call.to);
  body.EndObject();
  body.Text("from", base::WithoutPlus(options.from));
  if (call.connect_timeout) body.Integer("connectTimeout", *call.connect_timeout);
  body.Integer("maxDuration", call.max_duration);
  AddMarks(WithRun(options, call.custom_data), body);
}

void AddSpeech(std::string_view text, JsonWriter& body) {
  body.Text("text", text);
  body.Text("language", kLanguage);
}

}  // namespace

std::string WriteCall(const StageOptions& options, const CallBody& call) {
  JsonWriter body;
  body.Text(options.configuration.field, options.configuration.id);
  AddCall(options, call, body);
  return std::move(body).Take();
}

std::string WriteDial(const StageOptions& options, const CallBody& call) {
  JsonWriter body;
  body.BeginObject("callRequest");
  AddCall(options, call, body);
  body.EndObject();
  return std::move(body).Take();
}

std::string WriteConference(const StageOptions& options, const std::string& name) {
  JsonWriter body;
  body.Text(options.configuration.field, options.configuration.id);
  if (!name.empty()) body.Text("name", name);
  return std::move(body).Take();
}

std::string WriteMarks(const StageOptions& options, const Marks& marks) {
  JsonWriter body;
  AddMarks(WithRun(options, marks), body);
  return std::move(body).Take();
}

std::string WriteSay(std::string_view text, const Marks& marks) {
  JsonWriter body;
  AddSpeech(text, body);
  AddMarks(marks, body);
  return std::move(body).Take();
}

std::string WritePlay(std::string_view file_id) {
  JsonWriter body;
  body.BeginObject("content");
  body.Text("type", "FILE");
  body.Text("fileId", file_id);
  body.EndObject();
  return std::move(body).Take();
}

std::string WriteCallRecording() {
  JsonWriter body;
  body.BeginObject("recording");
  body.Text("recordingType", "AUDIO");
  body.EndObject();
  return std::move(body).Take();
}

std::string WriteConferenceRecording() {
  JsonWriter body;
  body.Text("recordingType", "AUDIO");
  body.BeginObject("conferenceComposition");
  body.Bool("enabled", true);
  body.EndObject();
  return std::move(body).Take();
}

std::string WriteKeys(std::string_view keys) {
  JsonWriter body;
  body.Text("dtmf", keys);
  return std::move(body).Take();
}

std::string WriteCapture(const CaptureBody& capture) {
  JsonWriter body;
  body.Integer("maxLength", capture.length_max);
  body.Integer("timeout", capture.timeout.count());
  if (!capture.terminator.empty()) body.Text("terminator", capture.terminator);
  if (!capture.text.empty()) {
    body.BeginObject("playContent");
    body.Text("type", "TEXT");
    AddSpeech(capture.text, body);
    body.EndObject();
  }
  return std::move(body).Take();
}

}  // namespace callbridge::live
