#include "tests/history/session_story.h"

#include <absl/strings/str_format.h>

#include <algorithm>

namespace callbridge::history {
namespace {

void AddLeg(const v1::Leg& leg, SessionStory& story) {
  if (!leg.call_id().empty()) story.calls.insert(leg.call_id());
}

void AddRecord(const v1::Session& session, SessionStory& story) {
  for (const v1::Leg& leg : session.legs()) AddLeg(leg, story);
  if (!session.request_id().empty()) story.request_id = session.request_id();
}

void AddEvent(const v1::SessionEvent& event, SessionStory& story) {
  if (!story.by_sequence.emplace(event.sequence(), event).second) return;
  if (event.has_leg_dialing()) AddLeg(event.leg_dialing().leg(), story);
  if (event.has_leg_ended()) AddLeg(event.leg_ended().leg(), story);
  if (event.has_session_ending() && !story.ending) story.ending = RecordTime(event);
  if (event.has_session_ended() && !story.ended) {
    story.ended = RecordTime(event);
    story.record = event.session_ended().session();
    AddRecord(story.record, story);
  }
}

// By their begin. Those that overlap are one: while one part is away, another may be so too.
std::vector<Outage> Merged(std::vector<Outage> outages) {
  std::sort(outages.begin(), outages.end(),
            [](const Outage& left, const Outage& right) { return left.begin < right.begin; });
  std::vector<Outage> merged;
  for (const Outage& outage : outages) {
    if (merged.empty() || outage.begin > merged.back().end) {
      merged.push_back(outage);
    } else {
      merged.back().end = std::max(merged.back().end, outage.end);
    }
  }
  return merged;
}

}  // namespace

SessionEvents SessionStory::Events() const {
  SessionEvents events;
  for (const auto& [sequence, event] : by_sequence) events.push_back(event);
  return events;
}

Stories TellStories(const History& history) {
  Stories stories;
  const auto story_of = [&](const std::string& session_id) -> SessionStory& {
    SessionStory& story = stories[session_id];
    story.session_id = session_id;
    return story;
  };
  for (const Reader& reader : history.readers) {
    for (const v1::SessionEvent& event : reader.events) {
      AddEvent(event, story_of(event.session_id()));
    }
  }
  for (const SessionLook& look : history.looks) {
    if (look.result != SessionLook::Result::kFound) continue;
    AddRecord(look.session, story_of(look.session_id));
  }
  for (const StartAnswer& start : history.starts) {
    if (start.accepted) story_of(start.session_id);
  }
  return stories;
}

base::Time RecordTime(const v1::SessionEvent& event) {
  return base::FromTimestamp(event.record_time());
}

base::Time LatestTime(const History& history, base::Time from, base::Duration bound) {
  base::Time latest = from + bound + history.bounds.slack;
  for (const Outage& outage : Merged(history.outages)) {
    // The recovery from one that is just over is not done yet.
    if (outage.end + history.bounds.recovery <= from || outage.begin >= latest) continue;
    latest +=
        outage.end - std::max(outage.begin, std::min(from, outage.end)) + history.bounds.recovery;
  }
  return latest;
}

std::string Seconds(base::Duration duration) {
  return absl::StrFormat("%.1f s", std::chrono::duration<double>(duration).count());
}

}  // namespace callbridge::history
