// What a caller may rely on after an answer: invariants 26, 27 and 28.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "tests/history/invariants.h"
#include "tests/history/session_story.h"

namespace callbridge::history {
namespace {

bool IsHangup(const v1::SessionEvent& event) {
  const std::string& kind = event.command_sent().kind();
  return event.has_command_sent() && (absl::StartsWith(kind, "HangUp") || kind == "RejectCaller");
}

bool HangsUpBefore(const SessionStory& story, base::Time latest) {
  return std::any_of(story.by_sequence.begin(), story.by_sequence.end(), [&](const auto& entry) {
    return IsHangup(entry.second) && RecordTime(entry.second) <= latest;
  });
}

// A call of the session that nobody else had ended by then.
bool HasCallAlive(const History& history, const SessionStory& story, base::Time from,
                  base::Time at) {
  return std::any_of(history.calls.begin(), history.calls.end(), [&](const ProviderCall& call) {
    return story.calls.contains(call.id) && call.begin < from &&
           (!call.end.has_value() || *call.end > at);
  });
}

}  // namespace

Violations Invariant26(const History& history) {
  std::map<std::string, base::Time> accepted;
  for (const StartAnswer& start : history.starts) {
    if (!start.accepted) continue;
    const auto [known, is_new] = accepted.emplace(start.session_id, start.answered);
    if (!is_new) known->second = std::min(known->second, start.answered);
  }
  Violations violations;
  for (const SessionLook& look : history.looks) {
    const auto start = accepted.find(look.session_id);
    if (start == accepted.end() || look.asked < start->second) continue;
    if (look.result == SessionLook::Result::kNotFound) {
      violations.push_back(absl::StrCat("session ", look.session_id, " was not found ",
                                        Seconds(look.asked - start->second),
                                        " after it was accepted"));
    }
  }
  return violations;
}

Violations Invariant27(const History& history) {
  Violations violations;
  for (const SessionLook& look : history.looks) {
    if (look.seen_sequence == 0) continue;
    if (look.result == SessionLook::Result::kNotFound) {
      violations.push_back(absl::StrCat("session ", look.session_id, " was not found after event ",
                                        look.seen_sequence, " was read"));
    }
    if (look.result == SessionLook::Result::kFound && look.session.version() < look.seen_sequence) {
      violations.push_back(absl::StrCat("session ", look.session_id, " had version ",
                                        look.session.version(), " after event ", look.seen_sequence,
                                        " was read"));
    }
  }
  return violations;
}

Violations Invariant28(const History& history) {
  Violations violations;
  const Stories stories = TellStories(history);
  for (const EndAnswer& end : history.ends) {
    const auto found = stories.find(end.session_id);
    if (!end.accepted || found == stories.end()) continue;
    const SessionStory& story = found->second;
    const base::Time ending =
        LatestTime(history, end.answered, history.bounds.ending_after_request);
    if (!story.ending.has_value() || *story.ending > ending) {
      violations.push_back(absl::StrCat("session ", end.session_id, " was not ending ",
                                        Seconds(ending - end.answered), " after EndSession"));
    }
    const base::Time hangup =
        LatestTime(history, end.answered, history.bounds.hangup_after_request);
    if (!HangsUpBefore(story, hangup) && HasCallAlive(history, story, end.answered, hangup)) {
      violations.push_back(absl::StrCat("session ", end.session_id, " hung nobody up within ",
                                        Seconds(hangup - end.answered), " of EndSession"));
    }
  }
  return violations;
}

}  // namespace callbridge::history
