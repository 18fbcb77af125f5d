#include "tests/simulator/look_requests.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/bodies.h"
#include "tests/simulator/json_writer.h"
#include "tests/simulator/moment.h"
#include "tests/simulator/paging.h"

namespace callbridge::simulator {
namespace {

using Query = std::map<std::string, std::string>;

// Nothing if the query does not name it.
const std::string* Find(const Query& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? nullptr : &found->second;
}

bool Fits(const Query& query, const std::string& name, std::string_view value) {
  const std::string* wanted = Find(query, name);
  return wanted == nullptr || *wanted == value;
}

bool FitsNumber(const Query& query, const std::string& name, std::string_view number) {
  const std::string* wanted = Find(query, name);
  if (wanted == nullptr) return true;
  std::string_view stripped = *wanted;
  // An unescaped "+" of a query arrives as a space.
  if (stripped.starts_with('+') || stripped.starts_with(' ')) stripped.remove_prefix(1);
  if (number.starts_with('+')) number.remove_prefix(1);
  return stripped == number;
}

bool FitsAfter(const Query& query, base::Time time) {
  const std::string* wanted = Find(query, "startTimeAfter");
  return wanted == nullptr || time > ParseMoment(*wanted).value_or(base::Time::max());
}

bool FitsBefore(const Query& query, const std::optional<base::Time>& end) {
  const std::string* wanted = Find(query, "endTimeBefore");
  return wanted == nullptr || (end && *end < ParseMoment(*wanted).value_or(base::Time::min()));
}

template <typename Thing>
Answer WritePage(World& world, const ParsedRequest& request, std::vector<const Thing*> found,
                 const std::function<void(JsonWriter&, const Thing&)>& write) {
  if (world.settings.switches.list_order == ListOrder::kNewestFirst) {
    std::reverse(found.begin(), found.end());
  }
  const Page page = PageOf(request);
  JsonWriter writer(world.outbox.NextStyle(world.settings.faults));
  writer.BeginObject();
  writer.BeginArray("results");
  for (std::size_t i = page.Begin(found.size()); i < page.End(found.size()); ++i) {
    writer.BeginObject();
    write(writer, *found[i]);
    writer.EndObject();
  }
  writer.EndArray();
  WritePaging(writer, page, found.size());
  writer.EndObject();
  return {200, writer.Take(), ""};
}

template <typename Thing>
Answer WriteOne(World& world, const Thing& thing,
                const std::function<void(JsonWriter&, const Thing&)>& write) {
  JsonWriter writer(world.outbox.NextStyle(world.settings.faults));
  writer.BeginObject();
  write(writer, thing);
  writer.EndObject();
  return {200, writer.Take(), ""};
}

// Lists filter by applicationId in both flavours: here by a tag, there by the application.
bool FitsConfiguration(const World& world, const Query& query, const std::string& configuration,
                       const Platform& platform) {
  if (world.settings.switches.legacy_applications) {
    return Fits(query, "applicationId", configuration);
  }
  return Fits(query, "callsConfigurationId", configuration) &&
         Fits(query, "applicationId", platform.application_id);
}

bool FitsCall(const World& world, const Query& query, const Call& call, bool history) {
  const bool shows = ShowsConference(world, call);
  bool in_conference = Fits(query, "conferenceId", shows ? call.conference_id : "");
  if (history && !in_conference) {
    const auto& ids = call.conference_ids;
    in_conference = std::find(ids.begin(), ids.end(), *Find(query, "conferenceId")) != ids.end();
  }
  // Nothing here has a dialog or belongs to a bulk.
  return in_conference && Fits(query, "type", call.endpoint.type) &&
         FitsConfiguration(world, query, call.configuration, call.platform) &&
         FitsNumber(query, "from", call.from) && FitsNumber(query, "to", call.to) &&
         Fits(query, "direction", call.inbound ? "INBOUND" : "OUTBOUND") &&
         Fits(query, "status", NameOf(call.state)) && FitsAfter(query, call.start) &&
         Fits(query, "dialogId", "") && Fits(query, "bulkId", "");
}

std::vector<const Call*> FindCalls(const World& world, const Query& query, bool history) {
  const Switches& switches = world.settings.switches;
  const base::Time shown_until = world.now - world.settings.faults.list_lag;
  std::vector<const Call*> found;
  for (const auto& [number, call] : world.calls.things()) {
    const bool listed = history ? call.ended() || switches.history_has_live : !call.ended();
    const base::Time since = history ? call.end.value_or(call.start) : call.start;
    if (!listed || since > shown_until) continue;
    if (FitsCall(world, query, call, history)) found.push_back(&call);
  }
  return found;
}

bool FitsConference(const World& world, const Query& query, const Conference& conference,
                    bool history) {
  if (const std::string* call_id = Find(query, "callId")) {
    const auto& all = conference.participants;
    const bool has = std::any_of(all.begin(), all.end(), [&](const Participant& participant) {
      if (participant.call_id != *call_id) return false;
      if (participant.state == ParticipantState::kLeft) return history;
      return participant.state == ParticipantState::kJoined ||
             world.settings.switches.ringing_in_conference;
    });
    if (!has) return false;
  }
  return Fits(query, "name", conference.name) &&
         FitsConfiguration(world, query, conference.configuration, conference.platform) &&
         FitsAfter(query, conference.start) && FitsBefore(query, conference.end);
}

std::vector<const Conference*> FindConferences(const World& world, const Query& query,
                                               bool history) {
  const base::Time shown_until = world.now - world.settings.faults.list_lag;
  std::vector<const Conference*> found;
  for (const auto& [number, conference] : world.conferences.things()) {
    const bool listed = history ? conference.ended() || world.settings.switches.history_has_live
                                : !conference.ended();
    const base::Time since = history ? conference.end.value_or(conference.start) : conference.start;
    if (!listed || since > shown_until) continue;
    if (FitsConference(world, query, conference, history)) found.push_back(&conference);
  }
  return found;
}

// How far behind a stale read is.
constexpr base::Duration kStaleBy = std::chrono::seconds(2);

// The call as a replica shows it that has not heard of anything since then.
Call AsOf(Call call, base::Time then) {
  if (call.end.has_value() && *call.end <= then) return call;
  call.end.reset();
  call.error.clear();
  call.hangup_source.clear();
  if (call.answer.value_or(base::Time::max()) <= then) {
    call.state = CallState::kEstablished;
    return call;
  }
  call.answer.reset();
  call.state =
      call.ring.value_or(base::Time::max()) <= then ? CallState::kRinging : CallState::kCalling;
  return call;
}

Conference AsOf(Conference conference, base::Time then) {
  if (conference.end.value_or(base::Time::max()) > then) conference.end.reset();
  for (Participant& participant : conference.participants) {
    if (participant.leave.value_or(base::Time::max()) <= then) continue;
    participant.leave.reset();
    const bool joined = participant.join.value_or(base::Time::max()) <= then;
    participant.state = joined ? ParticipantState::kJoined : ParticipantState::kJoining;
    if (!joined) participant.join.reset();
  }
  return conference;
}

// A replica that knows nothing of a thing that is there.
bool IsMissed(World& world) {
  if (!world.chance.Chance(world.settings.faults.not_found)) return false;
  ++world.journal.not_found_reads;
  return true;
}

}  // namespace

Answer OnGetCall(World& world, const ParsedRequest& request) {
  const Call* call = world.calls.Find(request.target.call_id);
  if (call == nullptr || IsElsewhere(world, request, call->base_url)) return RefuseUnknown();
  if (!call->ended() && IsMissed(world)) return RefuseUnknown();
  Call shown = *call;
  if (world.chance.Chance(world.settings.faults.stale_read)) {
    ++world.journal.stale_reads;
    const base::Time then = world.now - kStaleBy;
    if (call->start > then) return RefuseUnknown();
    shown = AsOf(std::move(shown), then);
  }
  if (shown.ended() && !world.settings.switches.get_finds_ended) return RefuseUnknown();
  return WriteOne<Call>(
      world, shown, [&](JsonWriter& writer, const Call& one) { WriteCall(writer, world, one); });
}

Answer OnGetCallHistory(World& world, const ParsedRequest& request) {
  const Call* call = world.calls.Find(request.target.call_id);
  if (call == nullptr || IsElsewhere(world, request, call->base_url)) return RefuseUnknown();
  if (!call->ended() && !world.settings.switches.history_has_live) return RefuseUnknown();
  return WriteOne<Call>(
      world, *call, [&](JsonWriter& writer, const Call& one) { WriteCallLog(writer, world, one); });
}

Answer OnListCalls(World& world, const ParsedRequest& request) {
  return WritePage<Call>(
      world, request, FindCalls(world, request.target.query, false),
      [&](JsonWriter& writer, const Call& call) { WriteCall(writer, world, call); });
}

Answer OnListCallHistory(World& world, const ParsedRequest& request) {
  return WritePage<Call>(
      world, request, FindCalls(world, request.target.query, true),
      [&](JsonWriter& writer, const Call& call) { WriteCallLog(writer, world, call); });
}

Answer OnGetConference(World& world, const ParsedRequest& request) {
  const Conference* conference = world.conferences.Find(request.target.conference_id);
  if (conference == nullptr || IsElsewhere(world, request, conference->base_url)) {
    return RefuseUnknown();
  }
  if (!conference->ended() && IsMissed(world)) return RefuseUnknown();
  Conference shown = *conference;
  if (world.chance.Chance(world.settings.faults.stale_conference_read)) {
    ++world.journal.stale_reads;
    const base::Time then = world.now - kStaleBy;
    if (conference->start > then) return RefuseUnknown();
    shown = AsOf(std::move(shown), then);
  }
  if (shown.ended() && !world.settings.switches.get_finds_ended) return RefuseUnknown();
  return WriteOne<Conference>(world, shown, [&](JsonWriter& writer, const Conference& one) {
    WriteConference(writer, world, one, Shown::kPresent);
  });
}

Answer OnGetConferenceHistory(World& world, const ParsedRequest& request) {
  const Conference* conference = world.conferences.Find(request.target.conference_id);
  if (conference == nullptr || IsElsewhere(world, request, conference->base_url)) {
    return RefuseUnknown();
  }
  if (!conference->ended() && !world.settings.switches.history_has_live) return RefuseUnknown();
  return WriteOne<Conference>(world, *conference, [&](JsonWriter& writer, const Conference& one) {
    WriteConferenceLog(writer, one);
  });
}

Answer OnListConferences(World& world, const ParsedRequest& request) {
  return WritePage<Conference>(world, request, FindConferences(world, request.target.query, false),
                               [&](JsonWriter& writer, const Conference& conference) {
                                 WriteConference(writer, world, conference, Shown::kPresent);
                               });
}

Answer OnListConferenceHistory(World& world, const ParsedRequest& request) {
  return WritePage<Conference>(world, request, FindConferences(world, request.target.query, true),
                               [&](JsonWriter& writer, const Conference& conference) {
                                 WriteConferenceLog(writer, conference);
                               });
}

}  // namespace callbridge::simulator
