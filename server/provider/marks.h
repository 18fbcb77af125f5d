// The marks by which this service recognises its own calls, sounds and conferences: customData of
// calls and sounds, and the names of conferences. Every part except the flow writes and reads them
// here. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/facts.pb.h"
#include "server/provider/json_writer.h"

namespace callbridge::provider {

using CustomData = google::protobuf::RepeatedPtrField<internal::v1::KeyValue>;

// What customData says. Empty or 0: it does not say.
struct Marks {
  // The deployment: others may use the same account.
  std::string service;
  std::string session;
  std::string leg;
  // Number of the command that dialled the call.
  std::int32_t dial = 0;
  // Number of the command that began the sound.
  std::int32_t media = 0;
};

// Of the call that the command is about, or that it makes. media: of the sound that it begins or
// stops; 0: none.
Marks MarksFor(const internal::v1::Command& command, std::string_view service_id,
               std::int32_t media);
// Adds customData. Always all of it, since whether the provider merges or replaces is unknown.
void WriteMarks(const Marks& marks, JsonWriter& body);

Marks ReadMarks(const CustomData& custom_data);

// The session in the name of a conference, "<service_id>/<session>". Absent: the conference is not
// of this service.
std::optional<std::string> SessionInName(std::string_view conference_name,
                                         std::string_view service_id);

}  // namespace callbridge::provider
