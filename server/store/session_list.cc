#include "server/store/session_list.h"

#include <algorithm>
#include <optional>

#include "server/store/messages.h"
#include "server/store/references.h"

namespace callbridge::store {
namespace {

using internal::v1::Session;

template <typename Value>
bool NoneOf(const std::vector<Value>& wanted, int value) {
  return !wanted.empty() && std::none_of(wanted.begin(), wanted.end(), [value](Value one) {
    return static_cast<int>(one) == value;
  });
}

bool HasLabels(const Session& session, const std::map<std::string, std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&session](const auto& label) {
    return std::any_of(session.labels().begin(), session.labels().end(),
                       [&label](const internal::v1::KeyValue& one) {
                         return one.key() == label.first && one.value() == label.second;
                       });
  });
}

bool HasCall(const Session& session, const std::string& call_id) {
  return std::any_of(session.legs().begin(), session.legs().end(),
                     [&call_id](const internal::v1::Leg& leg) { return leg.call_id() == call_id; });
}

// The columns first: most sessions need not be parsed.
bool ColumnsMatch(const SessionFilter& filter, const SessionRow& row) {
  if (NoneOf(filter.states, row.state) || NoneOf(filter.results, row.result)) return false;
  if (filter.created_after && row.create_time < *filter.created_after) return false;
  if (filter.created_before && row.create_time >= *filter.created_before) return false;
  return !filter.live_or_ended_after || !row.expire_time ||
         (row.end_time && *row.end_time > *filter.live_or_ended_after);
}

bool Matches(const SessionFilter& filter, const Session& session) {
  if (session.phase_case() == Session::PHASE_NOT_SET) return false;
  if (!filter.call_id.empty() && !HasCall(session, filter.call_id)) return false;
  if (!filter.request_id.empty() && session.request_id() != filter.request_id) return false;
  if (filter.with_issues && session.issues().empty()) return false;
  return HasLabels(session, filter.labels);
}

SessionRange RangeOf(const SessionFilter& filter, const std::string& before_id) {
  SessionRange range{.before_id = before_id, .live_or_ended_after = filter.live_or_ended_after};
  const bool wants_ended = filter.states.empty() ||
                           std::find(filter.states.begin(), filter.states.end(),
                                     callbridge::v1::Session::STATE_ENDED) != filter.states.end();
  if (!wants_ended) range.live_or_ended_after = base::Time::max();
  return range;
}

// A filter by a unique id names its session without a search.
std::vector<SessionRow> Named(View& tables, const SessionFilter& filter,
                              const std::string& before_id) {
  std::optional<SessionKey> session;
  if (!filter.call_id.empty()) {
    session = tables.FindReference(CallReference(filter.call_id));
  } else if (const std::optional<RequestRow> request = tables.FindRequest(filter.request_id)) {
    session = request->session;
  }
  const std::optional<SessionRow> row = session ? tables.LoadSession(*session) : std::nullopt;
  if (!row || (!before_id.empty() && row->session_id >= before_id)) return {};
  return {*row};
}

}  // namespace

std::string ListSome(View& tables, const SessionFilter& filter, const std::string& before_id,
                     int limit, std::vector<Session>& found) {
  const bool named = !filter.call_id.empty() || !filter.request_id.empty();
  const std::vector<SessionRow> rows =
      named ? Named(tables, filter, before_id)
            : tables.SessionsBelow(RangeOf(filter, before_id), base::kListChunk);
  for (const SessionRow& row : rows) {
    if (static_cast<int>(found.size()) >= limit) return row.session_id;
    if (!ColumnsMatch(filter, row)) continue;
    Session session = Parse<Session>(row.body);
    if (Matches(filter, session)) found.push_back(std::move(session));
  }
  return named || rows.size() < base::kListChunk ? std::string() : rows.back().session_id;
}

}  // namespace callbridge::store
