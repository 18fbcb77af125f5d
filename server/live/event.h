// Events as the scripts look for them. Plain values, and the one place that knows where an event
// names the things that it is about (docs/provider.md §4.1, §4.2).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/base/time.h"
#include "server/live/line.h"

namespace callbridge::live {

// One event, as the provider told it.
struct Event {
  base::Time arrived;
  // Its own timestamp; the arrival if it has none.
  base::Time occurred;
  // 0, 1, 2 … in the order of arrival.
  std::size_t place = 0;
  std::string type;
  // Of the call and the conference that it is about; empty if it names none.
  std::string call_id;
  std::string conference_id;
  std::string body;
};

// The type is empty if the body is no event.
Event ReadEvent(const Webhook& webhook);
std::string CallIdOf(const std::string& body);
std::string ConferenceIdOf(const std::string& body);

// True if the first of the two occurred earlier, or at the same time and arrived earlier.
bool IsBefore(const Event& first, const Event& second);

// Which events are meant. What is empty is not asked.
struct Wanted {
  std::vector<std::string> types;
  std::string call_id = {};
  std::string conference_id = {};
  // From this place on.
  std::size_t since = 0;
};

bool Fits(const Event& event, const Wanted& wanted);

}  // namespace callbridge::live
