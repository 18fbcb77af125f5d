// Reads what the provider's JSON says of calls, participants, conferences and errors, as facts.
// Webhooks and answers to requests hold the same objects, so one decoder reads both
// (docs/decisions/0040). It reads what it can and leaves out the rest, makes no decision, and keeps
// no whole telephone number in a free text. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/marks.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// Reads the member customData, or the member of another name that holds customData, sorted by key.
// Nulls are left out; a value that is not a string is kept as JSON.
base::CustomData ReadCustomData(const JsonObject& parent, std::string_view name = "customData");

// Reads a Call or a CallLog (docs/provider.md §3.0), which has other names for some fields.
// implied: the state that follows from the context, such as the type of an event. It counts if the
// object names no known state; an implied ENDED always counts. Only ended calls have an error and
// the source of a hangup.
internal::v1::CallFacts ReadCall(
    const JsonObject& call,
    internal::v1::CallFacts::State implied = internal::v1::CallFacts::STATE_UNSPECIFIED);

// Reads a Participant, or a session of a ConferenceLog, which has times instead of a state.
// otherwise: the state of a participant that names none and has not left.
internal::v1::ParticipantFacts ReadParticipant(const JsonObject& participant,
                                               internal::v1::ParticipantFacts::State otherwise);

// Reads a participant's media: {"audio": {"muted", "deaf"}}. Without audio it says nothing.
void ReadAudio(const JsonObject& media, internal::v1::ParticipantFacts& facts);

// Reads a Conference. Participants without a call id are left out.
internal::v1::ConferenceFacts ReadConference(const JsonObject& conference);
// Reads a ConferenceLog. If it has an end time, the conference is finished and all participants
// have left.
internal::v1::ConferenceFacts ReadConferenceLog(const JsonObject& log);

// Reads the member errorCode: an object {id, name, description}, or a string with errorDetails
// beside it. Absent means that there is no error. Numbers in texts are masked, and long texts are
// cut.
std::optional<callbridge::v1::ProviderError> ReadError(const JsonObject& parent);

}  // namespace callbridge::provider
