// Pieces of the provider's JSON read as facts: calls, participants, conferences, errors, times. It
// takes what is readable and leaves out the rest (nothing inside an event is guaranteed,
// docs/provider.md §4.1), decides nothing, and keeps no whole telephone number in a free text.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "callbridge/internal/v1/facts.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::webhook {

using JsonObject = simdjson::dom::object;
using KeyValues = google::protobuf::RepeatedPtrField<internal::v1::KeyValue>;

// Absent, null and of another kind are all the same: not said.
std::optional<JsonObject> ObjectAt(const JsonObject& object, std::string_view key);
// A string, or a whole number written out. Empty: not said. Valid UTF-8, as simdjson accepts
// nothing else, with U+FFFD for U+0000.
std::string TextAt(const JsonObject& object, std::string_view key);
// A string or the last one of an array.
std::string LastTextAt(const JsonObject& object, std::string_view key);
std::optional<bool> BoolAt(const JsonObject& object, std::string_view key);
std::optional<std::int64_t> IntegerAt(const JsonObject& object, std::string_view key);
// docs/provider.md §1.3: offset as +0000, +00:00 or Z; nanoseconds count, what is finer does not.
// Absent: not readable, or outside 1970 to 2261.
std::optional<base::Time> ParseTime(std::string_view text);

// Sorted by key; nulls are left out, everything that is not a string is written as JSON.
void ReadCustomData(const JsonObject& parent, KeyValues* custom_data);
// A Call or a CallLog (docs/provider.md §3.0), which names some fields otherwise.
void ReadCall(const JsonObject& call, internal::v1::CallFacts* facts);
void ReadParticipant(const JsonObject& participant, internal::v1::ParticipantFacts* facts);
void ReadConference(const JsonObject& conference, internal::v1::ConferenceFacts* facts);
// parent.errorCode: an object {id, name, description}, or a string with errorDetails beside it.
// False: there is none.
bool ReadError(const JsonObject& parent, callbridge::v1::ProviderError* error);

}  // namespace callbridge::webhook
