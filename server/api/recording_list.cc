#include "server/api/recording_list.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/page_token.h"
#include "server/base/limits.h"
#include "server/flow/public_view.h"

namespace callbridge::api {
namespace {

// Adds the session's recordings, newest first, and returns how many bytes they have.
std::size_t AddRecordings(const internal::v1::Session& session,
                          v1::ListRecordingsResponse& response) {
  std::size_t bytes = 0;
  const v1::Session view = flow::PublicView(session);
  for (int i = view.recordings_size() - 1; i >= 0; --i) {
    *response.add_recordings() = view.recordings(i);
    bytes += view.recordings(i).ByteSizeLong();
  }
  return bytes;
}

absl::StatusOr<v1::ListRecordingsResponse> OfSession(store::Sessions& sessions,
                                                     const std::string& session_id) {
  const absl::StatusOr<internal::v1::Session> session = sessions.GetSession(session_id);
  if (absl::IsNotFound(session.status())) return SessionNotFound(session_id);
  if (!session.ok()) return session.status();
  v1::ListRecordingsResponse response;
  AddRecordings(*session, response);
  return response;
}

}  // namespace

absl::StatusOr<v1::ListRecordingsResponse> ListRecordings(store::Sessions& sessions,
                                                          const v1::ListRecordingsRequest& request,
                                                          const Asker& asker) {
  settings::Findings findings;
  const int page_size = CheckPageSize(request.page_size(), findings);
  std::string place;
  if (!request.page_token().empty()) {
    // The recordings of one session have one page.
    std::optional<std::string> decoded =
        request.session_id().empty() ? DecodePageToken(request) : std::nullopt;
    if (decoded.has_value()) {
      place = std::move(*decoded);
    } else {
      findings.Refuse("page_token", "must be the last response's, with all other fields unchanged");
    }
  }
  if (!request.session_id().empty()) CheckSessionId("session_id", request.session_id(), findings);
  if (!findings.violations.empty()) return InvalidFields(findings.violations);
  if (!request.session_id().empty()) return OfSession(sessions, request.session_id());

  store::SessionFilter filter;
  filter.only_recorded = true;
  v1::ListRecordingsResponse response;
  std::size_t bytes = 0;
  int listed = 0;
  int rows = 0;
  do {
    const absl::StatusOr<store::SessionPage> page =
        sessions.ListSessions(filter, place, page_size - listed);
    if (!page.ok()) return page.status();
    for (const internal::v1::Session& session : page->sessions) {
      bytes += AddRecordings(session, response);
      ++listed;
      if (listed < page_size && bytes <= base::kListResponseBytesMax) continue;
      // The search stopped at a full page, so it is not known whether there are more sessions.
      response.set_next_page_token(EncodePageToken(request, session.session_id()));
      return response;
    }
    place = page->next_place;
    rows += page->rows;
  } while (!place.empty() && rows < base::kListCallRowsMax && !asker.Gone());
  if (!place.empty()) response.set_next_page_token(EncodePageToken(request, place));
  return response;
}

}  // namespace callbridge::api
