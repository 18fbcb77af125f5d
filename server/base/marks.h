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

// What customData says. Absent, empty or 0: it does not say.
struct Marks {
  // The deployment: others may use the same account.
  std::optional<std::string> service;
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
// The entries of customData. Always all of them, since whether the provider merges or replaces is
// unknown.
CustomData EntriesOf(const Marks& marks);
Marks ReadMarks(const CustomData& custom_data);

// True if another deployment wrote the marks. An empty name is not ours either.
bool AreForeign(const Marks& marks, std::string_view service_id);

// The name of a session's conference: "<service_id>/<session>".
std::string ConferenceName(std::string_view service_id, std::string_view session_id);
// The session in the name of a conference. Absent: the conference is not
// of this service.
std::optional<std::string> SessionInName(std::string_view conference_name,
                                         std::string_view service_id);

}  // namespace callbridge::base
