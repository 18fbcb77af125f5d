#include "server/live/stage.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "server/base/limits.h"
#include "server/live/json_look.h"

namespace callbridge::live {
namespace {

using provider::HttpAnswer;
using provider::HttpRequest;
using provider::Method;
using std::chrono::seconds;

constexpr int kTooManyRequests = 429;
constexpr int kNotFound = 404;
constexpr int kTriesMax = 4;
// How often a thing is hung up before the operator is told that it may be alive.
constexpr int kHangupsMax = 4;
constexpr seconds kEndEvent{4};
constexpr seconds kAfterThrottle{1};
// How soon a new call shows in a list (docs/provider.md §1.3), with a margin.
constexpr seconds kListLag{10};

bool IsOneOf(const std::string& text, const std::vector<std::string>& choices) {
  return choices.empty() || std::ranges::find(choices, text) != choices.end();
}

// An end of a call, from the enumeration of docs/provider.md §5.2.
bool IsEnded(const std::string& state) {
  return IsOneOf(state, {"FINISHED", "FAILED", "CANCELLED", "NO_ANSWER", "BUSY"});
}

// The id of the call or the conference that a path names; empty if it names none.
std::string_view IdIn(std::string_view target) {
  for (const std::string_view path : {"/calls/1/calls/", "/calls/1/conferences/"}) {
    if (!target.starts_with(path)) continue;
    target.remove_prefix(path.size());
    return target.substr(0, target.find_first_of("/?"));
  }
  return "";
}

}  // namespace

void Stage::Begin(const std::string& script) {
  script_ = script;
  gave_up_ = false;
  entries_.clear();
}

std::vector<Entry> Stage::TakeEntries() {
  TakeWaiting();
  return std::exchange(entries_, {});
}

std::string Stage::BaseUrlFor(std::string_view target) const {
  const auto known = base_urls_.find(std::string(IdIn(target)));
  return known == base_urls_.end() ? "" : known->second;
}

Reply Stage::Send(Method method, const std::string& target, const std::string& body) {
  return Exchange({method, target, body, method != Method::kGet}, BaseUrlFor(target));
}

Reply Stage::GetAtHome(const std::string& target) {
  return Exchange({Method::kGet, target, "", false}, "");
}

Reply Stage::Upload(const std::string& name, std::string content) {
  HttpRequest request{Method::kPost, "/calls/1/files", "", true};
  const auto bytes = std::make_shared<const std::string>(std::move(content));
  request.form =
      provider::FormFile{"file", name, "audio/wav", static_cast<std::int64_t>(bytes->size()),
                         [bytes](std::int64_t offset, char* buffer, std::size_t most) {
                           return bytes->copy(buffer, most, static_cast<std::size_t>(offset));
                         }};
  return Exchange(request, "");
}

Reply Stage::Exchange(const HttpRequest& request, const std::string& base_url) {
  Reply reply;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (stopped() && !cleaning_) return {};
    reply.sent = line_.Now();
    entries_.push_back({Entry::Kind::kRequest,
                        reply.sent,
                        NameOf(request.method),
                        request.target,
                        {},
                        request.body});
    const HttpAnswer answer = line_.Send(request, base_url);
    reply.answered = line_.Now();
    reply.status = answer.http_status;
    reply.body = answer.body;
    entries_.push_back(
        {Entry::Kind::kAnswer, reply.answered, std::to_string(reply.status), "", {}, reply.body});
    TakeWaiting();
    if (reply.status != kTooManyRequests) break;
    Found("throttle-body", At(reply.body, "/errorCode").empty() ? "old" : "new");
    Pause(answer.retry_after.value_or(kAfterThrottle));
  }
  return reply;
}

void Stage::TakeWaiting() {
  while (const auto webhook = line_.WaitForWebhook(line_.Now(), true)) Take(*webhook);
}

void Stage::Pause(base::Duration duration) {
  const base::Time until = line_.Now() + duration;
  while (const auto webhook = line_.WaitForWebhook(until, cleaning_)) Take(*webhook);
}

std::optional<Event> Stage::Find(const Wanted& wanted) const {
  const auto found =
      std::ranges::find_if(events_, [&](const Event& event) { return Fits(event, wanted); });
  return found == events_.end() ? std::nullopt : std::optional(*found);
}

std::optional<Event> Stage::WaitFor(const Wanted& wanted, base::Duration longest) {
  const base::Time until = line_.Now() + longest;
  while (true) {
    if (auto found = Find(wanted)) return found;
    const auto webhook = line_.WaitForWebhook(until, cleaning_);
    if (!webhook) return std::nullopt;
    Take(*webhook);
    if (HearsOnlyRefused()) return std::nullopt;
  }
}

void Stage::Take(const Webhook& webhook) {
  // Whoever posts something else is not the provider.
  if (At(webhook.body, "/type").empty()) return;
  ++findings_.webhooks;
  if (!webhook.signature.empty()) findings_.signature = webhook.signature;
  if (!webhook.authentic) {
    ++findings_.refused_webhooks;
    return;
  }
  Event event = ReadEvent(webhook);
  event.place = events_.size();
  entries_.push_back(
      {Entry::Kind::kWebhook, event.arrived, event.type, "", webhook.headers, event.body});
  AdoptOrRelease(event);
  NoteBaseUrl(event);
  findings_.has_nulls = findings_.has_nulls || HasNull(event.body);
  events_.push_back(std::move(event));
}

bool Stage::BearsOurMark(const std::string& body, const std::string& call) const {
  return At(body, call + "/customData/doctor") == options_.run;
}

void Stage::AdoptOrRelease(const Event& event) {
  using Kind = OpenThings::Kind;
  if (IsOneOf(event.type, {"CALL_FINISHED", "CALL_FAILED"})) {
    things_.Remove(Kind::kCall, event.call_id);
  } else if (event.type == "CONFERENCE_FINISHED") {
    things_.Remove(Kind::kConference, event.conference_id);
  } else if (event.type == "CALL_STARTED" && BearsOurMark(event.body, "/properties/call")) {
    things_.Add(Kind::kCall, event.call_id);
  }
}

void Stage::NoteBaseUrl(const Event& event) {
  const std::string url = At(event.body, "/properties/apiBaseUrl");
  if (url.empty() || line_.IsOwn(url)) return;
  if (line_.MaySendTo(url)) {
    base_urls_[event.call_id.empty() ? event.conference_id : event.call_id] = url;
    return;
  }
  findings_.foreign_base_url = url;
}

void Stage::Found(const std::string& switch_name, const std::string& position) {
  // What a stopped script has not waited for proves nothing.
  if (stopped()) return;
  findings_.answers[switch_name] = position;
  findings_.open.erase(switch_name);
}

void Stage::Leave(const std::string& switch_name, const std::string& why) {
  if (!findings_.answers.contains(switch_name)) findings_.open[switch_name] = why;
}

void Stage::Tell(const std::string& section, const std::string& text) {
  if (!stopped()) findings_.notes.push_back({section, text});
}

void Stage::Propose(const std::string& setting, const Proposal& proposal) {
  if (!stopped()) findings_.settings[setting] = proposal;
}

void Stage::GiveUp(const std::string& what, const std::string& remedy) {
  // Nobody has to mend what the operator stopped.
  if (over()) return;
  gave_up_ = true;
  if (!HearsOnlyRefused()) return findings_.troubles.push_back({script_, what, remedy});
  findings_.troubles.push_back(
      {script_, "webhooks came, and the authentication of the settings refuses them",
       "callbridge-admin setup makes the account send what the settings ask for. If it has, the "
       "form of the signature differs: webhook.report_only tries another one, and "
       "callbridge-webhook --verify finds it in a captured request"});
}

void Stage::CleanUp() {
  cleaning_ = true;
  for (const OpenThings::Kind kind : things_.TakeLost()) FindLost(kind);
  for (const OpenThings::Thing& thing : things_.All()) {
    if (HangUp(thing)) {
      things_.Remove(thing.kind, thing.id);
    } else {
      findings_.alive.push_back(NameOf(thing));
    }
  }
  cleaning_ = false;
}

bool Stage::HangUp(const OpenThings::Thing& thing) {
  using Kind = OpenThings::Kind;
  const bool is_file = thing.kind == Kind::kFile || thing.kind == Kind::kRecordedFile;
  for (int tries = 0; tries < kHangupsMax; ++tries) {
    // An earlier hangup, of the conference or of the last attempt, may have ended it meanwhile.
    if (!things_.Has(thing.kind, thing.id)) return true;
    const Reply reply = is_file ? Delete(PathOf(thing)) : Post(PathOf(thing) + "/hangup", "{}");
    if (is_file && (reply.accepted() || reply.status == kNotFound)) return true;
    if (is_file) continue;
    const bool call = thing.kind == Kind::kCall;
    WaitFor({{call ? "CALL_FINISHED" : "CONFERENCE_FINISHED", "CALL_FAILED"},
             call ? thing.id : "",
             call ? "" : thing.id},
            kEndEvent);
    if (!things_.Has(thing.kind, thing.id) || IsOver(thing)) return true;
  }
  return false;
}

bool Stage::IsOver(const OpenThings::Thing& thing) {
  const Reply look = Get(PathOf(thing));
  if (look.accepted()) {
    if (thing.kind == OpenThings::Kind::kCall) return IsEnded(At(look.body, "/state"));
  } else if (look.status != kNotFound) {
    return false;
  }
  // A 404 alone proves no end (docs/provider.md §9.14), nor does a conference without a state.
  const Reply history = Get(PathOf(thing) + "/history");
  return history.accepted() &&
         (thing.kind != OpenThings::Kind::kCall ? !At(history.body, "/endTime").empty()
                                                : IsEnded(At(history.body, "/state")));
}

void Stage::FindLost(OpenThings::Kind kind) {
  const bool calls = kind == OpenThings::Kind::kCall;
  const std::string wanted =
      calls ? absl::StrCat("/calls/1/calls?", options_.configuration.field, "=",
                           provider::EscapeForUrl(options_.configuration.id))
            : absl::StrCat("/calls/1/conferences?name=", provider::EscapeForUrl(options_.name()));
  Pause(kListLag);
  for (int page = 0; page < base::kLookupPagesMax; ++page) {
    const Reply list = Get(absl::StrCat(wanted, "&page=", page, "&size=", base::kLookupPageSize));
    if (!list.accepted()) break;
    // Where no number of pages is told, only an empty page is the last one.
    if (!AddOurs(kind, list.body) ||
        At(list.body, "/paging/totalPages") == absl::StrCat(page + 1)) {
      return;
    }
  }
  findings_.alive.push_back(calls ? "a call that was dialled without an answer"
                                  : "a conference that was created without an answer");
}

bool Stage::AddOurs(OpenThings::Kind kind, const std::string& list) {
  int item = 0;
  for (; PresenceAt(list, absl::StrCat("/results/", item)) == Presence::kFilled; ++item) {
    const std::string thing = absl::StrCat("/results/", item);
    const bool ours = kind == OpenThings::Kind::kCall
                          ? BearsOurMark(list, thing) && !IsEnded(At(list, thing + "/state"))
                          : At(list, thing + "/name") == options_.name();
    if (ours) things_.Add(kind, At(list, thing + "/id"));
  }
  return item > 0;
}

}  // namespace callbridge::live
