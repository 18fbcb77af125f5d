// What the methods that ask something of a living session have in common: UpdateLeg, PlayPrompt,
// StopSounds, SendDigits, CaptureDigits, StartRecording and StopRecording. A request that was
// checked becomes an input, and the flow says whether it takes it.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/session.pb.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::api {

// A request whose fields were checked.
struct SessionChange {
  std::string session_id = {};
  // The leg that the request names. Empty means several or none.
  std::string leg_id = {};
  std::string request_id = {};
  // Tells a repetition from another request (request_digest.h).
  std::string digest = {};
  // What the flow steps, with its receive_time.
  internal::v1::Input input = {};
  // Learn what the flow would answer, and store nothing.
  bool validate_only = false;
  // Remarks about valid fields that the client should know.
  std::vector<std::string> warnings = {};
};

// Thread-safe. The parameters must outlive it.
class SessionChanger {
 public:
  explicit SessionChanger(store::Roles<store::Inbox, store::Sessions> store)
      : inbox_(store.get<store::Inbox>()), sessions_(store.get<store::Sessions>()) {}

  // A durable input that owns the request_id.
  struct Claim {
    std::int64_t input_id = 0;
    bool replayed = false;
    std::string session_id = {};
    std::string leg_id = {};
    std::vector<std::string> warnings = {};
  };
  struct Answered {
    v1::Session session;
    bool replayed = false;
    std::vector<std::string> warnings = {};
  };
  // Either the answer (validate_only), or the input whose step is to be awaited.
  using Begun = std::variant<Answered, Claim>;

  // Fails with SESSION_NOT_FOUND, REQUEST_ID_REUSED, the store's status, or, for validate_only, as
  // Answer.
  absl::StatusOr<Begun> Begin(SessionChange change) const;
  // Fails with LEG_NOT_FOUND, LEG_OVER, LEG_NOT_JOINED, SESSION_OVER, TOO_MANY_SOUNDS,
  // TOO_MANY_REQUESTS, RECORDED_OTHERWISE, NOTICE_REFUSED, the store's status, or UNAVAILABLE if no
  // step came in time (`reply` is absent).
  absl::StatusOr<Answered> Answer(const Claim& claim,
                                  const std::optional<internal::v1::Reply>& reply) const;

 private:
  // Steps a copy of the session to learn what the flow would answer.
  absl::StatusOr<Answered> Preview(const SessionChange& change) const;

  store::Inbox& inbox_;
  store::Sessions& sessions_;
};

}  // namespace callbridge::api
