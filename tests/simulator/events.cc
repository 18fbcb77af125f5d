#include "tests/simulator/events.h"

#include "tests/simulator/bodies.h"

namespace callbridge::simulator {
namespace {

// One event from its first to its last member.
class EventWriter {
 public:
  EventWriter(World& world, std::string_view type, const Call* call, const Conference* conference)
      : world_(world), writer_(world.outbox.NextStyle(world.settings.faults)) {
    delivery_.due = world.now;
    delivery_.type = type;
    writer_.BeginObject();
    writer_.Text("type", type);
    if (call != nullptr) {
      delivery_.call_id = call->id;
      writer_.Text("callId", call->id);
    } else {
      writer_.Absent("callId");
    }
    if (conference == nullptr && call != nullptr &&
        world.settings.switches.call_events_name_conference && ShowsConference(world, *call)) {
      delivery_.conference_id = call->conference_id;
    }
    if (conference != nullptr) delivery_.conference_id = conference->id;
    writer_.TextIfAny("conferenceId", delivery_.conference_id);
    writer_.Moment("timestamp", world.now);
    writer_.Text(ConfigurationField(world),
                 call != nullptr ? call->configuration : conference->configuration);
    WritePlatform(writer_, call != nullptr ? call->platform : conference->platform);
    if (world.outbox.NextHasUnknownField(world.settings.faults)) {
      writer_.Text("fieldOfTheFuture", "some text");
    }
    writer_.Absent("bulkId");
    writer_.Absent("dialogId");
  }

  JsonWriter& writer() { return writer_; }

  void Send() {
    writer_.EndObject();
    delivery_.body = writer_.Take();
    world_.outbox.Add(std::move(delivery_), world_.settings.faults, world_.settings.delays);
  }

 private:
  World& world_;
  JsonWriter writer_;
  Delivery delivery_;
};

void WriteBaseUrl(JsonWriter& writer, const World& world, const std::string& base_url) {
  const BaseUrlForm form = world.settings.switches.api_base_url;
  if (form == BaseUrlForm::kAbsent || base_url.empty()) return writer.Absent("apiBaseUrl");
  if (form == BaseUrlForm::kSlash) return writer.Text("apiBaseUrl", base_url + "/");
  const std::size_t scheme = base_url.find("://");
  const bool host_only = form == BaseUrlForm::kHost && scheme != std::string::npos;
  writer.Text("apiBaseUrl", host_only ? base_url.substr(scheme + 3) : base_url);
}

}  // namespace

void ReportCall(World& world, const Call& call, std::string_view type) {
  // docs/provider.md §4.3: of the call's own events only CALL_STARTED is shown with the conference.
  const bool started = type == "CALL_STARTED" && ShowsConference(world, call);
  EventWriter event(world, type, &call,
                    started ? world.conferences.Find(call.conference_id) : nullptr);
  JsonWriter& writer = event.writer();
  writer.BeginObject("properties");
  writer.BeginObject("call");
  WriteCall(writer, world, call);
  writer.EndObject();
  WriteBaseUrl(writer, world, call.base_url);
  writer.Absent("sender");
  writer.Absent("resolvedCnam");
  writer.Absent("forwardedFrom");
  writer.EndObject();
  if (type == "CALL_STARTED") {
    writer.BeginObject("retryProperties");
    writer.Flag("retry", false);
    writer.EndObject();
  }
  event.Send();
}

void ReportCallLog(World& world, const Call& call, std::string_view type) {
  EventWriter event(world, type, &call, nullptr);
  event.writer().BeginObject("properties");
  event.writer().BeginObject("callLog");
  WriteCallLog(event.writer(), world, call);
  event.writer().EndObject();
  event.writer().EndObject();
  event.Send();
}

void ReportConference(World& world, const Conference& conference, std::string_view type) {
  EventWriter event(world, type, nullptr, &conference);
  const bool created = type == "CONFERENCE_CREATED";
  JsonWriter& writer = event.writer();
  writer.BeginObject("properties");
  writer.BeginObject("conference");
  WriteConference(writer, world, conference, created ? Shown::kPresent : Shown::kWithLeft);
  writer.EndObject();
  if (created) {
    WriteBaseUrl(writer, world, conference.base_url);
  } else {
    WriteErrorCode(writer, conference.error);
  }
  writer.EndObject();
  event.Send();
}

void ReportParticipant(World& world, const Conference& conference, const Participant& participant,
                       std::string_view type, std::string_view reason) {
  EventWriter event(world, type, world.calls.Find(participant.call_id), &conference);
  JsonWriter& writer = event.writer();
  writer.BeginObject("properties");
  writer.BeginObject("participant");
  WriteParticipant(writer, world, participant);
  writer.EndObject();
  writer.TextIfAny("reason", reason);
  writer.EndObject();
  event.Send();
}

void ReportMedia(World& world, const Conference& conference, const Call& call) {
  EventWriter event(world, "PARTICIPANT_MEDIA_CHANGED", &call, &conference);
  event.writer().BeginObject("properties");
  WriteMedia(event.writer(), call);
  event.writer().EndObject();
  event.Send();
}

void ReportSound(World& world, const Call* call, const Conference* conference, const Sound& sound,
                 base::Duration heard, bool completely) {
  EventWriter event(world, sound.say ? "SAY_FINISHED" : "PLAY_FINISHED", call, conference);
  JsonWriter& writer = event.writer();
  writer.BeginObject("properties");
  writer.Integer("duration", std::chrono::duration_cast<std::chrono::milliseconds>(heard).count());
  writer.Flag("playedCompletely", completely);
  writer.Absent("capturedDtmf");
  const bool tagged =
      call != nullptr && world.settings.switches.finished_custom_data == FinishedCustomData::kCall;
  if (tagged) {
    writer.TextMapIfAny("customData", call->custom_data);
  } else {
    writer.Absent("customData");
  }
  writer.EndObject();
  event.Send();
}

void ReportMachineDetection(World& world, const Call& call) {
  EventWriter event(world, "MACHINE_DETECTION_FINISHED", &call, nullptr);
  JsonWriter& writer = event.writer();
  writer.BeginObject("properties");
  writer.Text("detectionResult", call.script.machine ? "MACHINE" : "HUMAN");
  writer.BeginObject("confidenceRating");
  writer.Real("HUMAN", call.script.machine ? 0.04 : 0.95);
  writer.Real("MACHINE", call.script.machine ? 0.95 : 0.04);
  writer.Real("SILENCE", 0.01);
  writer.EndObject();
  writer.TextMapIfAny("customData", call.custom_data);
  writer.EndObject();
  event.Send();
}

void ReportError(World& world, const Call* call, const Conference* conference,
                 std::string_view action, std::string_view error, std::string_view details) {
  EventWriter event(world, "ERROR", call, conference);
  JsonWriter& writer = event.writer();
  writer.BeginObject("properties");
  writer.Text("actionType", action);
  writer.Text("errorCode", error);
  writer.Text("errorDetails", details);
  writer.EndObject();
  event.Send();
}

}  // namespace callbridge::simulator
