#include "server/live/stage.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "server/base/phone_number.h"
#include "server/live/json_look.h"
#include "server/live/recorded.h"

namespace callbridge::live {
namespace {

using provider::HttpAnswer;
using provider::HttpRequest;
using provider::Method;
using std::chrono::seconds;

constexpr int kTooManyRequests = 429;
constexpr int kTriesMax = 4;
constexpr seconds kAfterThrottle{1};
// The provider may refuse requests before the time that it gives to the end of a call, and its
// clock may differ from ours.
constexpr seconds kDoubtful{3};

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

void Stage::Begin(const std::string& script, Telephone telephone) {
  script_ = script;
  gave_up_ = false;
  telephone_ = telephone;
  surprised_ = false;
  has_hung_up_ = false;
  calls_.clear();
  earlier_.clear();
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
    unclaimed_.clear();
    asking_ = true;
    entries_.push_back({Entry::Kind::kRequest,
                        reply.sent,
                        NameOf(request.method),
                        request.target,
                        {},
                        request.body});
    const HttpAnswer answer = line_.Send(request, base_url);
    reply.answered = line_.Now();
    reply.left = answer.request_left || answer.http_status != 0;
    reply.status = answer.http_status;
    reply.body = answer.body;
    entries_.push_back(
        {Entry::Kind::kAnswer, reply.answered, std::to_string(reply.status), "", {}, reply.body});
    if (request.target.ends_with("/hangup") && (reply.accepted() || reply.unanswered())) {
      has_hung_up_ = true;
    }
    TakeWaiting();
    asking_ = false;
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
    if (surprised_ && !cleaning_) return std::nullopt;
    const auto webhook = line_.WaitForWebhook(until, cleaning_);
    if (!webhook) return std::nullopt;
    Take(*webhook);
    if (HearsOnlyRefused()) return std::nullopt;
  }
}

void Stage::Take(const Webhook& webhook) {
  Event event = ReadEvent(webhook);
  if (event.type.empty() || !MayBeTheProviders(event, webhook)) return;
  ++findings_.webhooks;
  if (!webhook.signature.empty()) {
    (webhook.authentic ? findings_.signature : findings_.refused_signature) = webhook.signature;
  }
  if (!webhook.authentic) {
    ++findings_.refused_webhooks;
    return;
  }
  findings_.has_nulls = findings_.has_nulls || HasNull(event.body);
  event.place = next_place_++;
  Adopt(event);
  if (IsOurs(event)) {
    Accept(std::move(event), webhook.headers);
  } else if (asking_) {
    unclaimed_.emplace_back(std::move(event), webhook.headers);
  }
}

bool Stage::MayBeTheProviders(const Event& event, const Webhook& webhook) const {
  return webhook.authentic || !webhook.signature.empty() || IsOurs(event) || BearsOurName(event);
}

bool Stage::BearsOurName(const Event& event) const {
  return At(event.body, "/properties/conference/name") == options_.name();
}

bool Stage::IsOurs(const Event& event) const {
  if (things_.WasAdded(event.call_id) || things_.WasAdded(event.conference_id)) return true;
  return event.type == "CALL_RECEIVED" &&
         base::WithoutPlus(At(event.body, "/properties/call/endpoint/phoneNumber")) ==
             base::WithoutPlus(options_.to);
}

void Stage::Keep(OpenThings::Kind kind, const std::string& id) {
  things_.Add(kind, id);
  if (kind == OpenThings::Kind::kCall) calls_.insert(id);
  const auto claimed =
      std::stable_partition(unclaimed_.begin(), unclaimed_.end(),
                            [this](const auto& event) { return !IsOurs(event.first); });
  for (auto one = claimed; one != unclaimed_.end(); ++one) {
    Accept(std::move(one->first), std::move(one->second));
  }
  unclaimed_.erase(claimed, unclaimed_.end());
}

void Stage::Accept(Event event, std::vector<std::string> headers) {
  using Kind = OpenThings::Kind;
  entries_.push_back(
      {Entry::Kind::kWebhook, event.arrived, event.type, "", std::move(headers), event.body});
  NoteBaseUrl(event);
  NoteRecordingEvent(event, things_);
  if (event.type == "CALL_FINISHED" || event.type == "CALL_FAILED") {
    things_.Remove(Kind::kCall, event.call_id);
  } else if (event.type == "CONFERENCE_FINISHED") {
    things_.Remove(Kind::kConference, event.conference_id);
  }
  Watch(event);
  const auto place = std::ranges::upper_bound(events_, event.place, {}, &Event::place);
  events_.insert(place, std::move(event));
}

void Stage::Watch(const Event& event) {
  const base::Time time = std::min(event.occurred, event.arrived);
  if (event.type == "CALL_FINISHED" || event.type == "CALL_FAILED") {
    NoteEnd(event.call_id, At(event.body, "/properties/callLog/hangupSource"), time);
  } else if (event.type == "CALL_ESTABLISHED" && telephone_ == Telephone::kRings) {
    Surprise(event.call_id, time,
             {"", "the telephone was answered, by you or by a voicemail",
              "play the script again and let it ring; switch a voicemail off that answers "
              "within 15 s"});
  }
}

void Stage::NoteEnd(const std::string& call, const std::string& source, base::Time time) {
  // A source that is not told, or PLATFORM, may follow from a hangup of ours.
  const bool ours = source == "API" || (source != "ENDPOINT" && has_hung_up_);
  if (telephone_ != Telephone::kStays || ours) return;
  Surprise(call, time,
           {"", "the telephone hung up before the script ended the call",
            "play the script again, and stay on the line"});
}

void Stage::Surprise(const std::string& call, base::Time time, const Trouble& trouble) {
  if (!calls_.contains(call) || surprised_) return;
  surprised_ = true;
  TakeBackSince(time - kDoubtful);
  // A call that was never answered is told in other words, by the script that waits for the answer.
  if (telephone_ == Telephone::kStays && !Find({{"CALL_ESTABLISHED"}, call})) return;
  // What the script gave up for, like a 404, followed from this.
  std::erase_if(findings_.troubles, [this](const Trouble& told) { return told.script == script_; });
  gave_up_ = false;
  GiveUp(trouble.what, trouble.remedy);
}

void Stage::TakeBackSince(base::Time time) {
  const auto first =
      std::ranges::find_if(earlier_, [&](const auto& before) { return before.first >= time; });
  if (first == earlier_.end()) return;
  Findings& before = first->second;
  findings_.answers = std::move(before.answers);
  findings_.open = std::move(before.open);
  findings_.notes = std::move(before.notes);
  findings_.settings = std::move(before.settings);
  earlier_.erase(first, earlier_.end());
}

bool Stage::MayFind() {
  if (surprised_) return false;
  earlier_.emplace_back(line_.Now(), findings_);
  return true;
}

bool Stage::BearsOurMark(const std::string& body, const std::string& call) const {
  return At(body, call + "/customData/doctor") == options_.run;
}

void Stage::Adopt(const Event& event) {
  using Kind = OpenThings::Kind;
  if (event.type == "CALL_STARTED" && BearsOurMark(event.body, "/properties/call")) {
    things_.Add(Kind::kCall, event.call_id);
  } else if (event.type == "CONFERENCE_CREATED" && BearsOurName(event)) {
    things_.Add(Kind::kConference, event.conference_id);
  }
}

void Stage::NoteBaseUrl(const Event& event) {
  const std::string url = At(event.body, "/properties/apiBaseUrl");
  if (url.empty() || line_.IsOwn(url)) return;
  if (line_.MaySendTo(url)) {
    base_urls_[event.call_id.empty() ? event.conference_id : event.call_id] = url;
    return;
  }
  findings_.foreign_base_urls.insert(url);
}

void Stage::Found(const std::string& switch_name, const std::string& position) {
  // What a stopped script has not waited for proves nothing.
  if (stopped() || !MayFind()) return;
  findings_.answers[switch_name] = position;
  findings_.open.erase(switch_name);
}

void Stage::Leave(const std::string& switch_name, const std::string& why) {
  if (!MayFind()) return;
  if (!findings_.answers.contains(switch_name)) findings_.open[switch_name] = why;
}

void Stage::Tell(const std::string& section, const std::string& text) {
  if (stopped() || !MayFind()) return;
  findings_.notes.push_back({section, text});
}

void Stage::Propose(const std::string& setting, const Proposal& proposal) {
  if (stopped() || !MayFind()) return;
  const auto [known, added] = findings_.settings.try_emplace(setting, proposal);
  if (!added && known->second.seen < proposal.seen) known->second = proposal;
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

}  // namespace callbridge::live
