// What the provider's JSON says of calls, participants, conferences and errors, as facts. Webhooks
// and answers to requests hold the same objects, so one decoder reads both
// (docs/decisions/0040). It takes what is readable and leaves out the rest, decides nothing, and
// keeps no whole telephone number in a free text. Pure.
#pragma once

#include <optional>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/marks.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {

// The member customData, sorted by key. Nulls are left out; what is not a string is kept as JSON.
base::CustomData ReadCustomData(const JsonObject& parent);

// A Call or a CallLog (docs/provider.md §3.0), which names some fields otherwise. implied: the
// state that the circumstances tell, like the type of an event. It counts where the object names no
// known state, and ENDED counts always. The error and the source of a hangup are of ended calls
// only.
internal::v1::CallFacts ReadCall(
    const JsonObject& call,
    internal::v1::CallFacts::State implied = internal::v1::CallFacts::STATE_UNSPECIFIED);

// A Participant, or a session of a ConferenceLog, which has no state but times. otherwise: the
// state of a participant that names none and has not left.
internal::v1::ParticipantFacts ReadParticipant(const JsonObject& participant,
                                               internal::v1::ParticipantFacts::State otherwise);

// Participants without a call id are left out.
internal::v1::ConferenceFacts ReadConference(const JsonObject& conference);
// With the time of its end the conference is finished, and everyone is gone from it.
internal::v1::ConferenceFacts ReadConferenceLog(const JsonObject& log);

// The member errorCode: an object {id, name, description}, or a string with errorDetails beside it.
// Absent: there is none. Numbers in texts are masked, and long texts are cut.
std::optional<callbridge::v1::ProviderError> ReadError(const JsonObject& parent);

}  // namespace callbridge::provider
