#include "server/api/stream_request.h"

#include <utility>
#include <vector>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/base/key_values.h"
#include "server/settings/plan_validation.h"

namespace callbridge::api {
namespace {

StreamWish::Start ReadPosition(v1::StartPosition position, settings::Findings& findings) {
  switch (position) {
    case v1::START_POSITION_UNSPECIFIED:
    case v1::START_POSITION_SNAPSHOT:
      return StreamWish::Start::kSnapshot;
    case v1::START_POSITION_BEGINNING:
      return StreamWish::Start::kBeginning;
    case v1::START_POSITION_NOW:
      return StreamWish::Start::kNow;
    default:
      findings.Refuse("position", "must be SNAPSHOT, BEGINNING or NOW");
      return StreamWish::Start::kSnapshot;
  }
}

void ReadBookmarkInterval(const v1::StreamEventsRequest& request, StreamWish& wish,
                          settings::Findings& findings) {
  if (!request.has_bookmark_interval()) {
    return;
  }
  if (IsReadable(request.bookmark_interval())) {
    wish.bookmark_interval = base::FromProtoDuration(request.bookmark_interval());
    if (wish.bookmark_interval >= base::kBookmarkIntervalMin &&
        wish.bookmark_interval <= base::kBookmarkIntervalMax) {
      return;
    }
  }
  findings.Refuse("bookmark_interval", "must be 5 to 60 s; leave it out for 15 s");
}

void ReadDetail(const v1::StreamEventsRequest& request, StreamWish& wish,
                settings::Findings& findings) {
  if (!v1::SessionEvent::Detail_IsValid(request.detail())) {
    findings.Refuse("detail", "must be MILESTONE, NORMAL or DIAGNOSTIC");
  } else if (request.detail() != v1::SessionEvent::DETAIL_UNSPECIFIED) {
    wish.detail = request.detail();
  }
}

}  // namespace

absl::StatusOr<StreamWish> ReadStreamRequest(const v1::StreamEventsRequest& request) {
  StreamWish wish;
  settings::Findings findings;
  wish.session_id = request.session_id();
  wish.labels = base::Sorted(request.labels());
  wish.stop_when_caught_up = request.stop_when_caught_up();
  if (!request.session_id().empty()) {
    CheckSessionId("session_id", request.session_id(), findings);
    if (!request.labels().empty()) {
      findings.Refuse("labels",
                      "must be absent with session_id, because labels select among all sessions");
    }
  }
  settings::ValidateLabels(request.labels(), "labels", findings);
  ReadDetail(request, wish, findings);
  ReadBookmarkInterval(request, wish, findings);
  if (request.has_ended_since()) {
    CheckTimestamp("ended_since", request.ended_since(), findings);
  }
  if (request.start_case() != v1::StreamEventsRequest::kResumeToken) {
    wish.start = ReadPosition(request.position(), findings);
  }
  if (!findings.violations.empty()) {
    return InvalidFields(findings.violations);
  }
  if (request.has_ended_since()) {
    wish.ended_since = base::FromTimestamp(request.ended_since());
  }
  if (request.start_case() == v1::StreamEventsRequest::kResumeToken) {
    std::optional<ResumeToken> token = DecodeResumeToken(request.resume_token());
    if (!token.has_value()) {
      return ResumeTokenInvalid();
    }
    // The scope also tells its kind, because the digest of a session never equals one of labels.
    if (token->scope != ScopeDigest(wish.session_id, wish.labels)) {
      return ResumeTokenMismatch();
    }
    wish.start = StreamWish::Start::kToken;
    // The snapshot goes on as it was begun.
    if (token->ended_since) wish.ended_since = token->ended_since;
    wish.token = std::move(*token);
  }
  return wish;
}

}  // namespace callbridge::api
