#include "server/api/session_list.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/api/page_token.h"
#include "server/base/key_values.h"
#include "server/base/limits.h"
#include "server/flow/public_view.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/plan_validation.h"

namespace callbridge::api {
namespace {

void ReadStates(const v1::ListSessionsRequest& request, store::SessionFilter& filter,
                settings::Findings& findings) {
  for (const int state : request.states()) {
    if (state == v1::Session::STATE_UNSPECIFIED || !v1::Session::State_IsValid(state)) {
      findings.Refuse("states", "must hold only states of a session");
    } else {
      filter.states.push_back(static_cast<v1::Session::State>(state));
    }
  }
  for (const int result : request.results()) {
    if (result == v1::Outcome::RESULT_UNSPECIFIED || !v1::Outcome::Result_IsValid(result)) {
      findings.Refuse("results", "must hold only results of an outcome");
    } else {
      filter.results.push_back(static_cast<v1::Outcome::Result>(result));
    }
  }
}

std::optional<base::Time> ReadTime(bool present, const char* field,
                                   const google::protobuf::Timestamp& timestamp,
                                   settings::Findings& findings) {
  if (!present) {
    return std::nullopt;
  }
  const std::size_t before = findings.violations.size();
  CheckTimestamp(field, timestamp, findings);
  if (findings.violations.size() > before) {
    return std::nullopt;
  }
  return base::FromTimestamp(timestamp);
}

store::SessionFilter ReadFilter(const v1::ListSessionsRequest& request,
                                settings::Findings& findings) {
  store::SessionFilter filter;
  ReadStates(request, filter, findings);
  settings::ValidateLabels(request.labels(), "labels", findings);
  filter.labels = base::Sorted(request.labels());
  filter.created_since =
      ReadTime(request.has_created_since(), "created_since", request.created_since(), findings);
  filter.created_before =
      ReadTime(request.has_created_before(), "created_before", request.created_before(), findings);
  filter.call_id = request.call_id();
  filter.request_id = request.request_id();
  if (!request.phone_number().empty()) {
    settings::ValidateNumber(request.phone_number(), "phone_number", findings);
    filter.number = settings::NormalizeNumber(request.phone_number()).value_or("");
  }
  filter.only_with_issues = request.only_with_issues();
  return filter;
}

}  // namespace

absl::StatusOr<v1::ListSessionsResponse> ListSessions(store::Sessions& sessions,
                                                      const v1::ListSessionsRequest& request,
                                                      const Asker& asker) {
  settings::Findings findings;
  const store::SessionFilter filter = ReadFilter(request, findings);
  const int page_size = CheckPageSize(request.page_size(), findings);
  std::string place;
  if (!request.page_token().empty()) {
    std::optional<std::string> decoded = DecodePageToken(request);
    if (decoded.has_value()) {
      place = std::move(*decoded);
    } else {
      findings.Refuse("page_token", "must be the last response's, with all other fields unchanged");
    }
  }
  if (!findings.violations.empty()) {
    return InvalidFields(findings.violations);
  }

  v1::ListSessionsResponse response;
  std::size_t bytes = 0;
  int rows = 0;
  do {
    // One session more than requested tells whether there is another page.
    const absl::StatusOr<store::SessionPage> page =
        sessions.ListSessions(filter, place, page_size + 1 - response.sessions_size());
    if (!page.ok()) {
      return page.status();
    }
    for (const internal::v1::Session& session : page->sessions) {
      v1::Session view = flow::PublicView(session);
      bytes += view.ByteSizeLong();
      if (response.sessions_size() >= page_size ||
          (response.sessions_size() > 0 && bytes > base::kListResponseBytesMax)) {
        response.set_next_page_token(
            EncodePageToken(request, response.sessions(response.sessions_size() - 1).session_id()));
        return response;
      }
      *response.add_sessions() = std::move(view);
    }
    place = page->next_place;
    rows += page->rows;
  } while (!place.empty() && rows < base::kListCallRowsMax && !asker.Gone());
  // The search may have stopped before the page was full. The client continues it from this place.
  if (!place.empty()) {
    response.set_next_page_token(EncodePageToken(request, place));
  }
  return response;
}

}  // namespace callbridge::api
