#include "server/live/recorded.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <functional>

#include "server/live/json_look.h"
#include "server/provider/http_message.h"

namespace callbridge::live {
namespace {

using Kind = OpenThings::Kind;

// Calls the function with the pointer of each object of the list.
void ForEachIn(const std::string& body, const std::string& list,
               const std::function<void(const std::string&)>& use) {
  for (int place = 0;; ++place) {
    const std::string item = absl::StrCat(list, "/", place);
    if (PresenceAt(body, item) != Presence::kFilled) return;
    use(item);
  }
}

}  // namespace

void AddRecordedFiles(const std::string& body, const std::string& pointer,
                      const OpenThings::Thing& of, OpenThings& things) {
  const auto add = [&](const std::string& list, bool own) {
    ForEachIn(body, list, [&](const std::string& file) {
      things.AddRecordedFile(of, At(body, file + "/id"), own);
    });
  };
  add(pointer + "/files", of.kind == Kind::kCall);
  add(pointer + "/composedFiles", of.kind == Kind::kConference);
  ForEachIn(body, pointer + "/callRecordings",
            [&](const std::string& call) { add(call + "/files", false); });
}

void NoteRecordingEvent(const Event& event, OpenThings& things) {
  if (!absl::StrContains(event.type, "_RECORDING_") &&
      !absl::StrContains(event.type, "_COMPOSITION_")) {
    return;
  }
  const bool of_call = event.type.starts_with("CALL_");
  const OpenThings::Thing of{of_call ? Kind::kCall : Kind::kConference,
                             of_call ? event.call_id : event.conference_id};
  if (event.type.ends_with("_FAILED")) things.NoteOneLess(of);
  AddRecordedFiles(event.body, "/properties/recording", of, things);
}

std::string RecordingPath(const OpenThings::Thing& of) {
  return absl::StrCat("/calls/1/recordings/", of.kind == Kind::kCall ? "calls/" : "conferences/",
                      provider::EscapeForUrl(of.id));
}

}  // namespace callbridge::live
