// What the provider must see and what must be true there: invariants 7, 8, 9, 11 and 20.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "tests/history/invariants.h"
#include "tests/history/requests.h"
#include "tests/history/session_story.h"

namespace callbridge::history {
namespace {

// The provider writes milliseconds.
constexpr std::chrono::milliseconds kProviderTick{1};

bool BelongsTo(const ProviderCall& call, const SessionStory& story) {
  return story.calls.contains(call.id) ||
         (!call.inbound && TagOf(call.custom_data, "session") == story.session_id);
}

std::vector<const ProviderRequest*> CalleeDials(const History& history,
                                                const std::string& session_id) {
  std::vector<const ProviderRequest*> dials;
  for (const ProviderRequest& request : history.requests) {
    if (request.operation == "dial" && TagOf(request.custom_data, "session") == session_id &&
        absl::StartsWith(TagOf(request.custom_data, "leg"), "callee")) {
      dials.push_back(&request);
    }
  }
  return dials;
}

const ProviderCall* CallOfDial(const History& history, const ProviderRequest& dial) {
  for (const ProviderCall& call : history.calls) {
    if (!call.inbound && call.custom_data == dial.custom_data) return &call;
  }
  return nullptr;
}

// Until when a dial may produce a leg, or keep one alive.
base::Time OpenUntil(const History& history, const ProviderRequest& dial) {
  if (IsCertainlyNotDone(dial)) return dial.at;
  const ProviderCall* call = CallOfDial(history, dial);
  if (call != nullptr) return call->end.value_or(base::Time::max());
  return dial.at + history.bounds.dial_unknown;
}

std::optional<base::Time> FirstTime(const SessionStory& story,
                                    bool (*holds)(const v1::SessionEvent&)) {
  for (const auto& [sequence, event] : story.by_sequence) {
    if (holds(event)) return RecordTime(event);
  }
  return std::nullopt;
}

const v1::Leg* FindLeg(const SessionStory& story, const std::string& call_id) {
  for (const v1::Leg& leg : story.record.legs()) {
    if (leg.call_id() == call_id) return &leg;
  }
  return nullptr;
}

// A step that was under way when the webhook came does not know of it.
constexpr std::chrono::seconds kStepUnderWay{1};

// Empty: the leg shows what the webhook told.
std::string MissingMark(const Webhook& webhook, const v1::Leg& leg) {
  const bool over_before =
      leg.has_end_time() && base::FromTimestamp(leg.end_time()) <= webhook.answered;
  if (webhook.type == "CALL_FINISHED" || webhook.type == "CALL_FAILED") {
    return leg.state() == v1::Leg::STATE_ENDED ? "" : "the leg has not ended";
  }
  if (over_before) return "";
  if (webhook.type == "CALL_ESTABLISHED" && !leg.has_answer_time()) {
    return "the leg was never answered";
  }
  if (webhook.type == "PARTICIPANT_JOINED" && !leg.has_join_time()) return "the leg never joined";
  return "";
}

}  // namespace

Violations Invariant7(const History& history) {
  Violations violations;
  for (const auto& [session_id, story] : TellStories(history)) {
    if (!story.ending.has_value()) continue;
    const base::Time latest = LatestTime(history, *story.ending, history.bounds.alive_after_ending);
    for (const ProviderCall& call : history.calls) {
      if (!BelongsTo(call, story)) continue;
      // What was collected early may still end in time.
      if (call.end.value_or(history.collected) <= latest) continue;
      violations.push_back(absl::StrCat("session ", session_id, ": call ", call.id, " was alive ",
                                        Seconds(latest - *story.ending), " after its ending"));
    }
    for (const ProviderConference& conference : history.conferences) {
      const bool ours = conference.id == story.record.conference_id() ||
                        absl::EndsWith(conference.name, "/" + session_id);
      if (ours && conference.open && history.collected > latest) {
        violations.push_back(absl::StrCat("session ", session_id, ": conference ", conference.id,
                                          " is open after its ending"));
      }
    }
  }
  return violations;
}

Violations Invariant8(const History& history) {
  Violations violations;
  for (const auto& [session_id, story] : TellStories(history)) {
    const std::vector<const ProviderRequest*> dials = CalleeDials(history, session_id);
    for (std::size_t i = 1; i < dials.size(); ++i) {
      const base::Time open = OpenUntil(history, *dials[i - 1]);
      if (dials[i]->at >= open) continue;
      const ProviderCall* first = CallOfDial(history, *dials[i - 1]);
      violations.push_back(
          absl::StrCat("session ", session_id, " dialled its callee again after ",
                       Seconds(dials[i]->at - dials[i - 1]->at), " while the dial before it ",
                       first == nullptr ? "could still ring" : "had made the call " + first->id));
    }
  }
  return violations;
}

Violations Invariant9(const History& history) {
  Violations violations;
  for (const auto& [session_id, story] : TellStories(history)) {
    const auto joined = FirstTime(story, [](const v1::SessionEvent& event) {
      return event.has_leg_joined() && event.leg_joined().role() == v1::Leg::ROLE_CALLER;
    });
    const auto gone = FirstTime(story, [](const v1::SessionEvent& event) {
      return event.has_leg_ended() && event.leg_ended().leg().role() == v1::Leg::ROLE_CALLER;
    });
    for (const ProviderRequest* dial : CalleeDials(history, session_id)) {
      if (!joined.has_value() || dial->at + kProviderTick < *joined) {
        violations.push_back(
            absl::StrCat("session ", session_id, " dialled its callee before the caller joined"));
      }
      // What had been taken before the end was known may be on its way.
      if (gone.has_value() && dial->at > LatestTime(history, *gone, history.bounds.send_by)) {
        violations.push_back(absl::StrCat("session ", session_id, " dialled its callee ",
                                          Seconds(dial->at - *gone), " after the caller's end"));
      }
    }
  }
  return violations;
}

Violations Invariant11(const History& history) {
  std::set<std::string> ours;
  const Stories stories = TellStories(history);
  for (const auto& [session_id, story] : stories) {
    ours.insert(story.calls.begin(), story.calls.end());
  }
  for (const ProviderCall& call : history.calls) {
    // Only our own dials carry the mark from the beginning.
    if (!call.inbound && stories.contains(TagOf(call.custom_data, "session"))) ours.insert(call.id);
  }
  Violations violations;
  for (const ProviderRequest& request : history.requests) {
    if (request.method == "GET" || request.call_id.empty() || ours.contains(request.call_id)) {
      continue;
    }
    violations.push_back(absl::StrCat("the request ", request.operation, " touched call ",
                                      request.call_id, ", which no session owns"));
  }
  return violations;
}

Violations Invariant20(const History& history) {
  Violations violations;
  const Stories stories = TellStories(history);
  std::map<std::string, const ProviderCall*> calls;
  for (const ProviderCall& call : history.calls) calls[call.id] = &call;
  for (const Webhook& webhook : history.webhooks) {
    if (webhook.status != 200 || webhook.call_id.empty()) continue;
    const auto story = std::find_if(stories.begin(), stories.end(), [&](const auto& entry) {
      return entry.second.calls.contains(webhook.call_id);
    });
    const std::string what =
        absl::StrCat(webhook.type, " of call ", webhook.call_id, " was answered 200, and ");
    if (story == stories.end()) {
      const auto call = calls.find(webhook.call_id);
      if (webhook.type == "CALL_RECEIVED" && call != calls.end() &&
          history.taken_numbers.contains(call->second->to)) {
        violations.push_back(what + "no session has the call");
      }
      continue;
    }
    const v1::Leg* leg = FindLeg(story->second, webhook.call_id);
    // An ended session takes no notice any more.
    if (leg == nullptr || webhook.answered + kStepUnderWay > *story->second.ended) continue;
    const std::string missing = MissingMark(webhook, *leg);
    if (!missing.empty()) violations.push_back(what + missing);
  }
  return violations;
}

}  // namespace callbridge::history
