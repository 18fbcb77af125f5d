// The inbox: the role of the store that takes what comes from outside, each input once, and keeps
// inputs that no session can use yet.
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

// An input on its way into the inbox, with what is known of its session. The store finds the
// session by these fields, in this order: session_id, call_id, session_hint (if that session
// exists), conference_id, creates_session_id. If none of them helps, the input is parked. All this
// happens inside the transaction that stores the input, under the lock that also guards references.
struct NewInput {
  internal::v1::Input input;
  // The session's id, if it is certain (a request, a command's result). A session that does not
  // exist is created empty if creates_session_id is the same.
  std::string session_id;
  // The provider's call id, which is looked up among the references. "call/<id>" and
  // "conference/<id>" share one table.
  std::string call_id;
  // The session that customData.session or the conference's name tells.
  std::string session_hint;
  std::string conference_id;
  // The session that is created if the fields above lead to none. call_id then becomes a reference
  // to it.
  std::string creates_session_id;
  // Claimed in the same transaction: a second input with the same request_id is not stored.
  std::string request_id;
  // A digest of the request's content, to tell a repetition from a reuse of the id.
  std::string request_digest;
  // 16 bytes that recognise a second delivery. Empty means that the input is never a duplicate.
  std::string dedupe_key;
};

struct Appended {
  enum class Result {
    kStored,
    // The input was seen within the last 24 h, and was not stored again.
    kDuplicate,
    // The input belongs to no session yet. It is kept for 10 minutes, and given to the session that
    // stores one of its references or is created with the hinted id.
    kParked,
    // The request_id was used with the same content. session_id names the session that it made.
    kRequestKnown,
    // The request_id was used with other content.
    kRequestReused,
    // The session_id was given, but that session does not exist and was not to be created.
    kNoSession,
  };
  Result result = Result::kStored;
  std::string session_id;
  // The input whose reply the caller reads: this input (kStored), or the input that first used the
  // request_id (kRequestKnown). Otherwise 0.
  std::int64_t input_id = 0;
};

// Thread-safe. Errors are described in store.h.
class Inbox {
 public:
  virtual ~Inbox() = default;

  // Stores the inputs in one transaction and returns what became of each, in the same order. A
  // duplicate or a known request is not an error. The session of a stored input then has work.
  virtual absl::StatusOr<std::vector<Appended>> AppendInputs(const std::vector<NewInput>& inputs,
                                                             base::Time now) = 0;

  // Keeps authentic webhooks that cannot be read, and returns how many of them are new. Items of
  // another kind, and those whose dedupe key was seen within the last 24 h, are ignored. The store
  // keeps the newest 10,000 and drops the oldest beyond them.
  virtual absl::StatusOr<int> Quarantine(const std::vector<internal::v1::InboxItem>& items,
                                         base::Time now) = 0;

  // Returns up to limit quarantined items with an id below before_id, newest first, each with its
  // id. A before_id of 0 begins at the newest.
  virtual absl::StatusOr<std::vector<internal::v1::Quarantined>> ListQuarantine(
      std::int64_t before_id, int limit) = 0;

  // Removes the quarantined items with these ids. Returns how many of them were there.
  virtual absl::StatusOr<int> DropQuarantined(const std::vector<std::int64_t>& ids) = 0;
};

}  // namespace callbridge::store
