#include "server/provider/facts_decoding.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/mask.h"
#include "server/base/phone_number.h"
#include "server/base/time.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;
using internal::v1::ParticipantFacts;

template <typename Value>
struct Named {
  std::string_view name;
  Value value;
};

constexpr auto kCallStates = std::to_array<Named<CallFacts::State>>({
    {"CALLING", CallFacts::STATE_CALLING},
    {"RINGING", CallFacts::STATE_RINGING},
    {"PRE_ESTABLISHED", CallFacts::STATE_PRE_ESTABLISHED},
    {"ESTABLISHED", CallFacts::STATE_ESTABLISHED},
    {"FINISHED", CallFacts::STATE_ENDED},
    {"FAILED", CallFacts::STATE_ENDED},
    {"CANCELLED", CallFacts::STATE_ENDED},
    {"NO_ANSWER", CallFacts::STATE_ENDED},
    {"BUSY", CallFacts::STATE_ENDED},
});
constexpr auto kDirections = std::to_array<Named<CallFacts::Direction>>({
    {"INBOUND", CallFacts::DIRECTION_INBOUND},
    {"OUTBOUND", CallFacts::DIRECTION_OUTBOUND},
});
constexpr auto kParticipantStates = std::to_array<Named<ParticipantFacts::State>>({
    {"JOINING", ParticipantFacts::STATE_JOINING},
    {"JOINED", ParticipantFacts::STATE_JOINED},
    {"LEFT", ParticipantFacts::STATE_LEFT},
});

template <typename Table>
auto Find(const Table& table, std::string_view name, decltype(table.front().value) otherwise) {
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [name](const auto& entry) { return entry.name == name; });
  return found == table.end() ? otherwise : found->value;
}

std::string Number(const JsonObject& object, std::string_view name) {
  return std::string(base::WithoutPlus(Text(object, name)));
}

callbridge::v1::Endpoint ReadEndpoint(const JsonObject& object) {
  callbridge::v1::Endpoint endpoint;
  const std::string type = Text(object, "type");
  if (type == "PHONE") {
    endpoint.mutable_phone()->set_number(Number(object, "phoneNumber"));
  } else if (type == "SIP") {
    endpoint.mutable_sip()->set_username(Text(object, "username"));
    endpoint.mutable_sip()->set_trunk_id(Text(object, "sipTrunkId"));
  } else if (type == "WEBRTC") {
    endpoint.mutable_webrtc()->set_identity(Text(object, "identity"));
    endpoint.mutable_webrtc()->set_display_name(Text(object, "displayName"));
  }
  return endpoint;
}

// Returns a known state, otherwise the implied one, otherwise the state that an end time tells. An
// implied end always counts, because it is not documented that a CallLog's state names the end
// (docs/provider.md §4.3).
CallFacts::State ReadState(const JsonObject& call, CallFacts::State implied, bool has_end_time) {
  if (implied == CallFacts::STATE_ENDED) return implied;
  if (implied == CallFacts::STATE_UNSPECIFIED && has_end_time) implied = CallFacts::STATE_ENDED;
  return Find(kCallStates, Text(call, "state"), implied);
}

void ReadTimes(const JsonObject& object, CallFacts& facts) {
  if (const auto time = Moment(object, "startTime")) {
    *facts.mutable_start_time() = base::ToTimestamp(*time);
  }
  if (const auto time = Moment(object, "answerTime")) {
    *facts.mutable_answer_time() = base::ToTimestamp(*time);
  }
  if (const auto time = Moment(object, "endTime")) {
    *facts.mutable_end_time() = base::ToTimestamp(*time);
  }
}

void ReadParticipants(const JsonArray& array, ParticipantFacts::State otherwise,
                      ConferenceFacts& facts) {
  for (const JsonElement element : array) {
    JsonObject object;
    if (element.get(object) != simdjson::SUCCESS) continue;
    ParticipantFacts participant = ReadParticipant(object, otherwise);
    if (!participant.call_id().empty()) *facts.add_participants() = std::move(participant);
  }
}

// Returns the first of two members that has a text.
std::string EitherText(const JsonObject& object, std::string_view name, std::string_view other) {
  std::string text = Text(object, name);
  return text.empty() ? Text(object, other) : text;
}

}  // namespace

base::CustomData ReadCustomData(const JsonObject& parent, std::string_view name) {
  base::CustomData custom_data;
  const std::optional<JsonObject> object = Object(parent, name);
  if (!object) return custom_data;
  std::map<std::string, std::string> sorted;
  for (const auto [key, value] : *object) {
    if (value.is_null()) continue;
    sorted.emplace(WithoutNull(key), value.is_string() ? Text(value) : simdjson::minify(value));
  }
  for (auto& [key, value] : sorted) {
    internal::v1::KeyValue* entry = custom_data.Add();
    entry->set_key(key);
    entry->set_value(std::move(value));
  }
  return custom_data;
}

CallFacts ReadCall(const JsonObject& call, CallFacts::State implied) {
  CallFacts facts;
  facts.set_call_id(EitherText(call, "id", "callId"));
  facts.set_direction(Find(kDirections, Text(call, "direction"), CallFacts::DIRECTION_UNSPECIFIED));
  if (const auto endpoint = Object(call, "endpoint")) {
    callbridge::v1::Endpoint read = ReadEndpoint(*endpoint);
    if (read.kind_case() != callbridge::v1::Endpoint::KIND_NOT_SET) {
      *facts.mutable_endpoint() = std::move(read);
    }
  }
  facts.set_from(Number(call, "from"));
  facts.set_to(Number(call, "to"));
  // A CallLog names all conferences of the call. The last one is the latest.
  std::string conference_id = Text(call, "conferenceId");
  facts.set_conference_id(conference_id.empty() ? LastText(call, "conferenceIds")
                                                : std::move(conference_id));
  *facts.mutable_custom_data() = ReadCustomData(call);
  ReadTimes(call, facts);
  facts.set_state(ReadState(call, implied, facts.has_end_time()));
  if (facts.state() == CallFacts::STATE_ENDED) {
    if (auto error = ReadError(call)) *facts.mutable_error() = *std::move(error);
    facts.set_hangup_source(Text(call, "hangupSource"));
  }
  return facts;
}

ParticipantFacts ReadParticipant(const JsonObject& participant, ParticipantFacts::State otherwise) {
  ParticipantFacts facts;
  facts.set_call_id(Text(participant, "callId"));
  if (const auto time = Moment(participant, "joinTime")) {
    *facts.mutable_join_time() = base::ToTimestamp(*time);
  }
  if (const auto time = Moment(participant, "leaveTime")) {
    *facts.mutable_leave_time() = base::ToTimestamp(*time);
    otherwise = ParticipantFacts::STATE_LEFT;
  }
  facts.set_state(Find(kParticipantStates, Text(participant, "state"), otherwise));
  if (const auto media = Object(participant, "media")) ReadAudio(*media, facts);
  return facts;
}

void ReadAudio(const JsonObject& media, ParticipantFacts& facts) {
  const std::optional<JsonObject> audio = Object(media, "audio");
  if (!audio) return;
  facts.mutable_audio()->set_muted(Bool(*audio, "muted").value_or(false));
  facts.mutable_audio()->set_deafened(Bool(*audio, "deaf").value_or(false));
}

ConferenceFacts ReadConference(const JsonObject& conference) {
  ConferenceFacts facts;
  facts.set_conference_id(EitherText(conference, "id", "conferenceId"));
  facts.set_name(Text(conference, "name"));
  if (const auto participants = Array(conference, "participants")) {
    ReadParticipants(*participants, ParticipantFacts::STATE_UNSPECIFIED, facts);
  }
  return facts;
}

ConferenceFacts ReadConferenceLog(const JsonObject& log) {
  ConferenceFacts facts;
  facts.set_conference_id(Text(log, "conferenceId"));
  facts.set_name(Text(log, "name"));
  // The history may show a living conference. The 404 for the live conference proves no end, so
  // only an end time counts.
  facts.set_finished(Moment(log, "endTime").has_value());
  if (const auto sessions = Array(log, "sessions")) {
    const auto still_there =
        facts.finished() ? ParticipantFacts::STATE_LEFT : ParticipantFacts::STATE_JOINED;
    ReadParticipants(*sessions, still_there, facts);
  }
  if (auto error = ReadError(log)) *facts.mutable_error() = *std::move(error);
  return facts;
}

std::optional<callbridge::v1::ProviderError> ReadError(const JsonObject& parent) {
  callbridge::v1::ProviderError error;
  if (const std::optional<JsonObject> code = Object(parent, "errorCode")) {
    const std::int64_t id = Integer(*code, "id").value_or(0);
    // A number outside 32 bits is not a code of the provider, and is left out.
    if (id >= 0 && id <= std::numeric_limits<std::int32_t>::max()) {
      error.set_code(static_cast<std::int32_t>(id));
    }
    error.set_name(base::MaskProviderText(Text(*code, "name")));
    error.set_description(base::MaskProviderText(Text(*code, "description")));
    return error;
  }
  const std::string name = Text(parent, "errorCode");
  const std::string details = Text(parent, "errorDetails");
  if (name.empty() && details.empty()) return std::nullopt;
  error.set_name(base::MaskProviderText(name));
  error.set_description(base::MaskProviderText(details));
  return error;
}

}  // namespace callbridge::provider
