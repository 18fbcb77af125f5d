#include "server/provider/event_decoding.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/event_state.h"
#include "server/base/limits.h"
#include "server/base/marks.h"
#include "server/base/time.h"
#include "server/provider/facts_decoding.h"
#include "server/provider/recording_decoding.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;

constexpr std::int64_t kPlaybackMillisMax = 24 * 60 * 60 * 1000;

// More keys than a capture takes are cut.
constexpr std::size_t kDigitsMax = base::kDigitsCapturedMax;

struct NamedType {
  std::string_view name;
  ProviderEvent::Type type;
};

// The types that the flow uses. All other types, also future ones, are OTHER.
constexpr std::array<NamedType, 30> kTypes = {{
    {"CALL_RECEIVED", ProviderEvent::TYPE_CALL_RECEIVED},
    {"CALL_STARTED", ProviderEvent::TYPE_CALL_STARTED},
    {"CALL_RINGING", ProviderEvent::TYPE_CALL_RINGING},
    {"CALL_PRE_ESTABLISHED", ProviderEvent::TYPE_CALL_PRE_ESTABLISHED},
    {"CALL_ESTABLISHED", ProviderEvent::TYPE_CALL_ESTABLISHED},
    {"CALL_FINISHED", ProviderEvent::TYPE_CALL_FINISHED},
    {"CALL_FAILED", ProviderEvent::TYPE_CALL_FAILED},
    {"CALL_DISCONNECTED", ProviderEvent::TYPE_CALL_DISCONNECTED},
    {"CALL_RECONNECTED", ProviderEvent::TYPE_CALL_RECONNECTED},
    {"CONFERENCE_CREATED", ProviderEvent::TYPE_CONFERENCE_CREATED},
    {"CONFERENCE_FINISHED", ProviderEvent::TYPE_CONFERENCE_FINISHED},
    {"PARTICIPANT_JOINING", ProviderEvent::TYPE_PARTICIPANT_JOINING},
    {"PARTICIPANT_JOINED", ProviderEvent::TYPE_PARTICIPANT_JOINED},
    {"PARTICIPANT_JOIN_FAILED", ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED},
    {"PARTICIPANT_REMOVED", ProviderEvent::TYPE_PARTICIPANT_REMOVED},
    {"PARTICIPANT_MEDIA_CHANGED", ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED},
    {"SAY_FINISHED", ProviderEvent::TYPE_SAY_FINISHED},
    {"PLAY_FINISHED", ProviderEvent::TYPE_PLAY_FINISHED},
    {"DTMF_CAPTURED", ProviderEvent::TYPE_DTMF_CAPTURED},
    {"ERROR", ProviderEvent::TYPE_ERROR},
    {"CALL_RECORDING_STARTED", ProviderEvent::TYPE_CALL_RECORDING_STARTED},
    {"CALL_RECORDING_STOPPED", ProviderEvent::TYPE_CALL_RECORDING_STOPPED},
    {"CALL_RECORDING_FAILED", ProviderEvent::TYPE_CALL_RECORDING_FAILED},
    {"CALL_RECORDING_READY", ProviderEvent::TYPE_CALL_RECORDING_READY},
    {"CONFERENCE_RECORDING_STARTED", ProviderEvent::TYPE_CONFERENCE_RECORDING_STARTED},
    {"CONFERENCE_RECORDING_STOPPED", ProviderEvent::TYPE_CONFERENCE_RECORDING_STOPPED},
    {"CONFERENCE_RECORDING_FAILED", ProviderEvent::TYPE_CONFERENCE_RECORDING_FAILED},
    {"CONFERENCE_RECORDING_READY", ProviderEvent::TYPE_CONFERENCE_RECORDING_READY},
    {"CONFERENCE_COMPOSITION_FINISHED", ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FINISHED},
    {"CONFERENCE_COMPOSITION_FAILED", ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FAILED},
}};

ProviderEvent::Type TypeOf(std::string_view name) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [name](const NamedType& known) { return known.name == name; });
  return found == kTypes.end() ? ProviderEvent::TYPE_OTHER : found->type;
}

// Returns the state of the call that the event's type implies, for events that say no more.
ParticipantFacts::State ImpliedParticipantState(ProviderEvent::Type type) {
  switch (type) {
    case ProviderEvent::TYPE_PARTICIPANT_JOINING:
      return ParticipantFacts::STATE_JOINING;
    case ProviderEvent::TYPE_PARTICIPANT_JOINED:
      return ParticipantFacts::STATE_JOINED;
    case ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED:
    case ProviderEvent::TYPE_PARTICIPANT_REMOVED:
      return ParticipantFacts::STATE_LEFT;
    default:
      return ParticipantFacts::STATE_UNSPECIFIED;
  }
}

// The id of the calls configuration of an event, a call or a conference. Accounts of the older
// flavour have an application instead (docs/provider.md §2).
std::string ReadConfiguration(const JsonObject& object) {
  std::string id = Text(object, "callsConfigurationId");
  return id.empty() ? Text(object, "applicationId") : id;
}

// Reads properties.call or properties.callLog, and the properties beside them.
void ReadCallProperties(const JsonObject& properties, ProviderEvent* event) {
  std::optional<JsonObject> call = Object(properties, "call");
  if (!call) call = Object(properties, "callLog");
  CallFacts* facts = event->mutable_call();
  if (call) *facts = ReadCall(*call, base::CallStateOf(event->type()));
  if (facts->custom_data().empty()) *facts->mutable_custom_data() = ReadCustomData(properties);
  facts->set_caller_name(Text(properties, "resolvedCnam"));
  facts->set_base_url(Text(properties, "apiBaseUrl"));
  if (const auto forwarded = Array(properties, "forwardedFrom")) {
    for (const JsonElement element : *forwarded) {
      JsonObject object;
      if (element.get(object) != simdjson::SUCCESS) continue;
      std::string number = Text(object, "number");
      if (!number.empty()) facts->add_forwarded_from(std::move(number));
    }
  }
  if (call && event->calls_configuration_id().empty()) {
    std::string id = ReadConfiguration(*call);
    if (id.empty()) id = LastText(*call, "callsConfigurationIds");
    if (id.empty()) id = LastText(*call, "applicationIds");
    event->set_calls_configuration_id(std::move(id));
  }
}

void CompleteCall(ProviderEvent* event) {
  CallFacts* facts = event->mutable_call();
  if (facts->state() == CallFacts::STATE_UNSPECIFIED) {
    facts->set_state(base::CallStateOf(event->type()));
  }
  if (facts->call_id().empty()) facts->set_call_id(event->call_id());
  if (facts->conference_id().empty()) facts->set_conference_id(event->conference_id());
  event->set_call_id(facts->call_id());
  event->set_conference_id(facts->conference_id());
}

void ReadConferenceProperties(const JsonObject& properties, ProviderEvent* event) {
  internal::v1::ConferenceFacts* facts = event->mutable_conference();
  if (const auto conference = Object(properties, "conference")) {
    *facts = ReadConference(*conference);
    if (event->calls_configuration_id().empty()) {
      event->set_calls_configuration_id(ReadConfiguration(*conference));
    }
  }
  facts->set_base_url(Text(properties, "apiBaseUrl"));
  if (auto error = ReadError(properties)) *facts->mutable_error() = *std::move(error);
}

void CompleteConference(ProviderEvent* event) {
  internal::v1::ConferenceFacts* facts = event->mutable_conference();
  facts->set_finished(event->type() == ProviderEvent::TYPE_CONFERENCE_FINISHED);
  if (facts->conference_id().empty()) facts->set_conference_id(event->conference_id());
  event->set_conference_id(facts->conference_id());
}

// Reads the participant. Its call is participant.callId, or the event's own callId if that is
// missing (docs/provider.md §4.3).
void ReadParticipantProperties(const JsonObject& properties, ProviderEvent* event) {
  if (const auto participant = Object(properties, "participant")) {
    *event->mutable_participant() =
        ReadParticipant(*participant, ImpliedParticipantState(event->type()));
  }
  if (auto error = ReadError(properties)) *event->mutable_error() = *std::move(error);
}

void CompleteParticipant(ProviderEvent* event) {
  ParticipantFacts* facts = event->mutable_participant();
  if (facts->state() == ParticipantFacts::STATE_UNSPECIFIED) {
    facts->set_state(ImpliedParticipantState(event->type()));
  }
  // A participant that could not join has never joined.
  if (event->type() == ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED) facts->clear_join_time();
  if (facts->call_id().empty()) facts->set_call_id(event->call_id());
  event->set_call_id(facts->call_id());
}

// Returns how long a sound was heard. Absent if the provider did not say it, or nothing sensible.
std::optional<base::Duration> ReadPlayedDuration(const JsonObject& properties) {
  const std::optional<std::int64_t> millis = Integer(properties, "duration");
  const bool told = millis.has_value() && *millis >= 0 && *millis <= kPlaybackMillisMax;
  if (!told) return std::nullopt;
  return std::chrono::milliseconds(*millis);
}

void ReadPlayback(const JsonObject& properties, ProviderEvent::Playback* playback) {
  if (const auto played = ReadPlayedDuration(properties)) {
    *playback->mutable_duration() = base::ToProtoDuration(*played);
  }
  playback->set_completed(Bool(properties, "playedCompletely").value_or(false));
  *playback->mutable_custom_data() = ReadCustomData(properties);
}

// Leaves out the keys unless our own mark says that they are kept, because they may be a PIN or the
// number of a card. Of a notice before recording, only the key that refuses is kept.
void ReadCaptured(const JsonObject& properties, ProviderEvent::Captured* captured) {
  *captured->mutable_custom_data() = ReadCustomData(properties);
  captured->set_timed_out(Bool(properties, "timeout").value_or(false));
  std::string digits = Text(properties, "dtmf");
  std::erase_if(digits, [](char c) { return !base::IsTelephoneKey(c); });
  captured->set_digit_count(static_cast<std::int32_t>(std::min(digits.size(), kDigitsMax)));
  const base::Marks marks = base::ReadMarks(captured->custom_data());
  const bool refuses = !digits.empty() && digits == marks.refusing_key;
  if (marks.keep || refuses) captured->set_digits(digits.substr(0, kDigitsMax));
  const std::optional<JsonObject> prompt = Object(properties, "playedContentProperties");
  if (!prompt) return;
  captured->set_prompt_completed(Bool(*prompt, "playedCompletely").value_or(false));
  if (const auto played = ReadPlayedDuration(*prompt)) {
    *captured->mutable_prompt_duration() = base::ToProtoDuration(*played);
  }
}

// Reads properties.recording of a finished recording, or the properties themselves of one that has
// started, stopped or failed (docs/provider.md §4.2).
void ReadRecordingProperties(const JsonObject& properties, ProviderEvent* event) {
  const std::optional<JsonObject> recording = Object(properties, "recording");
  *event->mutable_recording() = ReadRecording(recording.value_or(properties));
  if (!recording) return;
  if (event->call_id().empty()) event->set_call_id(Text(*recording, "callId"));
  if (event->conference_id().empty()) event->set_conference_id(Text(*recording, "conferenceId"));
  if (event->calls_configuration_id().empty()) {
    event->set_calls_configuration_id(Text(*recording, "callsConfigurationId"));
  }
}

void ReadProperties(const std::optional<JsonObject>& properties, ProviderEvent* event) {
  switch (event->type()) {
    case ProviderEvent::TYPE_CALL_RECEIVED:
    case ProviderEvent::TYPE_CALL_STARTED:
    case ProviderEvent::TYPE_CALL_RINGING:
    case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
    case ProviderEvent::TYPE_CALL_ESTABLISHED:
    case ProviderEvent::TYPE_CALL_FINISHED:
    case ProviderEvent::TYPE_CALL_FAILED:
    case ProviderEvent::TYPE_CALL_DISCONNECTED:
    case ProviderEvent::TYPE_CALL_RECONNECTED:
      if (properties.has_value()) ReadCallProperties(*properties, event);
      CompleteCall(event);
      break;
    case ProviderEvent::TYPE_CONFERENCE_CREATED:
    case ProviderEvent::TYPE_CONFERENCE_FINISHED:
      if (properties.has_value()) ReadConferenceProperties(*properties, event);
      CompleteConference(event);
      break;
    case ProviderEvent::TYPE_PARTICIPANT_JOINING:
    case ProviderEvent::TYPE_PARTICIPANT_JOINED:
    case ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED:
    case ProviderEvent::TYPE_PARTICIPANT_REMOVED:
      if (properties.has_value()) ReadParticipantProperties(*properties, event);
      CompleteParticipant(event);
      break;
    case ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED:
      // The properties are the participant's media themselves (docs/provider.md §4.2).
      if (properties.has_value()) ReadAudio(*properties, *event->mutable_participant());
      CompleteParticipant(event);
      break;
    case ProviderEvent::TYPE_SAY_FINISHED:
    case ProviderEvent::TYPE_PLAY_FINISHED:
      event->mutable_playback();
      if (properties.has_value()) ReadPlayback(*properties, event->mutable_playback());
      break;
    case ProviderEvent::TYPE_DTMF_CAPTURED:
      // Keys that nobody asked for end no capture (docs/provider.md §9.29).
      if (properties.has_value() && !Bool(*properties, "captureRequested").value_or(true)) {
        event->set_type(ProviderEvent::TYPE_OTHER);
        break;
      }
      event->mutable_captured();
      if (properties.has_value()) ReadCaptured(*properties, event->mutable_captured());
      break;
    case ProviderEvent::TYPE_CALL_RECORDING_STARTED:
    case ProviderEvent::TYPE_CALL_RECORDING_STOPPED:
    case ProviderEvent::TYPE_CALL_RECORDING_FAILED:
    case ProviderEvent::TYPE_CALL_RECORDING_READY:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_STARTED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_STOPPED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_FAILED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_READY:
    case ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FINISHED:
    case ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FAILED:
      event->mutable_recording();
      if (properties.has_value()) ReadRecordingProperties(*properties, event);
      break;
    case ProviderEvent::TYPE_ERROR:
      event->mutable_error();
      if (properties.has_value()) {
        event->set_action_type(Text(*properties, "actionType"));
        if (auto error = ReadError(*properties)) *event->mutable_error() = *std::move(error);
      }
      break;
    default:
      // The flow does not use events of other types: their ids are read for the counts and logs
      // only.
      if (properties.has_value() && event->call_id().empty()) {
        if (const auto participant = Object(*properties, "participant")) {
          event->set_call_id(Text(*participant, "callId"));
        }
      }
      break;
  }
}

}  // namespace

std::vector<std::string_view> UsedEventTypes() {
  std::vector<std::string_view> names;
  for (const NamedType& type : kTypes) names.push_back(type.name);
  return names;
}

bool ReadEvent(const JsonObject& object, ProviderEvent* event) {
  std::string type_name = Text(object, "type");
  if (type_name.empty()) return false;
  event->set_type(TypeOf(type_name));
  event->set_type_name(std::move(type_name));
  event->set_call_id(Text(object, "callId"));
  event->set_conference_id(Text(object, "conferenceId"));
  event->set_calls_configuration_id(ReadConfiguration(object));
  if (const auto time = Moment(object, "timestamp")) {
    *event->mutable_occur_time() = base::ToTimestamp(*time);
  }
  ReadProperties(Object(object, "properties"), event);
  return true;
}

}  // namespace callbridge::provider
