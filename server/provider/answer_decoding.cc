#include "server/provider/answer_decoding.h"

#include <absl/status/status.h>
#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "server/base/limits.h"
#include "server/provider/error_decoding.h"
#include "server/provider/json_reader.h"

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

absl::Status Unreadable(const char* what) {
  return absl::DataLossError(std::string("the provider's answer holds no ") + what +
                             "; look again");
}

callbridge::v1::Endpoint ReadEndpoint(const JsonObject& object) {
  callbridge::v1::Endpoint endpoint;
  const std::string type = Text(object, "type");
  if (type == "PHONE") {
    const std::string number = Text(object, "phoneNumber");
    const bool bare = !number.empty() && absl::ascii_isdigit(static_cast<unsigned char>(number[0]));
    endpoint.mutable_phone()->set_number(bare ? "+" + number : number);
  } else if (type == "SIP") {
    endpoint.mutable_sip()->set_username(Text(object, "username"));
    endpoint.mutable_sip()->set_trunk_id(Text(object, "sipTrunkId"));
  } else if (type == "WEBRTC") {
    endpoint.mutable_webrtc()->set_identity(Text(object, "identity"));
    endpoint.mutable_webrtc()->set_display_name(Text(object, "displayName"));
  }
  return endpoint;
}

void ReadCustomData(const JsonObject& object, CallFacts& facts) {
  std::map<std::string, std::string> sorted;
  for (const auto field : object) {
    std::string_view text;
    if (field.value.get(text) == simdjson::SUCCESS) sorted[std::string(field.key)] = text;
  }
  for (const auto& [key, value] : sorted) {
    internal::v1::KeyValue* entry = facts.add_custom_data();
    entry->set_key(key);
    entry->set_value(value);
  }
}

// A CallLog names all conferences it was in; the last is where it was last.
std::string ReadConferenceId(const JsonObject& object) {
  const std::string current = Text(object, "conferenceId");
  const std::optional<JsonArray> all = Array(object, "conferenceIds");
  if (!current.empty() || !all.has_value()) return current;
  std::string_view last;
  for (const JsonElement element : *all) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) last = text;
  }
  return std::string(last);
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

CallFacts ReadCall(const JsonObject& object) {
  CallFacts facts;
  facts.set_call_id(Text(object, "id"));
  if (facts.call_id().empty()) facts.set_call_id(Text(object, "callId"));
  facts.set_state(Find(kCallStates, Text(object, "state"), CallFacts::STATE_UNSPECIFIED));
  facts.set_direction(
      Find(kDirections, Text(object, "direction"), CallFacts::DIRECTION_UNSPECIFIED));
  if (const auto endpoint = Object(object, "endpoint")) {
    *facts.mutable_endpoint() = ReadEndpoint(*endpoint);
  }
  facts.set_from(Text(object, "from"));
  facts.set_to(Text(object, "to"));
  facts.set_conference_id(ReadConferenceId(object));
  if (const auto custom_data = Object(object, "customData")) ReadCustomData(*custom_data, facts);
  ReadTimes(object, facts);
  // A state that this release does not know may still be told by its end.
  if (facts.state() == CallFacts::STATE_UNSPECIFIED && facts.has_end_time()) {
    facts.set_state(CallFacts::STATE_ENDED);
  }
  if (facts.state() == CallFacts::STATE_ENDED) {
    if (const auto error = Object(object, "errorCode")) {
      *facts.mutable_error() = ReadErrorCode(*error);
    }
    facts.set_hangup_source(Text(object, "hangupSource"));
  }
  return facts;
}

// A participant of a Conference, or a session of a ConferenceLog, which has no state but times.
void ReadParticipants(const JsonArray& array, ParticipantFacts::State otherwise,
                      ConferenceFacts& facts) {
  for (const JsonElement element : array) {
    JsonObject object;
    if (element.get(object) != simdjson::SUCCESS) continue;
    const std::string call_id = Text(object, "callId");
    if (call_id.empty()) continue;
    ParticipantFacts* participant = facts.add_participants();
    participant->set_call_id(call_id);
    const auto left = Moment(object, "leaveTime");
    participant->set_state(Find(kParticipantStates, Text(object, "state"),
                                left ? ParticipantFacts::STATE_LEFT : otherwise));
    if (const auto time = Moment(object, "joinTime")) {
      *participant->mutable_join_time() = base::ToTimestamp(*time);
    }
    if (left) *participant->mutable_leave_time() = base::ToTimestamp(*left);
  }
}

ConferenceFacts ReadConference(const JsonObject& object) {
  ConferenceFacts facts;
  facts.set_conference_id(Text(object, "id"));
  facts.set_name(Text(object, "name"));
  if (const auto participants = Array(object, "participants")) {
    ReadParticipants(*participants, ParticipantFacts::STATE_UNSPECIFIED, facts);
  }
  return facts;
}

bool HasMorePages(const JsonObject& object, std::size_t entries, int page) {
  if (const auto paging = Object(object, "paging")) {
    if (const auto total = Integer(*paging, "totalPages")) return page + 1 < *total;
  }
  // All four paging fields are always there (§1.3); were they not, a full page would be the only
  // hint.
  return entries >= static_cast<std::size_t>(base::kLookupPageSize);
}

template <typename Facts, typename Read>
absl::StatusOr<Page<Facts>> DecodePage(std::string_view body, int page, Read read) {
  JsonDocument document;
  if (!document.Parse(body)) return Unreadable("JSON object");
  const std::optional<JsonArray> results = Array(document.object(), "results");
  if (!results.has_value()) return Unreadable("list of results");
  Page<Facts> decoded;
  std::size_t entries = 0;
  for (const JsonElement element : *results) {
    ++entries;
    JsonObject object;
    Facts facts;
    if (element.get(object) == simdjson::SUCCESS && read(object, facts)) {
      decoded.results.push_back(std::move(facts));
    } else {
      decoded.whole = false;
    }
  }
  decoded.more = HasMorePages(document.object(), entries, page);
  return decoded;
}

}  // namespace

absl::StatusOr<CallFacts> DecodeCall(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body)) return Unreadable("JSON object");
  CallFacts facts = ReadCall(document.object());
  if (facts.call_id().empty()) return Unreadable("call id");
  return facts;
}

absl::StatusOr<ConferenceFacts> DecodeConference(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body)) return Unreadable("JSON object");
  ConferenceFacts facts = ReadConference(document.object());
  if (facts.conference_id().empty()) return Unreadable("conference id");
  return facts;
}

absl::StatusOr<ConferenceFacts> DecodeConferenceLog(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body)) return Unreadable("JSON object");
  const JsonObject& object = document.object();
  ConferenceFacts facts;
  facts.set_conference_id(Text(object, "conferenceId"));
  facts.set_name(Text(object, "name"));
  // The history may know a conference that lives: one 404 of the live one proves nothing, only an
  // end time does.
  facts.set_finished(Moment(object, "endTime").has_value());
  if (const auto sessions = Array(object, "sessions")) {
    const auto still_there =
        facts.finished() ? ParticipantFacts::STATE_LEFT : ParticipantFacts::STATE_JOINED;
    ReadParticipants(*sessions, still_there, facts);
  }
  if (const auto error = Object(object, "errorCode")) {
    *facts.mutable_error() = ReadErrorCode(*error);
  }
  if (facts.conference_id().empty()) return Unreadable("conference id");
  return facts;
}

absl::StatusOr<ConferenceAndCall> DecodeConferenceAndCall(std::string_view body) {
  JsonDocument document;
  if (!document.Parse(body)) return Unreadable("JSON object");
  ConferenceAndCall decoded;
  if (const auto call = Object(document.object(), "call")) decoded.call = ReadCall(*call);
  if (const auto conference = Object(document.object(), "conference")) {
    decoded.conference = ReadConference(*conference);
  }
  if (decoded.call.call_id().empty()) return Unreadable("call id");
  return decoded;
}

absl::StatusOr<Page<CallFacts>> DecodeCallPage(std::string_view body, int page) {
  return DecodePage<CallFacts>(body, page, [](const JsonObject& object, CallFacts& facts) {
    facts = ReadCall(object);
    return !facts.call_id().empty();
  });
}

absl::StatusOr<Page<ConferenceFacts>> DecodeConferencePage(std::string_view body, int page) {
  return DecodePage<ConferenceFacts>(body, page,
                                     [](const JsonObject& object, ConferenceFacts& facts) {
                                       facts = ReadConference(object);
                                       return !facts.conference_id().empty();
                                     });
}

bool SaysFailed(std::string_view body) {
  JsonDocument document;
  return document.Parse(body) && Text(document.object(), "status") == "FAILED";
}

}  // namespace callbridge::provider
