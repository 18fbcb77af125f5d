// The inbox: the role of the store that takes what comes from outside, each input once, and keeps
// what no session can use yet.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "server/base/time.h"

namespace callbridge::store {

// An input on its way into the inbox, with what is known of its session. The store correlates it in
// the order of the fields, inside the transaction that stores it, under the same lock that stores
// references:
//   session_id, call_id, session_hint (if that session exists), conference_id, creates_session_id;
//   else parked.
struct NewInput {
  internal::v1::Input input;
  // Known for certain (a request, a command's result). A session that does not exist is created
  // empty if creates_session_id is the same.
  std::string session_id;
  // Looked up among the references; "call/<id>" and "conference/<id>" share one table.
  std::string call_id;
  // customData.session, or the session in the conference's name.
  std::string session_hint;
  std::string conference_id;
  // Created if nothing above was found; call_id is then a reference of it at once.
  std::string creates_session_id;
  // Claimed in the same transaction: a second input with the same request_id is not stored.
  std::string request_id;
  // Digest of the request's content, to tell a repetition from a reuse.
  std::string request_digest;
  // 16 bytes; empty: never a duplicate.
  std::string dedupe_key;
};

struct Appended {
  enum class Result {
    kStored,
    // Seen within the last 24 h; nothing was stored.
    kDuplicate,
    // No session yet: kept for 10 minutes, given to the session that stores one of its references
    // or is created with the hinted id.
    kParked,
    // request_id is taken, by the same content: session_id names the session it made.
    kRequestKnown,
    // request_id is taken, by other content.
    kRequestReused,
    // session_id was given, does not exist, and was not to be created.
    kNoSession,
  };
  Result result = Result::kStored;
  std::string session_id;
  // To read the reply by: of this input (kStored), or of the one that took the request_id
  // (kRequestKnown). Else 0.
  std::int64_t input_id = 0;
};

// Thread-safe; errors as in store.h.
class Inbox {
 public:
  virtual ~Inbox() = default;

  // Stores the inputs in one transaction and says of each, in the same order, what became of it. A
  // duplicate and a known request are no errors. The session of a stored input has something to do
  // from then on.
  virtual absl::StatusOr<std::vector<Appended>> AppendInputs(const std::vector<NewInput>& inputs,
                                                             base::Time now) = 0;

  // Keeps authentic webhooks that cannot be read. Items of another kind are passed over. The store
  // keeps the newest 10,000 and drops the oldest beyond them.
  virtual absl::Status Quarantine(const std::vector<internal::v1::InboxItem>& items) = 0;

  // Returns up to limit quarantined items with an id below before_id, newest first, each with its
  // id. A before_id of 0 begins at the newest.
  virtual absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(
      std::int64_t before_id, int limit) = 0;

  // Removes the quarantined items with these ids. Returns how many of them were there.
  virtual absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) = 0;
};

}  // namespace callbridge::store
