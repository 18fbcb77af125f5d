// The marks by which this service recognises its own calls, sounds and conferences: customData of
// calls and sounds, and the names of conferences. They are written and read here only. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "callbridge/internal/v1/command.pb.h"
#include "callbridge/internal/v1/facts.pb.h"

namespace callbridge::base {

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
  // The keys of the capture that media names are kept.
  bool keep = false;
  // The id of the recording.
  std::string recording = {};
  // The one key of the capture that is kept, because it refuses to be recorded.
  std::string refusing_key = {};
};

// Returns the marks of the call that the command concerns or makes. media: the number of the sound
// that the command begins or stops; 0 means none.
Marks MarksFor(const internal::v1::Command& command, std::string_view service_id,
               std::int32_t media);
// Returns the entries of customData. It returns all of them, because it is unknown whether the
// provider merges or replaces them.
CustomData EntriesOf(const Marks& marks);
Marks ReadMarks(const CustomData& custom_data);

// True if another deployment wrote the marks. An empty name counts as another deployment.
bool AreForeign(const Marks& marks, std::string_view service_id);

// Returns the name of a session's conference, "<service_id>/<session>".
std::string ConferenceName(std::string_view service_id, std::string_view session_id);
// Returns the session in the name of a conference. Absent means that the conference belongs to
// another service.
std::optional<std::string> SessionInName(std::string_view conference_name,
                                         std::string_view service_id);

}  // namespace callbridge::base
