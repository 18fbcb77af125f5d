#include "tests/baselines/left_behind.h"

#include <absl/strings/str_cat.h>

#include <chrono>
#include <utility>
#include <vector>

#include "server/base/check.h"
#include "server/base/command_kinds.h"
#include "server/provider/commands.h"
#include "tests/simulation/world_settings.h"

namespace callbridge::baselines {
namespace {

using internal::v1::Command;
using internal::v1::Leg;
using internal::v1::OpenCommand;
using internal::v1::ProviderEvent;
using internal::v1::Session;
using simulator::Call;
using simulator::CallState;
using simulator::Conference;
using simulator::ParticipantState;
using simulator::Timer;
using std::chrono::seconds;

constexpr seconds kAnswersAfter{3};
constexpr seconds kHangsUpAfter{25};
constexpr seconds kRings{15};
constexpr seconds kInboundRings{60};

const std::string& ServiceId() { return simulation::WorldSettings().service_id(); }

std::string WithoutPlus(const std::string& number) {
  return number.starts_with('+') ? number.substr(1) : number;
}

bool IsInbound(const Leg& leg) { return leg.dial() == 0; }
bool IsAnswered(const Leg& leg) {
  return leg.state() == v1::Leg::STATE_ANSWERED || leg.state() == v1::Leg::STATE_JOINED;
}
// In this layout, or in layout 0.
bool HasLeft(const Leg& leg) { return leg.membership() == Leg::MEMBERSHIP_LEFT || leg.old_left(); }
bool IsIn(const Leg& leg) {
  return (leg.membership() == Leg::MEMBERSHIP_IN || leg.state() == v1::Leg::STATE_JOINED) &&
         !HasLeft(leg);
}

CallState StateOf(const Leg& leg) {
  if (IsAnswered(leg)) return CallState::kEstablished;
  return leg.state() == v1::Leg::STATE_RINGING ? CallState::kRinging : CallState::kCalling;
}

Call CallOf(const Leg& leg, const Session& session) {
  Call call;
  call.id = leg.call_id();
  const std::string person = WithoutPlus(leg.endpoint().phone().number());
  const std::string service = WithoutPlus(leg.service_number());
  call.endpoint = {"PHONE", {{"phoneNumber", person}}};
  call.inbound = IsInbound(leg);
  call.from = call.inbound ? person : service;
  call.to = call.inbound ? service : person;
  call.state = StateOf(leg);
  call.start = base::FromTimestamp(leg.create_time());
  if (leg.has_ring_time()) call.ring = base::FromTimestamp(leg.ring_time());
  if (IsAnswered(leg)) call.answer = base::FromTimestamp(leg.answer_time());
  call.configuration = "bridge";
  call.base_url = "http://127.0.0.1:8090";
  call.max_duration = std::chrono::hours(8);
  if (!call.inbound) {
    call.custom_data = {{"service", ServiceId()},
                        {"session", session.session_id()},
                        {"leg", leg.leg_id()},
                        {"dial", absl::StrCat(leg.dial())}};
  }
  return call;
}

// What is still to happen to the call by itself.
std::vector<std::pair<base::Duration, Timer::Kind>> TimersOf(const Call& call, bool hang_up) {
  std::vector<std::pair<base::Duration, Timer::Kind>> timers;
  if (call.inbound && !call.established()) {
    timers.emplace_back(kInboundRings, Timer::Kind::kInboundRing);
  }
  if (!call.inbound && !call.established()) {
    timers.emplace_back(kAnswersAfter, Timer::Kind::kPersonAnswers);
    timers.emplace_back(kRings, Timer::Kind::kConnectTimeout);
  }
  if (hang_up) timers.emplace_back(kHangsUpAfter, Timer::Kind::kPersonHangsUp);
  return timers;
}

// A leg that is dialled is dialled into the conference.
bool HasPlace(const Leg& leg) { return IsIn(leg) || (!IsInbound(leg) && !HasLeft(leg)); }

void End(Call& call, base::Time now) {
  call.state = CallState::kFinished;
  call.end = now;
  call.error = "NORMAL_HANGUP";
  call.hangup_source = "ENDPOINT";
}

}  // namespace

Command::Status StatusOf(const OpenCommand& open, const Session& session) {
  constexpr int kUnknownInLayout0 = 3;
  const bool unknown = session.layout() == 0 && open.status() == kUnknownInLayout0;
  return unknown ? Command::STATUS_UNKNOWN : open.status();
}

std::set<std::string> EndedBy(const internal::v1::AppendRequest& hand_over) {
  std::set<std::string> over;
  for (const internal::v1::InboxItem& item : hand_over.items()) {
    const ProviderEvent& event = item.event();
    if (event.type() == ProviderEvent::TYPE_CALL_FINISHED ||
        event.type() == ProviderEvent::TYPE_CALL_FAILED) {
      over.insert(event.call_id());
    }
    if (event.type() == ProviderEvent::TYPE_CONFERENCE_FINISHED) {
      over.insert(event.conference_id());
    }
  }
  return over;
}

void Restore(const Session& session, const std::set<std::string>& over, bool hang_up,
             simulator::Model& model) {
  const base::Time now = model.world().now;
  Conference conference;
  conference.id = session.conference().conference_id();
  conference.name = absl::StrCat(ServiceId(), "/", session.session_id());
  conference.configuration = "bridge";
  conference.start = base::FromTimestamp(session.create_time());
  conference.base_url = "http://127.0.0.1:8090";
  const bool open =
      !conference.id.empty() && !session.conference().finished() && !over.contains(conference.id);
  for (const Leg& leg : session.legs()) {
    if (leg.call_id().empty() || leg.state() == v1::Leg::STATE_ENDED) continue;
    Call call = CallOf(leg, session);
    if (over.contains(call.id)) End(call, now);
    if (open && HasPlace(leg) && !call.ended()) {
      call.conference_id = conference.id;
      call.conference_ids = {conference.id};
      conference.participants.push_back(
          {.call_id = call.id,
           .state = IsIn(leg) ? ParticipantState::kJoined : ParticipantState::kJoining,
           .join = IsIn(leg) ? std::optional(base::FromTimestamp(leg.join_time())) : std::nullopt,
           .leave = {},
           .role = {},
           .on_early_media = false});
    }
    const auto timers =
        call.ended() ? decltype(TimersOf(call, hang_up)){} : TimersOf(call, hang_up);
    model.Restore(std::move(call), timers);
  }
  conference.joined_most = conference.participants.size();
  if (open) model.Restore(std::move(conference));
}

void LetArrive(const Session& session, base::Time now, simulator::Model& model) {
  provider::AccountOptions account;
  account.configuration.id = "bridge";
  for (const OpenCommand& open : session.open_commands()) {
    const Command::Status status = StatusOf(open, session);
    const bool may_have_left =
        status == Command::STATUS_IN_FLIGHT || status == Command::STATUS_UNKNOWN;
    if (!may_have_left || base::KindOf(open.command()).look) continue;
    const provider::Requests requests =
        provider::EncodeCommand(open.command(), account, ServiceId());
    base::Check(requests.ok(), std::string(requests.status().message()).c_str());
    for (const provider::HttpRequest& request : *requests) {
      simulator::Request arrived;
      arrived.method = provider::NameOf(request.method);
      arrived.target = request.target;
      arrived.body = request.body;
      arrived.authorization = "App key";
      model.HandleRequest(arrived, now);
    }
  }
}

}  // namespace callbridge::baselines
