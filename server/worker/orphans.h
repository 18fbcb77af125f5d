// Asks the store whether anybody still wants a call or a conference of ours that the provider
// shows. It changes nothing.
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

  // The session wants nothing any more, whatever the store says of it: the worker has left it
  // alone.
  void Disown(const std::string& session_id) { disowned_.insert(session_id); }

  bool IsOurs(const internal::v1::CallFacts& call) const;
  bool IsOurs(const internal::v1::ConferenceFacts& conference) const;

  // Absent: it is not ours, it is over, it must not be touched (ownership.h), or a session wants
  // it. Otherwise the session that it names and that does not want it, or does not exist; empty if
  // it names none. UNAVAILABLE: the store does not answer.
  absl::StatusOr<std::optional<std::string>> SessionOfOrphan(const internal::v1::CallFacts& call);
  absl::StatusOr<std::optional<std::string>> SessionOfOrphan(
      const internal::v1::ConferenceFacts& conference);

 private:
  // By its name, else by the call. Absent: no such session.
  absl::StatusOr<std::optional<internal::v1::Session>> FindSession(const std::string& session_id,
                                                                   const std::string& call_id);

  store::Sessions& sessions_;
  const std::string service_id_;
  std::set<std::string> disowned_;
};

}  // namespace callbridge::worker
