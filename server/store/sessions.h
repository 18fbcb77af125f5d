// The sessions: the role of the store that shows each session after its last step, and the reply of
// a step to a request.
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
  // The state in the session's last event.
  std::vector<callbridge::v1::Session::State> states;
  std::vector<callbridge::v1::Outcome::Result> results;
  std::map<std::string, std::string> labels;
  std::optional<base::Time> created_since;
  std::optional<base::Time> created_before;
  std::string call_id;
  std::string request_id;
  // A telephone number that takes part in the session: a person's number, or the number that was
  // called or shown. It may be given with or without "+".
  std::string number;
  bool only_with_issues = false;
  // Only sessions of which clients see a recording.
  bool only_recorded = false;
  // Only sessions that have not ended.
  bool living = false;
};

// A part of a list.
struct SessionPage {
  std::vector<internal::v1::Session> sessions;
  // Where the next part begins. Empty means that there are no more parts. A part may be short or
  // empty although another part follows.
  std::string next_place;
  // The number of rows that the call read.
  int rows = 0;
};

// Thread-safe. Errors are described in store.h.
class Sessions {
 public:
  virtual ~Sessions() = default;

  // Returns the session as its last step left it. NOT_FOUND means that the session does not exist,
  // was never stepped, or got no phase.
  virtual absl::StatusOr<internal::v1::Session> GetSession(const std::string& session_id) = 0;

  // Returns the id of the session that the request_id belongs to, and the digest of the request
  // that first used it, unless request_digest is null. NOT_FOUND: the request_id is free.
  virtual absl::StatusOr<std::string> FindRequest(const std::string& request_id,
                                                  std::string* request_digest) = 0;

  // Returns the reply of a consumed input, which is empty if its step had none. Absent: the input
  // still waits. NOT_FOUND: there is no such input.
  virtual absl::StatusOr<std::optional<internal::v1::Reply>> ReadReply(std::int64_t input_id) = 0;

  // Returns up to `limit` sessions that pass the filter, newest first (by session_id, descending).
  // A place is a session_id, and the part begins below it; an empty place begins at the newest. One
  // call reads about kListRowsMax rows and returns what it has found, so that a rare filter delays
  // no other work. The caller continues with next_place.
  virtual absl::StatusOr<SessionPage> ListSessions(const SessionFilter& filter,
                                                   const std::string& place, int limit) = 0;

  // Returns sessions for snapshots. Living sessions come first, by id, descending. With
  // ended_after, sessions that ended after that time follow, the latest first. A session that ends
  // meanwhile may come twice and is never left out. One call reads up to `limit` sessions; labels
  // leave some of them out.
  virtual absl::StatusOr<SessionPage> SnapshotSessions(
      const std::map<std::string, std::string>& labels, std::optional<base::Time> ended_after,
      const std::string& place, int limit) = 0;
};

}  // namespace callbridge::store
