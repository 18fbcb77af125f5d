#include "tests/simulation/chronicle.h"

#include <absl/strings/match.h>

#include <algorithm>

namespace callbridge::simulation {

using internal::v1::Command;
using internal::v1::Leg;
using internal::v1::Session;

std::string PhaseName(const Session& session) {
  const auto* field = Session::descriptor()->FindFieldByNumber(session.phase_case());
  return field == nullptr ? std::string() : field->name();
}

std::string ActionName(const Command& command) {
  const auto* field = Command::descriptor()->FindFieldByNumber(command.action_case());
  return field == nullptr ? std::string() : field->name();
}

const Leg* CallerOf(const Session& session) {
  for (const Leg& leg : session.legs()) {
    if (leg.role() == callbridge::v1::Leg::ROLE_CALLER) return &leg;
  }
  return nullptr;
}

bool IsCallee(const Leg& leg) { return leg.role() == callbridge::v1::Leg::ROLE_CALLEE; }

bool MayHearNotice(const internal::v1::Session& session, const Leg& leg) {
  if (!session.plan().recording().has_notice()) return false;
  return !leg.dialled_apart() || leg.membership() != Leg::MEMBERSHIP_IN;
}

bool IsAliveAndAnswered(const Leg& leg) {
  return leg.state() == callbridge::v1::Leg::STATE_ANSWERED;
}

std::set<std::string> ReferencesOf(const WatchedSession& watched) {
  std::set<std::string> references{"session/" + watched.session_id};
  for (const Leg& leg : watched.session.legs()) {
    if (!leg.call_id().empty()) references.insert("call/" + leg.call_id());
  }
  const internal::v1::Conference& conference = watched.session.conference();
  if (!conference.conference_id().empty()) {
    references.insert("conference/" + conference.conference_id());
  }
  for (const std::string& id : conference.surplus_ids()) references.insert("conference/" + id);
  return references;
}

bool IsAbout(const std::string& target, const std::string& body, const WatchedSession& watched) {
  if (absl::StrContains(body, watched.session_id)) return true;
  if (absl::StrContains(target, watched.session_id)) return true;
  const std::set<std::string> references = ReferencesOf(watched);
  return std::any_of(references.begin(), references.end(), [&target](const std::string& reference) {
    return absl::StrContains(target, reference.substr(reference.find('/') + 1));
  });
}

}  // namespace callbridge::simulation
