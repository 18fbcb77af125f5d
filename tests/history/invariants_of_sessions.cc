// What the events themselves must obey: invariants 1, 2, 3, 4, 12, 23, 31 and 32, and the outcome.
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <set>

#include "tests/history/invariants.h"
#include "tests/history/session_story.h"

namespace callbridge::history {
namespace {

using google::protobuf::util::MessageDifferencer;

Violations OfEachSession(const History& history, Violations (*rule)(const SessionEvents&)) {
  Violations all;
  for (const auto& [session_id, story] : TellStories(history)) {
    for (const std::string& violation : rule(story.Events())) all.push_back(violation);
  }
  return all;
}

bool Passes(const Reader& reader, const v1::SessionEvent& event) {
  for (const auto& [key, value] : reader.labels) {
    const auto found = event.labels().find(key);
    if (found == event.labels().end() || found->second != value) return false;
  }
  return event.detail() <= reader.detail;
}

std::string ListOf(const std::vector<std::int32_t>& numbers) {
  std::string text;
  for (const std::int32_t number : numbers) absl::StrAppend(&text, " ", number);
  return text.empty() ? " nothing" : text;
}

}  // namespace

Violations Invariant1(const History& history) {
  Violations violations;
  const Stories stories = TellStories(history);
  for (const auto& [session_id, story] : stories) {
    if (!story.ended.has_value()) {
      violations.push_back(absl::StrCat("session ", session_id, " has no end"));
    }
  }
  for (const StartAnswer& start : history.starts) {
    if (!start.accepted) continue;
    const SessionStory& story = stories.at(start.session_id);
    const base::Time latest = LatestTime(history, start.answered, history.bounds.session);
    if (story.ended.has_value() && *story.ended > latest) {
      violations.push_back(absl::StrCat(
          "session ", start.session_id, " ended ", Seconds(*story.ended - start.answered),
          " after it was accepted, later than ", Seconds(latest - start.answered)));
    }
  }
  return violations;
}

Violations Invariant2(const History& history) {
  std::map<std::string, std::set<std::string>> sessions;
  for (const StartAnswer& start : history.starts) {
    if (start.accepted) sessions[start.request_id].insert(start.session_id);
  }
  for (const auto& [session_id, story] : TellStories(history)) {
    if (!story.request_id.empty()) sessions[story.request_id].insert(session_id);
  }
  Violations violations;
  for (const auto& [request_id, ids] : sessions) {
    if (ids.size() < 2) continue;
    std::string list;
    for (const std::string& id : ids) absl::StrAppend(&list, " ", id);
    violations.push_back(absl::StrCat("request ", request_id, " has several sessions:", list));
  }
  return violations;
}

Violations Invariant3(const History& history) {
  Violations violations = OfEachSession(history, SequencesWithoutGap);
  const Stories stories = TellStories(history);
  for (const Reader& reader : history.readers) {
    for (const v1::SessionEvent& event : reader.events) {
      const v1::SessionEvent& first =
          stories.at(event.session_id()).by_sequence.at(event.sequence());
      if (!MessageDifferencer::Equals(first, event)) {
        violations.push_back(absl::StrCat("session ", event.session_id(), ", event ",
                                          event.sequence(), ": reader ", reader.name,
                                          " had it with another content"));
      }
    }
  }
  return violations;
}

Violations Invariant4(const History& history) {
  Violations violations = OfEachSession(history, NothingAfterTheEnd);
  const Stories stories = TellStories(history);
  for (const SessionLook& look : history.looks) {
    if (look.result != SessionLook::Result::kFound || !look.session.has_outcome()) continue;
    const SessionStory& story = stories.at(look.session_id);
    if (story.ended.has_value() &&
        !MessageDifferencer::Equals(look.session.outcome(), story.record.outcome())) {
      violations.push_back(absl::StrCat("session ", look.session_id,
                                        ": GetSession showed another outcome than the end's"));
    }
  }
  return violations;
}

Violations Invariant12(const History& history) { return OfEachSession(history, SoundsInOrder); }

Violations Invariant31(const History& history) {
  return OfEachSession(history, RecordingsOneAtATime);
}

Violations Invariant32(const History& history) {
  return OfEachSession(history, RecordedAfterNotices);
}

Violations OutcomesFit(const History& history) {
  return OfEachSession(history, OutcomeFitsTheStory);
}

Violations Invariant23(const History& history) {
  Violations violations;
  const Stories stories = TellStories(history);
  for (const Reader& reader : history.readers) {
    std::map<std::string, std::vector<std::int32_t>> read;
    for (const v1::SessionEvent& event : reader.events) {
      read[event.session_id()].push_back(event.sequence());
    }
    for (const auto& [session_id, story] : stories) {
      std::vector<std::int32_t> expected;
      for (const auto& [sequence, event] : story.by_sequence) {
        if (Passes(reader, event)) expected.push_back(sequence);
      }
      if (read[session_id] != expected) {
        violations.push_back(absl::StrCat("reader ", reader.name, " of session ", session_id,
                                          " read", ListOf(read[session_id]), " instead of",
                                          ListOf(expected)));
      }
    }
  }
  return violations;
}

}  // namespace callbridge::history
