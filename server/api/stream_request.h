// The request of StreamEvents, checked and with defaults filled in. Pure: whether the session
// exists and the token's store is this one becomes known when the stream reads.
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>
#include <string>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/api/resume_token.h"
#include "server/base/limits.h"
#include "server/base/time.h"

namespace callbridge::api {

struct StreamWish {
  enum class Start { kSnapshot, kBeginning, kNow, kToken };

  // The session. Empty means all sessions that carry the labels.
  std::string session_id;
  std::map<std::string, std::string> labels;
  v1::SessionEvent::Detail detail = v1::SessionEvent::DETAIL_NORMAL;
  Start start = Start::kSnapshot;
  // Set if the stream begins with a token.
  ResumeToken token;
  std::optional<base::Time> ended_since;
  base::Duration bookmark_interval = base::kBookmarkIntervalDefault;
  bool stop_when_caught_up = false;
};

// Fails with INVALID_FIELD, RESUME_TOKEN_INVALID or RESUME_TOKEN_MISMATCH.
absl::StatusOr<StreamWish> ReadStreamRequest(const v1::StreamEventsRequest& request);

}  // namespace callbridge::api
