// What GET /control/state and GET /control/requests show.
#include <cmath>

#include "tests/simulator/control.h"
#include "tests/simulator/json_writer.h"

namespace callbridge::simulator {
namespace {

void WriteTimeline(JsonWriter& writer, const std::vector<TimelineEntry>& timeline,
                   base::Time since) {
  writer.BeginArray("timeline");
  for (const TimelineEntry& entry : timeline) {
    writer.BeginObject();
    writer.Moment("at", entry.at);
    const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(entry.at - since);
    writer.Integer("afterMs", after.count());
    writer.Text("text", entry.text);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteCallState(JsonWriter& writer, const Call& call) {
  writer.BeginObject();
  writer.Text("id", call.id);
  writer.Text("direction", call.inbound ? "INBOUND" : "OUTBOUND");
  writer.Text("from", call.from);
  writer.Text("to", call.to);
  writer.Text("state", NameOf(call.state));
  writer.Flag("alive", !call.ended());
  writer.Text("conferenceId", call.conference_id);
  writer.Moment("startTime", call.start);
  writer.Text("error", call.error);
  writer.Text("hangupSource", call.hangup_source);
  writer.Text("hears", call.sounds.empty() ? "" : call.sounds.front().what);
  writer.TextMap("customData", call.custom_data);
  WriteTimeline(writer, call.timeline, call.start);
  writer.EndObject();
}

void WriteConferenceState(JsonWriter& writer, const Conference& conference) {
  writer.BeginObject();
  writer.Text("id", conference.id);
  writer.Text("name", conference.name);
  writer.Flag("open", !conference.ended());
  writer.Moment("startTime", conference.start);
  writer.BeginArray("participants");
  for (const Participant& participant : conference.participants) {
    writer.BeginObject();
    writer.Text("callId", participant.call_id);
    writer.Text("state", NameOf(participant.state));
    writer.EndObject();
  }
  writer.EndArray();
  WriteTimeline(writer, conference.timeline, conference.start);
  writer.EndObject();
}

void WriteJournal(JsonWriter& writer, const Journal& journal) {
  writer.BeginObject("requests");
  for (const auto& [operation, statuses] : journal.counts) {
    writer.BeginObject(operation);
    for (const auto& [status, count] : statuses) {
      writer.Integer(status == 0 ? "reset" : std::to_string(status), count);
    }
    writer.EndObject();
  }
  writer.EndObject();
  writer.Integer("overlaps", journal.overlaps);
  writer.Integer("faultsStruck", journal.faults_struck);
  writer.Integer("violations", journal.violations_seen);
  writer.BeginArray("violationList");
  for (const ViolationRecord& violation : journal.violations) {
    writer.BeginObject();
    writer.Moment("at", violation.at);
    writer.Text("operation", violation.operation);
    writer.Text("method", violation.method);
    writer.Text("target", violation.target);
    writer.Integer("status", violation.status);
    writer.Text("text", violation.text);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteWebhooks(JsonWriter& writer, const Outbox& outbox, const WebhookCounts& webhooks) {
  const Outbox::Counts& events = outbox.counts();
  writer.BeginObject("events");
  writer.Integer("happened", events.events);
  writer.Integer("dropped", events.dropped);
  writer.Integer("duplicated", events.duplicated);
  writer.Integer("delayed", events.delayed);
  writer.Integer("reordered", events.reordered);
  writer.Integer("waiting", outbox.waiting());
  writer.EndObject();
  writer.BeginObject("webhooks");
  writer.Integer("accepted", webhooks.accepted);
  writer.Integer("refused", webhooks.refused);
  writer.Integer("failed", webhooks.failed);
  writer.Integer("repeated", webhooks.repeated);
  writer.Integer("givenUp", webhooks.given_up);
  writer.Integer("waiting", webhooks.waiting);
  writer.EndObject();
}

}  // namespace

std::string WriteState(const World& world, const WebhookCounts& webhooks) {
  JsonWriter writer;
  std::int64_t calls_alive = 0;
  std::int64_t conferences_open = 0;
  for (const auto& [number, call] : world.calls.things()) calls_alive += call.ended() ? 0 : 1;
  for (const auto& [number, one] : world.conferences.things()) {
    conferences_open += one.ended() ? 0 : 1;
  }
  writer.BeginObject();
  writer.Moment("now", world.now);
  writer.Integer("callsAlive", calls_alive);
  writer.Integer("conferencesOpen", conferences_open);
  WriteJournal(writer, world.journal);
  WriteWebhooks(writer, world.outbox, webhooks);
  writer.BeginArray("calls");
  for (const auto& [number, call] : world.calls.things()) WriteCallState(writer, call);
  writer.EndArray();
  writer.BeginArray("conferences");
  for (const auto& [number, one] : world.conferences.things()) WriteConferenceState(writer, one);
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

std::string WriteRequests(const World& world) {
  JsonWriter writer;
  writer.BeginObject();
  writer.BeginArray("requests");
  for (const RequestRecord& request : world.journal.requests) {
    writer.BeginObject();
    writer.Moment("at", request.at);
    writer.Text("operation", request.operation);
    writer.Text("method", request.method);
    writer.Text("target", request.target);
    writer.Integer("status", request.status);
    writer.Text("fault", request.fault);
    writer.Text("body", request.body);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

}  // namespace callbridge::simulator
