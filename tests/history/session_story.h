// All that a history says about one session, from whichever reader had it: its events in order, its
// legs' calls, when its outcome was decided and when it ended. It judges nothing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/history/history.h"
#include "tests/history/session_rules.h"

namespace callbridge::history {

struct SessionStory {
  std::string session_id;
  // By sequence, each as the first reader had it.
  std::map<std::int32_t, v1::SessionEvent> by_sequence;
  // Ids of its legs' calls at the provider.
  std::set<std::string> calls;
  std::string request_id;
  std::optional<base::Time> ending;
  std::optional<base::Time> ended;
  // As SessionEnded carries it.
  v1::Session record;

  SessionEvents Events() const;
};

// By session id.
using Stories = std::map<std::string, SessionStory>;

Stories TellStories(const History& history);

base::Time RecordTime(const v1::SessionEvent& event);
// How much later than `from` something may be that is due after `bound`: outages between and the
// machine's load are added.
base::Time LatestTime(const History& history, base::Time from, base::Duration bound);
// "1.2 s".
std::string Seconds(base::Duration duration);

}  // namespace callbridge::history
