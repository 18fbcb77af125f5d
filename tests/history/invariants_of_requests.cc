// How often and how fast requests reach the provider: invariants 14, 16 and 19.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <deque>
#include <tuple>

#include "tests/history/invariants.h"
#include "tests/history/requests.h"
#include "tests/history/session_story.h"

namespace callbridge::history {
namespace {

// Two requests a second apart may be handled this much closer together: the provider of a run on a
// machine under load stands still for a moment, and then handles what arrived meanwhile.
// SpacingTest holds the exact rate.
constexpr std::chrono::milliseconds kJitter{500};
constexpr std::chrono::seconds kWindow{1};

bool IsSound(const ProviderRequest& request) {
  return request.operation == "say" || request.operation == "play";
}

// Session and command of requests that carry their command's number.
using CommandKey = std::pair<std::string, std::string>;

std::optional<CommandKey> CommandOf(const ProviderRequest& request) {
  const char* tag = IsSound(request) ? "media" : request.operation == "dial" ? "dial" : nullptr;
  if (tag == nullptr || TagOf(request.custom_data, tag).empty()) return std::nullopt;
  return CommandKey(TagOf(request.custom_data, "session"), TagOf(request.custom_data, tag));
}

int AttemptsOf(const SessionStory& story, const std::string& command) {
  std::int32_t number = 0;
  if (!absl::SimpleAtoi(command, &number)) return 0;
  return static_cast<int>(
      std::count_if(story.by_sequence.begin(), story.by_sequence.end(), [&](const auto& entry) {
        return entry.second.has_command_sent() &&
               entry.second.command_sent().command_number() == number;
      }));
}

int AnswersOf(const SessionStory& story) {
  return static_cast<int>(
      std::count_if(story.by_sequence.begin(), story.by_sequence.end(), [](const auto& entry) {
        return entry.second.has_command_sent() &&
               entry.second.command_sent().kind() == "AnswerCaller";
      }));
}

bool NearProviderOutage(const History& history, base::Time at) {
  return std::any_of(history.outages.begin(), history.outages.end(), [&](const Outage& outage) {
    return outage.of_provider && at >= outage.begin && at <= outage.end + kWindow;
  });
}

}  // namespace

Violations Invariant14(const History& history) {
  std::map<CommandKey, int> heard;
  for (const ProviderRequest& request : history.requests) {
    const auto command = CommandOf(request);
    if (IsSound(request) && command && !IsCertainlyNotDone(request)) ++heard[*command];
  }
  Violations violations;
  for (const auto& [command, count] : heard) {
    if (count < 2) continue;
    violations.push_back(absl::StrCat("session ", command.first, ": sound ", command.second,
                                      " was asked for ", count,
                                      " times and may be heard as often"));
  }
  return violations;
}

Violations Invariant16(const History& history) {
  const Stories stories = TellStories(history);
  std::map<CommandKey, int> arrived;
  std::map<std::string, int> answers;
  for (const ProviderRequest& request : history.requests) {
    if (const auto command = CommandOf(request)) ++arrived[*command];
    if (request.operation == "answer") ++answers[TagOf(request.custom_data, "session")];
  }
  Violations violations;
  for (const auto& [command, count] : arrived) {
    const auto story = stories.find(command.first);
    const int attempts = story == stories.end() ? 0 : AttemptsOf(story->second, command.second);
    if (count <= attempts) continue;
    violations.push_back(absl::StrCat("session ", command.first, ": command ", command.second,
                                      " reached the provider ", count, " times in ", attempts,
                                      " attempts"));
  }
  for (const auto& [session_id, count] : answers) {
    const auto story = stories.find(session_id);
    const int attempts = story == stories.end() ? 0 : AnswersOf(story->second);
    if (count <= attempts) continue;
    violations.push_back(absl::StrCat("session ", session_id, ": the call was answered ", count,
                                      " times in ", attempts, " attempts"));
  }
  return violations;
}

Violations Invariant19(const History& history) {
  std::map<std::string, std::deque<base::Time>> recent;
  Violations violations;
  for (const ProviderRequest& request : history.requests) {
    auto rate = history.rates.find(request.operation);
    if (rate == history.rates.end()) rate = history.rates.find("");
    if (rate == history.rates.end() || NearProviderOutage(history, request.at)) continue;
    std::deque<base::Time>& times = recent[request.operation];
    times.push_back(request.at);
    while (times.front() + kWindow - kJitter <= request.at) times.pop_front();
    if (times.size() <= static_cast<std::size_t>(rate->second)) continue;
    violations.push_back(absl::StrCat(times.size(), " requests ", request.operation,
                                      " within one second, the limit is ", rate->second, "; at ",
                                      base::FormatTime(request.at)));
    times.clear();
  }
  return violations;
}

}  // namespace callbridge::history
