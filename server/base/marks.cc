#include "server/base/marks.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <utility>

namespace callbridge::base {
namespace {

constexpr std::string_view kService = "service";
constexpr std::string_view kSession = "session";
constexpr std::string_view kLeg = "leg";
constexpr std::string_view kDial = "dial";
constexpr std::string_view kMedia = "media";
constexpr std::string_view kKeep = "keep";
constexpr std::string_view kRecording = "recording";
constexpr std::string_view kRefusingKey = "refuse";

// Returns the number. It is 0 if the text is not a number, because this service did not write such
// an entry.
std::int32_t NumberOf(const std::string& text) {
  std::int32_t number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

void Add(std::string_view key, std::string value, CustomData& entries) {
  internal::v1::KeyValue& entry = *entries.Add();
  entry.set_key(std::string(key));
  entry.set_value(std::move(value));
}

}  // namespace

Marks MarksFor(const internal::v1::Command& command, std::string_view service_id,
               std::int32_t media) {
  const bool dials_first = command.has_dial_leg() && command.dial() == 0;
  return {.service = std::string(service_id),
          .session = command.session_id(),
          .leg = command.leg_id(),
          .dial = dials_first ? command.number() : command.dial(),
          .media = media,
          .keep = command.capture_digits().keep(),
          .recording = command.start_recording().recording_id(),
          .refusing_key = command.capture_digits().refusing_key()};
}

CustomData EntriesOf(const Marks& marks) {
  CustomData entries;
  Add(kService, marks.service.value_or(""), entries);
  Add(kSession, marks.session, entries);
  Add(kLeg, marks.leg, entries);
  Add(kDial, absl::StrCat(marks.dial), entries);
  if (marks.media != 0) Add(kMedia, absl::StrCat(marks.media), entries);
  if (marks.keep) Add(kKeep, "1", entries);
  if (!marks.recording.empty()) Add(kRecording, marks.recording, entries);
  if (!marks.refusing_key.empty()) Add(kRefusingKey, marks.refusing_key, entries);
  return entries;
}

Marks ReadMarks(const CustomData& custom_data) {
  Marks marks;
  for (const internal::v1::KeyValue& entry : custom_data) {
    if (entry.key() == kService) marks.service = entry.value();
    if (entry.key() == kSession) marks.session = entry.value();
    if (entry.key() == kLeg) marks.leg = entry.value();
    if (entry.key() == kDial) marks.dial = NumberOf(entry.value());
    if (entry.key() == kMedia) marks.media = NumberOf(entry.value());
    if (entry.key() == kKeep) marks.keep = entry.value() == "1";
    if (entry.key() == kRecording) marks.recording = entry.value();
    if (entry.key() == kRefusingKey) marks.refusing_key = entry.value();
  }
  return marks;
}

bool AreForeign(const Marks& marks, std::string_view service_id) {
  return marks.service && *marks.service != service_id;
}

std::string ConferenceName(std::string_view service_id, std::string_view session_id) {
  std::string name(service_id);
  name += '/';
  name += session_id;
  return name;
}

std::optional<std::string> SessionInName(std::string_view conference_name,
                                         std::string_view service_id) {
  if (!conference_name.starts_with(service_id)) return std::nullopt;
  conference_name.remove_prefix(service_id.size());
  if (!conference_name.starts_with('/')) return std::nullopt;
  return std::string(conference_name.substr(1));
}

}  // namespace callbridge::base
