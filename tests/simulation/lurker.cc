#include "tests/simulation/lurker.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "server/base/check.h"
#include "tests/simulation/client.h"
#include "tests/simulation/world.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/operations.h"

namespace callbridge::simulation {
namespace {

using internal::v1::Command;
using internal::v1::Session;

constexpr std::array kTroubles = {Trouble::Kind::kCrashBefore, Trouble::Kind::kCrashAfter,
                                  Trouble::Kind::kSleepBefore, Trouble::Kind::kSleepAfter,
                                  Trouble::Kind::kAnswerLost,  Trouble::Kind::kRefused};
constexpr std::array kOutages = {Outage::Kind::kProviderAway, Outage::Kind::kDiskFull,
                                 Outage::Kind::kIngressDown};

// The operations of the Calls API that a command consists of.
struct Operations {
  Command::ActionCase action;
  std::array<std::string_view, 3> names;
};
constexpr Operations kOperations[] = {
    {Command::kSendRinging, {"send-ringing"}},
    {Command::kAnswerCall, {"answer"}},
    {Command::kHangUpCall, {"hangup"}},
    {Command::kCreateConference, {"create-conference"}},
    {Command::kAddCaller, {"add-call"}},
    {Command::kDialLeg, {"dial"}},
    {Command::kPlayPrompt, {"say", "play"}},
    {Command::kPlayMusic, {"play"}},
    {Command::kStopPlay, {"stop-play"}},
    {Command::kSendDigits, {"send-dtmf"}},
    {Command::kCaptureDigits, {"capture-dtmf"}},
    {Command::kHangUpConference, {"hangup-conference"}},
    {Command::kLookAtCall, {"get-call", "get-call-history"}},
    {Command::kLookAtConference, {"get-conference", "get-conference-history"}},
    {Command::kFindConference, {"list-conferences"}},
    {Command::kFindDial, {"list-calls", "list-call-history", "get-conference"}},
};

int NumberOf(const google::protobuf::Descriptor& message, const std::string& field) {
  const auto* found = message.FindFieldByName(field);
  base::Check(found != nullptr, "the name of an ambush's phase or command");
  return found->number();
}

bool IsOfStore(std::string_view step) { return step != "send"; }

}  // namespace

Lurker::Lurker(const std::vector<Ambush>& ambushes, World& world) : world_(world) {
  for (const Ambush& ambush : ambushes) {
    Waiting waiting;
    waiting.ambush = ambush;
    waiting.ground = GroundOf(ambush.fault);
    waiting.phase = NumberOf(*Session::descriptor(), ambush.phase);
    if (ambush.bridge >= 0) waiting.caller = CallerNumber(ambush.bridge);
    if (ambush.command != kNothing && ambush.command != kAnything) {
      waiting.action = NumberOf(*Command::descriptor(), ambush.command);
    }
    waiting_.push_back(std::move(waiting));
  }
}

bool Lurker::Holds(const Waiting& waiting, const WatchedSession& watched) {
  if (static_cast<int>(watched.session.phase_case()) != waiting.phase) return false;
  if (!waiting.caller.empty()) {
    const internal::v1::Leg* caller = CallerOf(watched.session);
    if (caller == nullptr) return false;
    if (!caller->endpoint().phone().number().ends_with(waiting.caller)) return false;
  }
  if (waiting.ambush.command == kAnything) return true;
  const bool in_flight =
      std::any_of(watched.ledger.begin(), watched.ledger.end(), [&waiting](const auto& row) {
        return row.second.status == LedgerEntry::Status::kInFlight &&
               (waiting.action == 0 || row.second.command.action_case() == waiting.action);
      });
  return waiting.action == 0 ? !in_flight : in_flight;
}

bool Lurker::Seizes(Waiting& waiting, const WatchedSession& watched) {
  if (waiting.struck.contains(watched.session_id) || !Holds(waiting, watched)) return false;
  if (waiting.ambush.passes > 0) {
    --waiting.ambush.passes;
    return false;
  }
  return true;
}

void Lurker::Note(const Waiting& waiting, const std::string& session_id) {
  world_.trace().Note(world_.now(), "ambush",
                      absl::StrCat(waiting.ambush.fault, " in ", waiting.ambush.phase, " with ",
                                   waiting.ambush.command, ", ", session_id));
  // What strikes webhooks is known event by event.
  if (waiting.ground == AmbushGround::kWebhook) return;
  Mishap mishap;
  mishap.at = world_.now();
  mishap.fault = waiting.ambush.fault;
  mishap.what = waiting.ambush.command;
  mishap.session_id = session_id;
  mishap.of_server = waiting.ground == AmbushGround::kServer;
  mishap.of_ingress = waiting.ambush.fault == "ingress-down";
  if (mishap.of_server || mishap.of_ingress) mishap.lasts = waiting.ambush.lasts;
  world_.OnMishap(std::move(mishap));
}

std::optional<Trouble> Lurker::AtStep(std::string_view what) {
  for (Waiting& waiting : waiting_) {
    if (waiting.ground != AmbushGround::kServer) continue;
    const auto kind = std::find_if(
        kTroubles.begin(), kTroubles.end(),
        [&waiting](Trouble::Kind trouble) { return NameOf(trouble) == waiting.ambush.fault; });
    const bool of_store = *kind == Trouble::Kind::kAnswerLost || *kind == Trouble::Kind::kRefused;
    if (of_store && !IsOfStore(what)) continue;
    for (const auto& [session_id, watched] : world_.checker().chronicle().sessions) {
      if (!Seizes(waiting, watched)) continue;
      if (!waiting.ambush.always) waiting.struck.insert(session_id);
      Note(waiting, session_id);
      return Trouble{*kind, waiting.ambush.lasts};
    }
  }
  return std::nullopt;
}

bool Lurker::IsOwnRequest(const Waiting& waiting, const simulator::Request& request) const {
  const auto target = simulator::FindRoute(request.method, request.target, false);
  if (!target) return false;
  const auto row = std::find_if(
      std::begin(kOperations), std::end(kOperations),
      [&waiting](const Operations& operations) { return operations.action == waiting.action; });
  base::Check(row != std::end(kOperations), "the operations of an ambush's command");
  return std::find(row->names.begin(), row->names.end(), target->route->name) != row->names.end();
}

Lurker::Waiting* Lurker::FindFor(const simulator::Request& request) {
  for (Waiting& waiting : waiting_) {
    if (waiting.ground != AmbushGround::kRequest) continue;
    if (waiting.ambush.own_request && !IsOwnRequest(waiting, request)) continue;
    for (const auto& [session_id, watched] : world_.checker().chronicle().sessions) {
      if (!IsAbout(request.target, request.body, watched)) continue;
      if (Seizes(waiting, watched)) return &waiting;
    }
  }
  return nullptr;
}

simulator::Response Lurker::Handle(const simulator::Request& request) {
  simulator::Model& model = world_.model();
  Waiting* waiting = FindFor(request);
  if (waiting == nullptr) return model.HandleRequest(request, world_.now());
  const std::string fault = waiting->ambush.fault;
  const std::string value = SetFault(fault, "1");
  std::string late;
  if (fault == "slow-response") {
    late = SetFault("slow-response-by", simulator::FormatDuration(waiting->ambush.lasts));
  }
  const simulator::Response response = model.HandleRequest(request, world_.now());
  SetFault(fault, value);
  if (!late.empty()) SetFault("slow-response-by", late);
  // Another fault of the world may have come first.
  if (model.world().journal.requests.back().fault != fault) return response;
  for (const auto& [session_id, watched] : world_.checker().chronicle().sessions) {
    if (!Holds(*waiting, watched) || !IsAbout(request.target, request.body, watched)) continue;
    if (!waiting->ambush.always) waiting->struck.insert(session_id);
    Note(*waiting, session_id);
  }
  return response;
}

std::string Lurker::SetFault(std::string_view name, const std::string& value) {
  std::string before;
  for (const auto& row : simulator::FaultRows()) {
    if (row.name == name) before = row.get(world_.model().world().settings.faults);
  }
  base::Check(world_.model().SetFault(name, value).ok(), "an ambush's fault");
  return before;
}

void Lurker::SwitchWebhookFaults() {
  std::map<std::string, base::Duration> wanted;
  for (const Waiting& waiting : waiting_) {
    if (waiting.ground != AmbushGround::kWebhook) continue;
    for (const auto& [session_id, watched] : world_.checker().chronicle().sessions) {
      if (waiting.struck.contains(session_id) || !Holds(waiting, watched)) continue;
      wanted.emplace(waiting.ambush.fault, waiting.ambush.lasts);
    }
  }
  for (auto on = on_.begin(); on != on_.end();) {
    if (wanted.contains(on->first) || (on->first == "delay-by" && wanted.contains("delay"))) {
      ++on;
      continue;
    }
    SetFault(on->first, on->second);
    on = on_.erase(on);
  }
  for (const auto& [fault, lasts] : wanted) {
    if (on_.contains(fault)) continue;
    on_[fault] = SetFault(fault, "1");
    if (fault == "delay") on_["delay-by"] = SetFault("delay-by", simulator::FormatDuration(lasts));
  }
}

void Lurker::OnStruck(const simulator::StruckEvent& event) {
  for (Waiting& waiting : waiting_) {
    if (waiting.ambush.fault != event.fault || waiting.ambush.always) continue;
    for (const auto& [session_id, watched] : world_.checker().chronicle().sessions) {
      const std::set<std::string> references = ReferencesOf(watched);
      const bool about_it = references.contains("call/" + event.call_id) ||
                            references.contains("conference/" + event.conference_id);
      if (!about_it || !Holds(waiting, watched)) continue;
      if (waiting.struck.insert(session_id).second) Note(waiting, session_id);
    }
  }
}

void Lurker::Look() {
  if (waiting_.empty()) return;
  SwitchWebhookFaults();
  // What acts may end sessions and begin others: only afterwards, on their own.
  for (Waiting& waiting : waiting_) {
    if (waiting.ground != AmbushGround::kMoment) continue;
    for (const auto& [session_id, watched] : world_.checker().chronicle().sessions) {
      if (Seizes(waiting, watched)) SeizeMoment(waiting, watched);
    }
  }
}

void Lurker::SeizeMoment(Waiting& waiting, const WatchedSession& watched) {
  const std::string session_id = watched.session_id;
  waiting.struck.insert(session_id);
  const std::string fault = waiting.ambush.fault;
  const bool outage = std::any_of(kOutages.begin(), kOutages.end(),
                                  [&fault](Outage::Kind kind) { return NameOf(kind) == fault; });
  const base::Duration lasts = outage ? waiting.ambush.lasts : base::Duration{};
  const std::size_t index = static_cast<std::size_t>(&waiting - waiting_.data());
  // At another instant of the situation than its first.
  world_.After(outage ? base::Duration{} : waiting.ambush.lasts,
               [this, index, session_id, fault, lasts] {
                 if (index >= waiting_.size()) return;
                 const auto& sessions = world_.checker().chronicle().sessions;
                 if (!Holds(waiting_[index], sessions.at(session_id))) {
                   waiting_[index].struck.erase(session_id);
                   return;
                 }
                 Note(waiting_[index], session_id);
                 Act(fault, session_id, lasts);
               });
}

void Lurker::Act(const std::string& fault, const std::string& session_id, base::Duration lasts) {
  for (const Outage::Kind kind : kOutages) {
    if (NameOf(kind) == fault) return world_.Begin(kind, lasts);
  }
  if (fault == "end-asked") {
    world_.checker().OnMoment(fault, session_id);
    return EndSession(world_, session_id);
  }
  if (!HangUp(fault == "caller-hangs-up" ? "caller" : "callee", session_id)) return;
  world_.checker().OnMoment(fault, session_id);
}

bool Lurker::HangUp(std::string_view role, const std::string& session_id) {
  std::set<std::string> calls;
  for (const auto& leg : world_.checker().chronicle().sessions.at(session_id).session.legs()) {
    if (std::string_view(leg.leg_id()).starts_with(role)) calls.insert(leg.call_id());
  }
  // Also the call that nobody knows of yet.
  for (const auto& [number, call] : world_.model().world().calls.things()) {
    const auto session = call.custom_data.find("session");
    const auto leg = call.custom_data.find("leg");
    if (session == call.custom_data.end() || session->second != session_id) continue;
    if (leg != call.custom_data.end() && std::string_view(leg->second).starts_with(role))
      calls.insert(call.id);
  }
  return std::any_of(calls.begin(), calls.end(), [this](const std::string& call) {
    return world_.model().PersonHangsUp(call, world_.now()).ok();
  });
}

}  // namespace callbridge::simulation
