// The sessions: the role of the store that shows them as their last step left them, and what a step
// replied to a request.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/base/time.h"

namespace callbridge::store {

struct SessionFilter {
  // As the session's last event says.
  std::vector<callbridge::v1::Session::State> states;
  std::vector<callbridge::v1::Outcome::Result> results;
  std::map<std::string, std::string> labels;
  std::optional<base::Time> created_since;
  std::optional<base::Time> created_before;
  std::string call_id;
  std::string request_id;
  // A telephone number that has a part in the session: somebody's, or the one that was called or
  // shown. With or without "+".
  std::string number;
  bool only_with_issues = false;
  // Only sessions that have not ended.
  bool living = false;
};

// A part of a list.
struct SessionPage {
  std::vector<internal::v1::Session> sessions;
  // The next part begins behind this place. Empty: that was all. A part may be short, or empty, and
  // have one that follows.
  std::string next_place;
  // Rows that were looked at for it.
  int rows = 0;
};

// Thread-safe; errors as in store.h.
class Sessions {
 public:
  virtual ~Sessions() = default;

  // Returns the session as its last step left it. NOT_FOUND: there is no such session, it was never
  // stepped, or no step gave it a phase.
  virtual absl::StatusOr<internal::v1::Session> GetSession(const std::string& session_id) = 0;

  // Returns the id of the session that the request_id belongs to, and the digest of the request
  // that took it, unless request_digest is null. NOT_FOUND: the request_id is free.
  virtual absl::StatusOr<std::string> FindRequest(const std::string& request_id,
                                                  std::string* request_digest) = 0;

  // Returns the reply of a consumed input, which is empty if its step had none. Absent: the input
  // still waits. NOT_FOUND: there is no such input.
  virtual absl::StatusOr<std::optional<internal::v1::Reply>> ReadReply(std::int64_t input_id) = 0;

  // Returns up to limit sessions that pass the filter, newest first (by session_id, descending). A
  // place is a session_id, and the part begins below it; an empty place begins at the newest. One
  // call looks at about kListRowsMax rows and then returns what it has found, so that a rare filter
  // keeps nothing waiting: the caller goes on with next_place.
  virtual absl::StatusOr<SessionPage> ListSessions(const SessionFilter& filter,
                                                   const std::string& place, int limit) = 0;

  // Returns sessions for snapshots: first the living by id, descending; then, with ended_after,
  // those that ended after it, the latest first. A session that ends meanwhile may come twice and
  // is never left out. One call reads up to limit sessions; labels leave some of them out.
  virtual absl::StatusOr<SessionPage> SnapshotSessions(
      const std::map<std::string, std::string>& labels, std::optional<base::Time> ended_after,
      const std::string& place, int limit) = 0;
};

}  // namespace callbridge::store
