// Asks the store whether a session still wants a call or a conference of this service that the
// provider lists. It changes no session.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "callbridge/internal/v1/facts.pb.h"
#include "server/store/sessions.h"

namespace callbridge::worker {

class Orphans {
 public:
  // The sessions must outlive it.
  Orphans(store::Sessions& sessions, std::string service_id)
      : sessions_(sessions), service_id_(std::move(service_id)) {}

  // Tells that the session no longer wants any call, because the worker has left it alone.
  void Disown(const std::string& session_id) { disowned_.insert(session_id); }

  bool IsOurs(const internal::v1::CallFacts& call) const;
  bool IsOurs(const internal::v1::ConferenceFacts& conference) const;

  // Finds the session of a call that has no owner. Absent means that the call is not ours, is over,
  // must not be touched (ownership.h), or is wanted by a session. Otherwise it returns the session
  // that the call names and that does not want it or does not exist; empty if the call names none.
  // UNAVAILABLE means that the store does not answer.
  absl::StatusOr<std::optional<std::string>> SessionOfOrphan(const internal::v1::CallFacts& call);
  absl::StatusOr<std::optional<std::string>> SessionOfOrphan(
      const internal::v1::ConferenceFacts& conference);

 private:
  // Finds the session by its id, or otherwise by the call. Absent means that there is no such
  // session.
  absl::StatusOr<std::optional<internal::v1::Session>> FindSession(const std::string& session_id,
                                                                   const std::string& call_id);

  store::Sessions& sessions_;
  const std::string service_id_;
  std::set<std::string> disowned_;
};

}  // namespace callbridge::worker
