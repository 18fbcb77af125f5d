#include "server/store/rules/session_list.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "server/base/ids.h"
#include "server/store/messages.h"
#include "server/store/rules/references.h"
#include "server/store/rules/terms.h"

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

// True if the columns match the filter. They are compared first, so that most sessions need not be
// read.
bool ColumnsMatch(const SessionFilter& filter, const SessionHead& head) {
  if (NoneOf(filter.states, head.state) || NoneOf(filter.results, head.result)) return false;
  if (filter.created_since && head.create_time < *filter.created_since) return false;
  return !filter.created_before || head.create_time < *filter.created_before;
}

bool Matches(const SessionFilter& filter, const Session& session) {
  if (session.phase_case() == Session::PHASE_NOT_SET) return false;
  if (!filter.call_id.empty() && !HasCall(session, filter.call_id)) return false;
  if (!filter.request_id.empty() && session.request_id() != filter.request_id) return false;
  if (!filter.number.empty() && !HasNumber(session, filter.number)) return false;
  if (filter.only_with_issues && session.issues().empty()) return false;
  if (filter.only_recorded && !IsRecorded(session)) return false;
  return HasLabels(session, filter.labels);
}

// Adds the session to the page if it exists and passes the filter.
void MaybeAdd(const SessionFilter& filter, const Found& found, SessionKey key, SessionPage& page) {
  ++page.rows;
  const auto known = found.sessions.find(key);
  if (known == found.sessions.end()) return;
  const SessionRow& row = known->second;
  if (!ColumnsMatch(filter, HeadOf(row)) || (filter.living && row.expire_time)) return;
  Session session = Parse<Session>(row.body);
  if (Matches(filter, session)) page.sessions.push_back(std::move(session));
}

// Lists the session that a filter by a unique id names. This needs no search.
SessionPage Named(View& tables, const SessionFilter& filter, const std::string& place) {
  SessionPage page;
  Wanted wanted;
  if (!filter.call_id.empty()) {
    wanted.references.push_back(CallReference(filter.call_id));
  } else {
    wanted.request_ids.push_back(filter.request_id);
  }
  const Found named = tables.Find(wanted);
  // The id leads to up to one session.
  for (const auto& [key, id] : named.ids) {
    if (!place.empty() && id >= place) continue;
    MaybeAdd(filter, tables.Find({.rows = {key}}), key, page);
  }
  return page;
}

// Returns the conditions that terms answer. A session has one term of each group.
std::vector<std::vector<Term>> TermGroups(const SessionFilter& filter) {
  std::vector<std::vector<Term>> groups;
  for (const auto& [key, value] : filter.labels) groups.push_back({LabelTerm(key, value)});
  if (!filter.number.empty()) groups.push_back({NumberTerm(filter.number)});
  if (filter.only_with_issues) groups.push_back({IssueTerm()});
  if (filter.only_recorded) groups.push_back({RecordedTerm()});
  if (!filter.results.empty()) {
    std::vector<Term>& results = groups.emplace_back();
    std::transform(filter.results.begin(), filter.results.end(), std::back_inserter(results),
                   [](auto result) { return ResultTerm(static_cast<int>(result)); });
    // A caller may name a result twice, but its sessions are listed once.
    std::sort(results.begin(), results.end());
    results.erase(std::unique(results.begin(), results.end()), results.end());
  }
  return groups;
}

// Returns the range of ids that can pass, by the time in the ids. That time may be the provider's,
// whose clock differs from ours.
SessionRange RangeOf(const SessionFilter& filter, const std::string& place) {
  SessionRange range{.below = place, .living = filter.living};
  const bool wants_ended = filter.states.empty() ||
                           std::find(filter.states.begin(), filter.states.end(),
                                     callbridge::v1::Session::STATE_ENDED) != filter.states.end();
  range.living |= !wants_ended;
  if (filter.created_since) {
    range.from = base::FirstSessionId(*filter.created_since - base::kSessionIdSkew);
  }
  if (filter.created_before) {
    const std::string end = base::FirstSessionId(*filter.created_before + base::kSessionIdSkew);
    if (range.below.empty() || end < range.below) range.below = end;
  }
  return range;
}

// The next sessions that may pass the filter, in descending order of their ids.
struct Candidates {
  std::vector<TermRow> sessions;
  // True if there may be more below the last one.
  bool more = false;
};

Candidates WithAnyTerm(View& tables, const std::vector<Term>& terms, const SessionRange& range,
                       int& rows) {
  Candidates found;
  for (const std::vector<TermRow>& some : tables.TermSessions(terms, range, base::kListChunk)) {
    rows += static_cast<int>(some.size());
    found.more |= some.size() == base::kListChunk;
    found.sessions.insert(found.sessions.end(), some.begin(), some.end());
  }
  std::sort(found.sessions.begin(), found.sessions.end(),
            [](const TermRow& a, const TermRow& b) { return a.session_id > b.session_id; });
  // A term that has more rows may have some that belong between the last rows of the other terms.
  // Only the first kListChunk rows are certain to be complete.
  if (found.sessions.size() > base::kListChunk) {
    found.sessions.resize(base::kListChunk);
    found.more = true;
  }
  return found;
}

// Reads by the group with the fewest rows in this range. Its rows end here, or reach further down
// than those of the other groups.
Candidates ByTerms(View& tables, const std::vector<std::vector<Term>>& groups,
                   const SessionRange& range, int& rows) {
  Candidates rarest;
  bool first = true;
  for (const std::vector<Term>& group : groups) {
    Candidates some = WithAnyTerm(tables, group, range, rows);
    const bool rarer =
        first || (rarest.more && (!some.more || some.sessions.back().session_id <
                                                    rarest.sessions.back().session_id));
    if (rarer) rarest = std::move(some);
    first = false;
    if (!rarest.more) break;
  }
  return rarest;
}

Candidates ByColumns(View& tables, const SessionFilter& filter, const SessionRange& range,
                     SessionPage& page, std::string& last) {
  Candidates found;
  const std::vector<SessionHead> heads = tables.SessionHeads(range, base::kListChunk);
  page.rows += static_cast<int>(heads.size());
  found.more = heads.size() == base::kListChunk;
  for (const SessionHead& head : heads) {
    if (ColumnsMatch(filter, head)) found.sessions.push_back({head.session_id, head.key});
  }
  if (!heads.empty()) last = heads.back().session_id;
  return found;
}

// Adds sessions until the page is full, and returns true if it is. Each read takes up to as many
// rows as the page has room for. So an unreadable row affects no page that ends above it.
bool AddPassing(View& tables, const SessionFilter& filter, const std::vector<TermRow>& candidates,
                int limit, SessionPage& page) {
  for (auto begin = candidates.begin(); begin != candidates.end();) {
    const std::ptrdiff_t room = limit - std::ssize(page.sessions);
    const auto end = begin + std::min(room, candidates.end() - begin);
    Wanted wanted;
    for (auto one = begin; one != end; ++one) wanted.rows.push_back(one->session);
    const Found found = tables.Find(wanted);
    for (; begin != end; ++begin) {
      MaybeAdd(filter, found, begin->session, page);
      page.next_place = begin->session_id;
    }
    if (std::ssize(page.sessions) >= limit) return true;
  }
  return false;
}

constexpr char kEndedPlace = 'e';

// Returns "e<end time>/<key>".
std::string EndedPlace(base::Time end_time, SessionKey key) {
  return absl::StrFormat("%c%d/%d", kEndedPlace, end_time.time_since_epoch().count(), key);
}

std::pair<base::Time, SessionKey> ReadEndedPlace(const std::string& place) {
  std::pair<base::Time, SessionKey> last{base::Time::max(), 0};
  const std::size_t slash = place.find('/');
  std::int64_t time = 0;
  SessionKey key = 0;
  // From a damaged place the list begins again, which does no harm.
  if (slash != std::string::npos && absl::SimpleAtoi(place.substr(1, slash - 1), &time) &&
      absl::SimpleAtoi(place.substr(slash + 1), &key)) {
    last = {base::Time(base::Duration(time)), key};
  }
  return last;
}

}  // namespace

SessionPage ListSome(View& tables, const SessionFilter& filter, const std::string& place,
                     int limit) {
  if (!filter.call_id.empty() || !filter.request_id.empty()) return Named(tables, filter, place);
  SessionPage page;
  SessionRange range = RangeOf(filter, place);
  const std::vector<std::vector<Term>> groups = TermGroups(filter);
  const std::string terms_from = TermsFrom(tables);
  while (page.rows < base::kListRowsMax) {
    SessionRange with_terms = range;
    with_terms.from = std::max(range.from, terms_from);
    const bool by_terms =
        !range.living && !groups.empty() && (range.below.empty() || range.below > with_terms.from);
    std::string last;
    const Candidates next = by_terms ? ByTerms(tables, groups, with_terms, page.rows)
                                     : ByColumns(tables, filter, range, page, last);
    if (AddPassing(tables, filter, next.sessions, limit, page)) return page;
    if (next.more) {
      range.below = last.empty() ? next.sessions.back().session_id : last;
    } else if (by_terms && with_terms.from > range.from) {
      // The sessions further down have no terms yet, so they are found by their columns.
      range.below = with_terms.from;
    } else {
      page.next_place.clear();
      return page;
    }
    page.next_place = range.below;
  }
  return page;
}

SessionPage SnapshotSome(View& tables, const std::map<std::string, std::string>& labels,
                         std::optional<base::Time> ended_after, const std::string& place,
                         int limit) {
  SessionPage page;
  SessionFilter filter;
  filter.labels = labels;
  const bool in_ended = place.starts_with(kEndedPlace);
  std::vector<SessionHead> heads;
  if (!in_ended) {
    heads = tables.SessionHeads({.below = place, .living = true}, limit);
  } else if (ended_after) {
    const auto [end_time, key] = ReadEndedPlace(place);
    heads = tables.EndedSessions(*ended_after, end_time, key, limit);
  }
  Wanted wanted;
  for (const SessionHead& head : heads) wanted.rows.push_back(head.key);
  const Found found = tables.Find(wanted);
  for (const SessionHead& head : heads) {
    MaybeAdd(filter, found, head.key, page);
    page.next_place =
        in_ended ? EndedPlace(head.end_time.value_or(*ended_after), head.key) : head.session_id;
  }
  if (static_cast<int>(heads.size()) < limit) {
    page.next_place = in_ended || !ended_after ? std::string() : EndedPlace(base::Time::max(), 0);
  }
  return page;
}

}  // namespace callbridge::store
