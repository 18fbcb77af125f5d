#include "server/store/rules/references.h"

#include <algorithm>

#include "server/store/tables.h"

namespace callbridge::store {
namespace {

void AddOnce(std::string reference, std::vector<std::string>& references) {
  if (std::find(references.begin(), references.end(), reference) == references.end()) {
    references.push_back(std::move(reference));
  }
}

}  // namespace

std::string CallReference(const std::string& call_id) { return "call/" + call_id; }

std::string ConferenceReference(const std::string& conference_id) {
  return "conference/" + conference_id;
}

// The lock of the session is the lock of its reference.
std::string SessionReference(const std::string& session_id) { return SessionLock(session_id); }

bool IsSessionReference(const std::string& reference) {
  return reference.starts_with(SessionLock(""));
}

std::vector<std::string> ReferencesOf(const internal::v1::Session& session) {
  std::vector<std::string> references;
  for (const internal::v1::Leg& leg : session.legs()) {
    if (!leg.call_id().empty()) AddOnce(CallReference(leg.call_id()), references);
  }
  if (!session.conference().conference_id().empty()) {
    AddOnce(ConferenceReference(session.conference().conference_id()), references);
  }
  for (const std::string& surplus_id : session.conference().surplus_ids()) {
    AddOnce(ConferenceReference(surplus_id), references);
  }
  return references;
}

}  // namespace callbridge::store
