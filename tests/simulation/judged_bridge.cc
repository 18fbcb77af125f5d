#include "tests/simulation/judged_bridge.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "server/base/ingress_limits.h"
#include "tests/simulation/world_settings.h"
#include "tests/simulator/calls.h"

namespace callbridge::simulation {
namespace {

bool Concerns(const Mishap& mishap, const JudgedBridge& bridge) {
  if (mishap.of_server || mishap.of_ingress || bridge.Has(mishap.call_id)) return true;
  return std::any_of(bridge.sessions.begin(), bridge.sessions.end(),
                     [&mishap](const WatchedSession* watched) {
                       return mishap.session_id == watched->session_id ||
                              ReferencesOf(*watched).contains("conference/" + mishap.conference_id);
                     });
}

// Nobody may have taken the webhooks of this moment: an ingress was down, or a server for longer
// than they are held. One pause may follow another at once.
bool MayLoseWebhooksAt(const JudgedBridge& bridge, base::Time at) {
  constexpr std::chrono::seconds kAround{1};
  base::Duration away{};
  for (const Mishap* mishap : bridge.mishaps) {
    if (mishap->of_server) away += mishap->lasts;
  }
  return std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(), [&](const Mishap* mishap) {
    const bool held = mishap->of_server && away + kAround < base::kHandOverHold;
    if (held || !(mishap->of_server || mishap->of_ingress)) return false;
    return at >= mishap->at - kAround && at <= mishap->at + std::max(away, mishap->lasts);
  });
}

}  // namespace

bool JudgedBridge::Has(const std::string& call_id) const {
  return std::any_of(calls.begin(), calls.end(),
                     [&call_id](const simulator::Call* call) { return call->id == call_id; });
}

std::vector<const simulator::Call*> JudgedBridge::CallsOf(const std::string& number) const {
  std::vector<const simulator::Call*> found;
  for (const simulator::Call* call : calls) {
    if (simulator::NumberOf(call->endpoint) == number) found.push_back(call);
  }
  return found;
}

JudgedBridge Gather(const Evidence& evidence, int index) {
  JudgedBridge bridge;
  bridge.index = index;
  bridge.plan = &evidence.plan.bridges[static_cast<std::size_t>(index)];
  for (const auto& [number, call] : evidence.provider.calls.things()) {
    const std::string person = simulator::NumberOf(call.endpoint);
    if (person == CallerNumber(index) || person == CalleeNumber(index)) {
      bridge.calls.push_back(&call);
    }
  }
  for (const auto& [session_id, watched] : evidence.chronicle.sessions) {
    const internal::v1::Leg* caller = CallerOf(watched.session);
    if (caller == nullptr) continue;
    if (!absl::EndsWith(caller->endpoint().phone().number(), CallerNumber(index))) continue;
    bridge.sessions.push_back(&watched);
  }
  for (const Mishap& mishap : evidence.mishaps) {
    if (Concerns(mishap, bridge)) bridge.mishaps.push_back(&mishap);
  }
  return bridge;
}

bool IsNotDone(const Mishap& mishap) {
  constexpr std::array<std::string_view, 3> kNotDone = {"error-before", "reset-before",
                                                        "throttled"};
  return std::find(kNotDone.begin(), kNotDone.end(), mishap.fault) != kNotDone.end();
}

int MayBeLost(const JudgedBridge& bridge, std::string_view command) {
  return static_cast<int>(
      std::count_if(bridge.mishaps.begin(), bridge.mishaps.end(), [command](const Mishap* mishap) {
        return mishap->of_server || (IsNotDone(*mishap) && mishap->what == command);
      }));
}

bool MayBeUnknown(const JudgedBridge& bridge) {
  const bool struck =
      std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(), [](const Mishap* mishap) {
        return mishap->what == "CALL_RECEIVED" && mishap->fault != "duplicate";
      });
  return struck || std::any_of(bridge.calls.begin(), bridge.calls.end(),
                               [&bridge](const simulator::Call* call) {
                                 return call->inbound && MayLoseWebhooksAt(bridge, call->start);
                               });
}

base::Duration TalkOf(const JudgedBridge& bridge, const Evidence& evidence) {
  base::Duration longest{};
  const auto callers = bridge.CallsOf(CallerNumber(bridge.index));
  const auto callees = bridge.CallsOf(CalleeNumber(bridge.index));
  const auto is_one_of = [](const std::vector<const simulator::Call*>& calls,
                            const simulator::Participant& participant) {
    return participant.join && std::any_of(calls.begin(), calls.end(), [&](const auto* call) {
             return call->id == participant.call_id;
           });
  };
  const base::Time now = evidence.provider.now;
  for (const auto& [number, conference] : evidence.provider.conferences.things()) {
    for (const simulator::Participant& caller : conference.participants) {
      if (!is_one_of(callers, caller)) continue;
      for (const simulator::Participant& callee : conference.participants) {
        if (!is_one_of(callees, callee)) continue;
        const base::Time until = std::min(caller.leave.value_or(now), callee.leave.value_or(now));
        longest = std::max(longest, until - std::max(*caller.join, *callee.join));
      }
    }
  }
  return longest;
}

}  // namespace callbridge::simulation
