#include "webhook/event_json.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/time.h"

namespace callbridge::webhook {
namespace {

using internal::v1::CallFacts;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;

constexpr std::int64_t kPlaybackMillisMax = 24 * 60 * 60 * 1000;

struct NamedType {
  std::string_view name;
  ProviderEvent::Type type;
};

// The types that the flow uses; all others, also those that are not invented yet, are OTHER.
constexpr std::array<NamedType, 18> kTypes = {{
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
    {"SAY_FINISHED", ProviderEvent::TYPE_SAY_FINISHED},
    {"PLAY_FINISHED", ProviderEvent::TYPE_PLAY_FINISHED},
    {"ERROR", ProviderEvent::TYPE_ERROR},
}};

ProviderEvent::Type TypeOf(std::string_view name) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [name](const NamedType& known) { return known.name == name; });
  return found == kTypes.end() ? ProviderEvent::TYPE_OTHER : found->type;
}

// What an event's type alone says of its call, for events that say no more.
CallFacts::State ImpliedCallState(ProviderEvent::Type type) {
  switch (type) {
    case ProviderEvent::TYPE_CALL_STARTED:
      return CallFacts::STATE_CALLING;
    case ProviderEvent::TYPE_CALL_RINGING:
      return CallFacts::STATE_RINGING;
    case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
      return CallFacts::STATE_PRE_ESTABLISHED;
    case ProviderEvent::TYPE_CALL_ESTABLISHED:
      return CallFacts::STATE_ESTABLISHED;
    case ProviderEvent::TYPE_CALL_FINISHED:
    case ProviderEvent::TYPE_CALL_FAILED:
      return CallFacts::STATE_ENDED;
    default:
      return CallFacts::STATE_UNSPECIFIED;
  }
}

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

// properties.call or properties.callLog, and what stands beside them.
void ReadCallProperties(const JsonObject& properties, ProviderEvent* event) {
  CallFacts* facts = event->mutable_call();
  std::optional<JsonObject> call = ObjectAt(properties, "call");
  if (!call.has_value()) call = ObjectAt(properties, "callLog");
  if (call.has_value()) ReadCall(*call, facts);
  if (facts->custom_data().empty()) ReadCustomData(properties, facts->mutable_custom_data());
  facts->set_caller_name(TextAt(properties, "resolvedCnam"));
  facts->set_base_url(TextAt(properties, "apiBaseUrl"));
  simdjson::dom::array forwarded;
  if (properties.at_key("forwardedFrom").get_array().get(forwarded) == simdjson::SUCCESS) {
    for (const simdjson::dom::element item : forwarded) {
      if (!item.is_object()) continue;
      std::string number = TextAt(item.get_object().value_unsafe(), "number");
      if (!number.empty()) facts->add_forwarded_from(std::move(number));
    }
  }
  if (call.has_value() && event->calls_configuration_id().empty()) {
    std::string id = TextAt(*call, "callsConfigurationId");
    event->set_calls_configuration_id(id.empty() ? LastTextAt(*call, "callsConfigurationIds")
                                                 : std::move(id));
  }
}

// The type is the stronger witness of an end: callLog.state is not documented to be FINISHED or
// FAILED (docs/provider.md §4.3).
void CompleteCall(ProviderEvent* event) {
  CallFacts* facts = event->mutable_call();
  const CallFacts::State implied = ImpliedCallState(event->type());
  if (facts->state() == CallFacts::STATE_UNSPECIFIED || implied == CallFacts::STATE_ENDED) {
    facts->set_state(implied);
  }
  if (facts->call_id().empty()) facts->set_call_id(event->call_id());
  if (facts->conference_id().empty()) facts->set_conference_id(event->conference_id());
  event->set_call_id(facts->call_id());
  event->set_conference_id(facts->conference_id());
}

void ReadConferenceProperties(const JsonObject& properties, ProviderEvent* event) {
  internal::v1::ConferenceFacts* facts = event->mutable_conference();
  if (const auto conference = ObjectAt(properties, "conference"); conference.has_value()) {
    ReadConference(*conference, facts);
    if (event->calls_configuration_id().empty()) {
      event->set_calls_configuration_id(TextAt(*conference, "callsConfigurationId"));
    }
  }
  facts->set_base_url(TextAt(properties, "apiBaseUrl"));
  callbridge::v1::ProviderError error;
  if (ReadError(properties, &error)) *facts->mutable_error() = std::move(error);
}

void CompleteConference(ProviderEvent* event) {
  internal::v1::ConferenceFacts* facts = event->mutable_conference();
  facts->set_finished(event->type() == ProviderEvent::TYPE_CONFERENCE_FINISHED);
  if (facts->conference_id().empty()) facts->set_conference_id(event->conference_id());
  event->set_conference_id(facts->conference_id());
}

// docs/provider.md §4.3: the leg is participant.callId, and only if that is missing the event's own
// callId.
void ReadParticipantProperties(const JsonObject& properties, ProviderEvent* event) {
  const std::optional<JsonObject> participant = ObjectAt(properties, "participant");
  if (participant.has_value()) ReadParticipant(*participant, event->mutable_participant());
  callbridge::v1::ProviderError error;
  if (ReadError(properties, &error)) *event->mutable_error() = std::move(error);
}

void CompleteParticipant(ProviderEvent* event) {
  ParticipantFacts* facts = event->mutable_participant();
  if (facts->state() == ParticipantFacts::STATE_UNSPECIFIED) {
    facts->set_state(ImpliedParticipantState(event->type()));
  }
  if (facts->call_id().empty()) facts->set_call_id(event->call_id());
  event->set_call_id(facts->call_id());
}

void ReadPlayback(const JsonObject& properties, ProviderEvent::Playback* playback) {
  const std::optional<std::int64_t> millis = IntegerAt(properties, "duration");
  if (millis.has_value() && *millis >= 0 && *millis <= kPlaybackMillisMax) {
    *playback->mutable_duration() = base::ToProtoDuration(std::chrono::milliseconds(*millis));
  }
  playback->set_completed(BoolAt(properties, "playedCompletely").value_or(false));
  ReadCustomData(properties, playback->mutable_custom_data());
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
    case ProviderEvent::TYPE_SAY_FINISHED:
    case ProviderEvent::TYPE_PLAY_FINISHED:
      event->mutable_playback();
      if (properties.has_value()) ReadPlayback(*properties, event->mutable_playback());
      break;
    case ProviderEvent::TYPE_ERROR:
      event->mutable_error();
      if (properties.has_value()) {
        event->set_action_type(TextAt(*properties, "actionType"));
        ReadError(*properties, event->mutable_error());
      }
      break;
    default:
      // Kept for the record: its type, ids and time.
      if (properties.has_value() && event->call_id().empty()) {
        if (const auto participant = ObjectAt(*properties, "participant")) {
          event->set_call_id(TextAt(*participant, "callId"));
        }
      }
      break;
  }
}

}  // namespace

bool ReadEvent(const JsonObject& object, ProviderEvent* event) {
  std::string type_name = TextAt(object, "type");
  if (type_name.empty()) return false;
  event->set_type(TypeOf(type_name));
  event->set_type_name(std::move(type_name));
  event->set_call_id(TextAt(object, "callId"));
  event->set_conference_id(TextAt(object, "conferenceId"));
  event->set_calls_configuration_id(TextAt(object, "callsConfigurationId"));
  const std::optional<base::Time> time = ParseTime(TextAt(object, "timestamp"));
  if (time.has_value()) *event->mutable_occur_time() = base::ToTimestamp(*time);
  ReadProperties(ObjectAt(object, "properties"), event);
  return true;
}

}  // namespace callbridge::webhook
