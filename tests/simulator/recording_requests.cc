#include "tests/simulator/recording_requests.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "tests/simulator/moment.h"
#include "tests/simulator/paging.h"
#include "tests/simulator/recording_bodies.h"
#include "tests/simulator/recordings.h"
#include "tests/simulator/schemas.h"

namespace callbridge::simulator {
namespace {

using O = Operation;
using Recordings = std::vector<const Recording*>;

constexpr std::string_view kOfCall = "/calls/1/recordings/calls/{call}";
constexpr std::string_view kOfConference = "/calls/1/recordings/conferences/{conference}";
constexpr std::string_view kFile = "/calls/1/recordings/files/{id}";

// By the switch `recording`.
bool IsForbidden(const World& world, Answer& answer) {
  if (world.settings.switches.recording == RecordingFeature::kOn) return false;
  answer = RefuseRequest(403, "Recording is not enabled.");
  return true;
}

// A start of what is recorded already, by the switch second-recording.
Answer AnswerSecondStart(const World& world) {
  if (world.settings.switches.second_recording == SecondAccepted::kAccepted) {
    return AcceptAction(world);
  }
  return RefuseRequest(400, "Recording is in progress already.");
}

RecordingRequest ReadRequest(const simdjson::dom::object& body) {
  RecordingRequest request;
  request.type = ReadText(body, "recordingType");
  request.beep = ReadFlag(body, "beep").value_or(false);
  request.composition =
      ReadFlag(ReadObject(body, "conferenceComposition"), "enabled").value_or(false);
  request.max_duration = ReadSeconds(body, "maxDuration");
  request.stops_by_itself = Has(body, "maxDuration") || Has(body, "maxSilence");
  request.custom_data = ReadTextMap(body, "customData");
  return request;
}

Answer OnStartOfCall(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr || IsForbidden(world, answer)) return answer;
  if (!call->established()) return RefuseRequest(400, "Call is not established.");
  if (FindRecordingOf(world, *call) != nullptr) return AnswerSecondStart(world);
  StartRecording(world, *call, ReadRequest(ReadObject(request.body, "recording")));
  return AcceptAction(world);
}

Answer OnStartOfConference(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr || IsForbidden(world, answer)) return answer;
  if (FindRecordingOf(world, *conference) != nullptr) return AnswerSecondStart(world);
  StartRecording(world, *conference, ReadRequest(request.body));
  return AcceptAction(world);
}

template <typename Thing>
Answer Stop(World& world, const Thing& thing) {
  Recording* recording = FindRecordingOf(world, thing);
  if (recording == nullptr) return RefuseRequest(400, "Nothing is recorded.");
  if (recording->stops_by_itself) return RefuseRequest(400, "The recording stops by itself.");
  StopRecording(world, *recording);
  return AcceptAction(world);
}

Answer OnStopOfCall(World& world, const ParsedRequest& request) {
  Answer answer;
  const Call* call = FindLiveCall(world, request, answer);
  return call == nullptr ? answer : Stop(world, *call);
}

Answer OnStopOfConference(World& world, const ParsedRequest& request) {
  Answer answer;
  const Conference* conference = FindLiveConference(world, request, answer);
  return conference == nullptr ? answer : Stop(world, *conference);
}

// The finished recordings of the thing, the oldest first.
Recordings Finished(const World& world, const std::string Recording::*member,
                    const std::string& id) {
  Recordings found;
  for (const auto& [number, recording] : world.recordings.things()) {
    if (recording.finished && recording.*member == id && !id.empty()) found.push_back(&recording);
  }
  return found;
}

Answer WriteOne(World& world, const std::function<void(JsonWriter&)>& write) {
  JsonWriter writer(world.outbox.NextStyle(world.settings.faults));
  writer.BeginObject();
  write(writer);
  writer.EndObject();
  return {200, writer.Take()};
}

Answer OnGetOfCall(World& world, const ParsedRequest& request) {
  const Call* call = world.calls.Find(request.target.call_id);
  const Recordings found = Finished(world, &Recording::call_id, request.target.call_id);
  if (call == nullptr || found.empty()) return RefuseUnknown();
  return WriteOne(world, [&](JsonWriter& writer) {
    WriteCallRecording(writer, *call, found, FilesShown::kInAnswers);
  });
}

Answer OnGetOfConference(World& world, const ParsedRequest& request) {
  const Conference* conference = world.conferences.Find(request.target.conference_id);
  const Recordings found = Finished(world, &Recording::conference_id, request.target.conference_id);
  if (conference == nullptr || found.empty()) return RefuseUnknown();
  return WriteOne(world, [&](JsonWriter& writer) {
    WriteConferenceRecording(writer, world, *conference, found, FilesShown::kInAnswers);
  });
}

void DeleteFiles(World& world, const Recordings& recordings) {
  for (const Recording* found : recordings) {
    Recording& recording = *world.recordings.Find(found->id);
    for (auto* files : {&recording.composed_files, &recording.call_files}) {
      for (RecordedFile& file : *files) file.deleted = true;
    }
  }
}

// The answer shows what is removed.
Answer OnDeleteOfCall(World& world, const ParsedRequest& request) {
  Answer answer = OnGetOfCall(world, request);
  DeleteFiles(world, Finished(world, &Recording::call_id, request.target.call_id));
  return answer;
}

Answer OnDeleteOfConference(World& world, const ParsedRequest& request) {
  Answer answer = OnGetOfConference(world, request);
  DeleteFiles(world, Finished(world, &Recording::conference_id, request.target.conference_id));
  return answer;
}

RecordedFile* FindFile(World& world, const std::string& id) {
  for (auto& [number, recording] : world.recordings.things()) {
    for (auto* files : {&recording.composed_files, &recording.call_files}) {
      for (RecordedFile& file : *files) {
        if (file.id == id && !file.deleted && file.expires > world.now) return &file;
      }
    }
  }
  return nullptr;
}

// "bytes=100-" or "bytes=100-199": where to begin and how many. Nothing if it cannot be served.
std::optional<std::pair<std::size_t, std::size_t>> ReadRange(std::string_view range,
                                                             std::size_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit)) return std::nullopt;
  range.remove_prefix(kUnit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  std::size_t begin = 0;
  std::size_t last = size - 1;
  const std::string first_text(range.substr(0, dash));
  const std::string last_text(range.substr(dash + 1));
  if (!absl::SimpleAtoi(first_text, &begin) || begin >= size) return std::nullopt;
  if (!last_text.empty() && !absl::SimpleAtoi(last_text, &last)) return std::nullopt;
  last = std::min(last, size - 1);
  if (last < begin) return std::nullopt;
  return std::pair(begin, last - begin + 1);
}

Answer OnGetFile(World& world, const ParsedRequest& request) {
  const RecordedFile* file = FindFile(world, request.target.id);
  if (file == nullptr) return RefuseUnknown();
  Answer answer;
  answer.body = WriteSilence(*file);
  answer.content_type = "application/octet-stream";
  if (request.range.empty()) return answer;
  const std::size_t size = answer.body.size();
  const auto range = ReadRange(request.range, size);
  if (!range) return RefuseRequest(416, "Requested range is invalid.");
  answer.status = 206;
  answer.content_range =
      absl::StrCat("bytes ", range->first, "-", range->first + range->second - 1, "/", size);
  answer.body = answer.body.substr(range->first, range->second);
  return answer;
}

Answer OnDeleteFile(World& world, const ParsedRequest& request) {
  RecordedFile* file = FindFile(world, request.target.id);
  if (file == nullptr) return RefuseUnknown();
  file->deleted = true;
  return WriteOne(
      world, [&](JsonWriter& writer) { WriteRecordedFile(writer, *file, FilesShown::kInAnswers); });
}

const std::string* Find(const ParsedRequest& request, const std::string& name) {
  const auto found = request.target.query.find(name);
  return found == request.target.query.end() ? nullptr : &found->second;
}

bool Fits(const ParsedRequest& request, const std::string& name, std::string_view value) {
  const std::string* wanted = Find(request, name);
  return wanted == nullptr || *wanted == value;
}

bool FitsTimes(const ParsedRequest& request, const Recording& recording) {
  const std::string* after = Find(request, "startTimeAfter");
  const std::string* before = Find(request, "endTimeBefore");
  return (after == nullptr || recording.start > ParseMoment(*after).value_or(base::Time::max())) &&
         (before == nullptr ||
          (recording.end && *recording.end < ParseMoment(*before).value_or(base::Time::min())));
}

// One entry for each call or conference that has finished recordings.
template <typename Thing>
Answer WritePage(World& world, const ParsedRequest& request, const Registry<Thing>& things,
                 const std::string Recording::*member,
                 const std::function<bool(const Thing&)>& fits,
                 const std::function<void(JsonWriter&, const Thing&, const Recordings&)>& write) {
  std::vector<std::pair<const Thing*, Recordings>> found;
  for (const auto& [number, thing] : things.things()) {
    Recordings recordings = Finished(world, member, thing.id);
    std::erase_if(recordings, [&](const Recording* one) { return !FitsTimes(request, *one); });
    if (!recordings.empty() && fits(thing)) found.emplace_back(&thing, std::move(recordings));
  }
  if (world.settings.switches.list_order == ListOrder::kNewestFirst) {
    std::reverse(found.begin(), found.end());
  }
  const Page page = PageOf(request);
  return WriteOne(world, [&](JsonWriter& writer) {
    writer.BeginArray("results");
    for (std::size_t i = page.Begin(found.size()); i < page.End(found.size()); ++i) {
      writer.BeginObject();
      write(writer, *found[i].first, found[i].second);
      writer.EndObject();
    }
    writer.EndArray();
    WritePaging(writer, page, found.size());
  });
}

Answer OnListOfCalls(World& world, const ParsedRequest& request) {
  return WritePage<Call>(
      world, request, world.calls, &Recording::call_id,
      [&](const Call& call) {
        return Fits(request, "callId", call.id) &&
               Fits(request, "callsConfigurationId", call.configuration) &&
               Fits(request, "applicationId", call.platform.application_id) &&
               Fits(request, "entityId", call.platform.entity_id) &&
               Fits(request, "endpointIdentifier", NumberOf(call.endpoint)) &&
               Fits(request, "direction", call.inbound ? "INBOUND" : "OUTBOUND") &&
               Fits(request, "endpointType", call.endpoint.type);
      },
      [](JsonWriter& writer, const Call& call, const Recordings& recordings) {
        WriteCallRecording(writer, call, recordings, FilesShown::kInAnswers);
      });
}

Answer OnListOfConferences(World& world, const ParsedRequest& request) {
  return WritePage<Conference>(
      world, request, world.conferences, &Recording::conference_id,
      [&](const Conference& conference) {
        const std::string* call_id = Find(request, "callId");
        const bool has_call =
            call_id == nullptr || FindParticipant(conference, *call_id) != nullptr;
        return has_call && Fits(request, "conferenceId", conference.id) &&
               Fits(request, "conferenceName", conference.name) &&
               Fits(request, "callsConfigurationId", conference.configuration) &&
               Fits(request, "applicationId", conference.platform.application_id) &&
               Fits(request, "entityId", conference.platform.entity_id);
      },
      [&](JsonWriter& writer, const Conference& conference, const Recordings& recordings) {
        WriteConferenceRecording(writer, world, conference, recordings, FilesShown::kInAnswers);
      });
}

}  // namespace

std::vector<Route> RecordingRoutes() {
  using Body = Route::Body;
  const std::vector<std::string_view> calls{"callId",
                                            "callsConfigurationId",
                                            "applicationId",
                                            "entityId",
                                            "endpointIdentifier",
                                            "startTimeAfter",
                                            "endTimeBefore",
                                            "direction",
                                            "endpointType",
                                            "page",
                                            "size"};
  const std::vector<std::string_view> conferences{"conferenceId",   "conferenceName",
                                                  "callId",         "callsConfigurationId",
                                                  "applicationId",  "entityId",
                                                  "startTimeAfter", "endTimeBefore",
                                                  "page",           "size"};
  return {
      {O::kStartCallRecording, "start-call-recording", "POST",
       "/calls/1/calls/{call}/start-recording", Body::kRequired, RecordingStartRequestSchema},
      {O::kStopCallRecording, "stop-call-recording", "POST",
       "/calls/1/calls/{call}/stop-recording"},
      {O::kStartConferenceRecording, "start-conference-recording", "POST",
       "/calls/1/conferences/{conference}/start-recording", Body::kRequired,
       ConferenceRecordingRequestSchema},
      {O::kStopConferenceRecording, "stop-conference-recording", "POST",
       "/calls/1/conferences/{conference}/stop-recording"},
      {O::kListCallRecordings, "list-call-recordings", "GET", "/calls/1/recordings/calls",
       Body::kNone, nullptr, calls},
      {O::kGetCallRecordings, "get-call-recordings", "GET", kOfCall},
      {O::kDeleteCallRecordings, "delete-call-recordings", "DELETE", kOfCall},
      {O::kListConferenceRecordings, "list-conference-recordings", "GET",
       "/calls/1/recordings/conferences", Body::kNone, nullptr, conferences},
      {O::kGetConferenceRecordings, "get-conference-recordings", "GET", kOfConference},
      {O::kDeleteConferenceRecordings, "delete-conference-recordings", "DELETE", kOfConference},
      {O::kGetRecordingFile, "get-recording-file", "GET", kFile},
      {O::kDeleteRecordingFile, "delete-recording-file", "DELETE", kFile},
  };
}

std::optional<Answer> OnRecordings(World& world, const ParsedRequest& request) {
  switch (request.target.route->operation) {
    case O::kStartCallRecording:
      return OnStartOfCall(world, request);
    case O::kStopCallRecording:
      return OnStopOfCall(world, request);
    case O::kStartConferenceRecording:
      return OnStartOfConference(world, request);
    case O::kStopConferenceRecording:
      return OnStopOfConference(world, request);
    case O::kListCallRecordings:
      return OnListOfCalls(world, request);
    case O::kGetCallRecordings:
      return OnGetOfCall(world, request);
    case O::kDeleteCallRecordings:
      return OnDeleteOfCall(world, request);
    case O::kListConferenceRecordings:
      return OnListOfConferences(world, request);
    case O::kGetConferenceRecordings:
      return OnGetOfConference(world, request);
    case O::kDeleteConferenceRecordings:
      return OnDeleteOfConference(world, request);
    case O::kGetRecordingFile:
      return OnGetFile(world, request);
    case O::kDeleteRecordingFile:
      return OnDeleteFile(world, request);
    default:
      return std::nullopt;
  }
}

}  // namespace callbridge::simulator
