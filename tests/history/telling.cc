#include "tests/history/telling.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <utility>
#include <vector>

#include "tests/history/requests.h"
#include "tests/history/session_story.h"

namespace callbridge::history {
namespace {

using Lines = std::multimap<base::Time, std::string>;

std::string WhatHappened(const v1::SessionEvent& event) {
  const auto* field = event.GetReflection()->GetOneofFieldDescriptor(
      event, v1::SessionEvent::descriptor()->FindOneofByName("event"));
  if (field == nullptr) return "nothing";
  const std::string text = event.GetReflection()->GetMessage(event, field).ShortDebugString();
  constexpr std::size_t kEnough = 160;
  return absl::StrCat(field->name(), " ", text.substr(0, kEnough));
}

void AddProvider(const History& history, const SessionStory& story, Lines& lines) {
  for (const ProviderRequest& request : history.requests) {
    if (TagOf(request.custom_data, "session") != story.session_id &&
        !story.calls.contains(request.call_id)) {
      continue;
    }
    lines.emplace(request.at, absl::StrCat("  asked ", request.operation, " ", request.call_id,
                                           " -> ", request.status));
  }
  for (const Webhook& webhook : history.webhooks) {
    if (!story.calls.contains(webhook.call_id)) continue;
    lines.emplace(webhook.answered, absl::StrCat("  told  ", webhook.type, " ", webhook.call_id,
                                                 " -> ", webhook.status));
  }
  for (const ProviderCall& call : history.calls) {
    if (!story.calls.contains(call.id)) continue;
    lines.emplace(call.begin, "  true  call begins " + call.id);
    if (call.end.has_value()) lines.emplace(*call.end, "  true  call ends " + call.id);
  }
}

}  // namespace

std::string TellSession(const History& history, const std::string& session_id) {
  const Stories stories = TellStories(history);
  const auto found = stories.find(session_id);
  if (found == stories.end()) return "no reader heard of session " + session_id + "\n";
  const SessionStory& story = found->second;
  Lines lines;
  for (const auto& [sequence, event] : story.by_sequence) {
    lines.emplace(RecordTime(event), absl::StrCat(sequence, " ", WhatHappened(event)));
  }
  AddProvider(history, story, lines);
  for (const ProviderConference& conference : history.conferences) {
    if (!absl::EndsWith(conference.name, "/" + session_id)) continue;
    lines.emplace(history.collected, absl::StrCat("  true  conference ", conference.id,
                                                  conference.open ? " is open" : " is over"));
  }
  std::string text = absl::StrCat("session ", session_id, "\n");
  for (const auto& [time, line] : lines) {
    const std::chrono::duration<double> since = time - lines.begin()->first;
    absl::StrAppendFormat(&text, "%8.3f %s\n", since.count(), line);
  }
  return text;
}

}  // namespace callbridge::history
