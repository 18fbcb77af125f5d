#include "server/worker/orphans.h"

#include <absl/status/status.h>

#include <vector>

#include "server/worker/ownership.h"

namespace callbridge::worker {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;
using internal::v1::Session;

bool Orphans::IsOurs(const CallFacts& call) const { return worker::IsOurs(call, service_id_); }

bool Orphans::IsOurs(const ConferenceFacts& conference) const {
  return SessionOf(conference, service_id_).has_value();
}

absl::StatusOr<std::optional<Session>> Orphans::FindSession(const std::string& session_id,
                                                            const std::string& call_id) {
  if (disowned_.contains(session_id)) return std::nullopt;
  if (!session_id.empty()) {
    absl::StatusOr<Session> session = sessions_.GetSession(session_id);
    if (session.ok()) return *std::move(session);
    if (!absl::IsNotFound(session.status())) return session.status();
  }
  if (call_id.empty()) return std::nullopt;
  store::SessionFilter filter;
  filter.call_id = call_id;
  absl::StatusOr<store::SessionPage> page = sessions_.ListSessions(filter, "", 1);
  if (!page.ok()) return page.status();
  if (page->sessions.empty()) return std::nullopt;
  return std::move(page->sessions.front());
}

absl::StatusOr<std::optional<std::string>> Orphans::SessionOfOrphan(const CallFacts& call) {
  if (!IsOurs(call) || !MayBeHungUp(call)) return std::nullopt;
  const std::string session_id = SessionOf(call);
  const auto session = FindSession(session_id, call.call_id());
  if (!session.ok()) return session.status();
  if (*session && Owns(**session, call)) return std::nullopt;
  return session_id;
}

absl::StatusOr<std::optional<std::string>> Orphans::SessionOfOrphan(
    const ConferenceFacts& conference) {
  const std::optional<std::string> session_id = SessionOf(conference, service_id_);
  if (!session_id || conference.finished()) return std::nullopt;
  const auto session = FindSession(*session_id, "");
  if (!session.ok()) return session.status();
  if (*session && Owns(**session, conference)) return std::nullopt;
  return session_id;
}

}  // namespace callbridge::worker
