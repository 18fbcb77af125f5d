#include "webhook/facts_json.h"

#include <absl/time/time.h>

#include <cstdint>
#include <limits>
#include <map>
#include <utility>

#include "server/base/mask.h"
#include "server/base/utf8.h"

namespace callbridge::webhook {
namespace {

using internal::v1::CallFacts;
using internal::v1::ParticipantFacts;
using simdjson::dom::element;
using simdjson::dom::element_type;

// Later the nanoseconds since 1970 do not fit into 64 bits.
constexpr absl::CivilSecond kTimesEnd(2262, 1, 1);

std::optional<element> ElementAt(const JsonObject& object, std::string_view key) {
  element found;
  if (object.at_key(key).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

// U+0000 is a character of JSON's, but the end of a text for C, and databases refuse it.
std::string WithoutNull(std::string_view text) {
  std::string whole;
  for (const char c : text) {
    if (c == '\0') {
      whole += base::kReplacementCharacter;
    } else {
      whole += c;
    }
  }
  return whole;
}

std::string TextOf(const element& value) {
  switch (value.type()) {
    case element_type::STRING:
      return WithoutNull(value.get_string().value_unsafe());
    case element_type::INT64:
      return std::to_string(value.get_int64().value_unsafe());
    case element_type::UINT64:
      return std::to_string(value.get_uint64().value_unsafe());
    default:
      return {};
  }
}

void SetTime(const JsonObject& object, std::string_view key,
             google::protobuf::Timestamp* (CallFacts::*field)(), CallFacts* facts) {
  const std::optional<base::Time> time = ParseTime(TextAt(object, key));
  if (time.has_value()) *(facts->*field)() = base::ToTimestamp(*time);
}

CallFacts::State CallStateOf(std::string_view name) {
  if (name == "CALLING") return CallFacts::STATE_CALLING;
  if (name == "RINGING") return CallFacts::STATE_RINGING;
  if (name == "PRE_ESTABLISHED") return CallFacts::STATE_PRE_ESTABLISHED;
  if (name == "ESTABLISHED") return CallFacts::STATE_ESTABLISHED;
  for (std::string_view ended : {"FINISHED", "FAILED", "CANCELLED", "NO_ANSWER", "BUSY"}) {
    if (name == ended) return CallFacts::STATE_ENDED;
  }
  return CallFacts::STATE_UNSPECIFIED;
}

// docs/provider.md §1.3: compare after stripping "+"; so it is stripped here, once.
std::string NumberAt(const JsonObject& object, std::string_view key) {
  std::string number = TextAt(object, key);
  if (number.starts_with('+')) number.erase(0, 1);
  return number;
}

void ReadEndpoint(const JsonObject& parent, CallFacts* facts) {
  const std::optional<JsonObject> endpoint = ObjectAt(parent, "endpoint");
  if (!endpoint.has_value()) return;
  const std::string type = TextAt(*endpoint, "type");
  if (type == "PHONE") {
    facts->mutable_endpoint()->mutable_phone()->set_number(NumberAt(*endpoint, "phoneNumber"));
  } else if (type == "SIP") {
    auto* sip = facts->mutable_endpoint()->mutable_sip();
    sip->set_username(TextAt(*endpoint, "username"));
    sip->set_trunk_id(TextAt(*endpoint, "sipTrunkId"));
  } else if (type == "WEBRTC") {
    auto* webrtc = facts->mutable_endpoint()->mutable_webrtc();
    webrtc->set_identity(TextAt(*endpoint, "identity"));
    webrtc->set_display_name(TextAt(*endpoint, "displayName"));
  }
}

}  // namespace

std::optional<JsonObject> ObjectAt(const JsonObject& object, std::string_view key) {
  const std::optional<element> found = ElementAt(object, key);
  if (!found.has_value() || !found->is_object()) return std::nullopt;
  return found->get_object().value_unsafe();
}

std::string TextAt(const JsonObject& object, std::string_view key) {
  const std::optional<element> found = ElementAt(object, key);
  return found.has_value() ? TextOf(*found) : std::string();
}

std::string LastTextAt(const JsonObject& object, std::string_view key) {
  const std::optional<element> found = ElementAt(object, key);
  if (!found.has_value()) return {};
  if (!found->is_array()) return TextOf(*found);
  std::string last;
  // Named, because a loop over simdjson's result would outlive it.
  const simdjson::dom::array items = found->get_array().value_unsafe();
  for (const element item : items) {
    std::string text = TextOf(item);
    if (!text.empty()) last = std::move(text);
  }
  return last;
}

std::optional<bool> BoolAt(const JsonObject& object, std::string_view key) {
  const std::optional<element> found = ElementAt(object, key);
  if (!found.has_value() || !found->is_bool()) return std::nullopt;
  return found->get_bool().value_unsafe();
}

std::optional<std::int64_t> IntegerAt(const JsonObject& object, std::string_view key) {
  const std::optional<element> found = ElementAt(object, key);
  if (!found.has_value() || !found->is_int64()) return std::nullopt;
  return found->get_int64().value_unsafe();
}

std::optional<base::Time> ParseTime(std::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time,
                       nullptr)) {
    return std::nullopt;
  }
  // It also takes the words for the ends of time, and years whose nanoseconds do not fit.
  if (time < absl::UnixEpoch() || time >= absl::FromCivil(kTimesEnd, absl::UTCTimeZone())) {
    return std::nullopt;
  }
  return base::Time(base::Duration(absl::ToUnixNanos(time)));
}

void ReadCustomData(const JsonObject& parent, KeyValues* custom_data) {
  const std::optional<JsonObject> object = ObjectAt(parent, "customData");
  if (!object.has_value()) return;
  std::map<std::string, std::string> sorted;
  for (const auto [key, value] : *object) {
    if (value.is_null()) continue;
    std::string text = value.is_string() ? TextOf(value) : simdjson::minify(value);
    sorted.emplace(WithoutNull(key), std::move(text));
  }
  for (auto& [key, value] : sorted) {
    internal::v1::KeyValue* entry = custom_data->Add();
    entry->set_key(key);
    entry->set_value(std::move(value));
  }
}

void ReadCall(const JsonObject& call, CallFacts* facts) {
  std::string call_id = TextAt(call, "id");
  facts->set_call_id(call_id.empty() ? TextAt(call, "callId") : std::move(call_id));
  facts->set_state(CallStateOf(TextAt(call, "state")));
  const std::string direction = TextAt(call, "direction");
  if (direction == "INBOUND") facts->set_direction(CallFacts::DIRECTION_INBOUND);
  if (direction == "OUTBOUND") facts->set_direction(CallFacts::DIRECTION_OUTBOUND);
  ReadEndpoint(call, facts);
  facts->set_from(NumberAt(call, "from"));
  facts->set_to(NumberAt(call, "to"));
  std::string conference_id = TextAt(call, "conferenceId");
  if (conference_id.empty()) conference_id = LastTextAt(call, "conferenceIds");
  facts->set_conference_id(std::move(conference_id));
  ReadCustomData(call, facts->mutable_custom_data());
  SetTime(call, "startTime", &CallFacts::mutable_start_time, facts);
  SetTime(call, "answerTime", &CallFacts::mutable_answer_time, facts);
  SetTime(call, "endTime", &CallFacts::mutable_end_time, facts);
  callbridge::v1::ProviderError error;
  if (ReadError(call, &error)) *facts->mutable_error() = std::move(error);
  facts->set_hangup_source(TextAt(call, "hangupSource"));
}

void ReadParticipant(const JsonObject& participant, ParticipantFacts* facts) {
  facts->set_call_id(TextAt(participant, "callId"));
  const std::string state = TextAt(participant, "state");
  if (state == "JOINING") facts->set_state(ParticipantFacts::STATE_JOINING);
  if (state == "JOINED") facts->set_state(ParticipantFacts::STATE_JOINED);
  if (state == "LEFT") facts->set_state(ParticipantFacts::STATE_LEFT);
}

void ReadConference(const JsonObject& conference, internal::v1::ConferenceFacts* facts) {
  std::string conference_id = TextAt(conference, "id");
  facts->set_conference_id(conference_id.empty() ? TextAt(conference, "conferenceId")
                                                 : std::move(conference_id));
  facts->set_name(TextAt(conference, "name"));
  const std::optional<element> participants = ElementAt(conference, "participants");
  if (!participants.has_value() || !participants->is_array()) return;
  const simdjson::dom::array items = participants->get_array().value_unsafe();
  for (const element participant : items) {
    if (!participant.is_object()) continue;
    ReadParticipant(participant.get_object().value_unsafe(), facts->add_participants());
  }
}

bool ReadError(const JsonObject& parent, callbridge::v1::ProviderError* error) {
  const std::optional<element> code = ElementAt(parent, "errorCode");
  if (!code.has_value()) return false;
  if (code->is_object()) {
    const JsonObject object = code->get_object().value_unsafe();
    const std::int64_t id = IntegerAt(object, "id").value_or(0);
    if (id >= 0 && id <= std::numeric_limits<std::int32_t>::max()) {
      error->set_code(static_cast<std::int32_t>(id));
    }
    error->set_name(base::MaskProviderText(TextAt(object, "name")));
    error->set_description(base::MaskProviderText(TextAt(object, "description")));
    return true;
  }
  if (!code->is_string()) return false;
  error->set_name(base::MaskProviderText(TextOf(*code)));
  error->set_description(base::MaskProviderText(TextAt(parent, "errorDetails")));
  return true;
}

}  // namespace callbridge::webhook
