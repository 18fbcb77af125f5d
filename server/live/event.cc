#include "server/live/event.h"

#include <algorithm>
#include <initializer_list>

#include "server/live/json_look.h"
#include "server/provider/json_reader.h"

namespace callbridge::live {
namespace {

std::string FirstOf(const std::string& body, std::initializer_list<const char*> pointers) {
  for (const char* pointer : pointers) {
    std::string found = At(body, pointer);
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace

std::string CallIdOf(const std::string& body) {
  return FirstOf(body, {"/callId", "/properties/participant/callId", "/properties/call/id",
                        "/properties/callLog/callId", "/properties/recording/callId"});
}

std::string ConferenceIdOf(const std::string& body) {
  return FirstOf(
      body, {"/conferenceId", "/properties/conference/id", "/properties/recording/conferenceId"});
}

Event ReadEvent(const Webhook& webhook) {
  Event event;
  event.arrived = webhook.arrived;
  event.body = webhook.body;
  event.type = At(event.body, "/type");
  event.call_id = CallIdOf(event.body);
  event.conference_id = ConferenceIdOf(event.body);
  event.occurred = provider::ParseTime(At(event.body, "/timestamp")).value_or(event.arrived);
  return event;
}

bool IsBefore(const Event& first, const Event& second) {
  if (first.occurred != second.occurred) return first.occurred < second.occurred;
  return first.place < second.place;
}

bool Fits(const Event& event, const Wanted& wanted) {
  return event.place >= wanted.since &&
         (wanted.types.empty() ||
          std::ranges::find(wanted.types, event.type) != wanted.types.end()) &&
         (wanted.call_id.empty() || event.call_id == wanted.call_id) &&
         (wanted.conference_id.empty() || event.conference_id == wanted.conference_id);
}

}  // namespace callbridge::live
