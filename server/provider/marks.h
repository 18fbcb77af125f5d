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

// The content of customData. A field that is absent, empty or 0 is not in it.
struct Marks {
  // The deployment; other deployments may use the same account.
  std::optional<std::string> service;
  std::string session;
  std::string leg;
  // The number of the command that dialled the call.
  std::int32_t dial = 0;
  // The number of the command that began the sound.
  std::int32_t media = 0;
};

// Returns the marks of the call that the command concerns or makes. media: the number of the sound
// that the command begins or stops; 0 means none.
Marks MarksFor(const internal::v1::Command& command, std::string_view service_id,
               std::int32_t media);
// Adds customData. It always writes all of it, because it is unknown whether the provider merges or
// replaces it.
void WriteMarks(const Marks& marks, JsonWriter& body);

Marks ReadMarks(const CustomData& custom_data);

// True if another deployment wrote the marks. An empty name counts as another deployment.
bool AreForeign(const Marks& marks, std::string_view service_id);

// Returns the session in the name of a conference, "<service_id>/<session>". Absent means that the
// conference belongs to another service.
std::optional<std::string> SessionInName(std::string_view conference_name,
                                         std::string_view service_id);

}  // namespace callbridge::provider
