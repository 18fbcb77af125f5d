#include "tests/simulation/client.h"

#include <absl/strings/str_cat.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "server/api/leg_sounds.h"
#include "server/api/session_list.h"
#include "server/api/update_leg.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{60};
constexpr milliseconds kPause{150};

// What a library for clients repeats: the service, or the way to it, is not there.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsAborted(status);
}

// 26: whoever was told OK finds the session, at any server.
void CheckFound(World& world, const std::string& request_id, const std::string& session_id) {
  Server* server = world.AnyServer();
  if (server == nullptr) return;
  world.Run(*server, [&] {
    v1::GetSessionRequest get;
    get.set_session_id(session_id);
    const auto found = api::FindSession(server->store(), get);
    if (!found.ok() && !absl::IsUnavailable(found.status())) {
      world.checker().Fail(26, session_id + ": GetSession does not find it after OK");
    }
    v1::ListSessionsRequest list;
    list.set_request_id(request_id);
    const auto listed = api::ListSessions(server->store(), list);
    if (listed.ok() && listed->sessions_size() != 1) {
      world.checker().Fail(26, session_id + ": ListSessions does not find it after OK");
    }
  });
}

struct Asking {
  v1::StartBridgeRequest request;
  base::Time until;
  int answers = 0;
};

void Ask(World& world, const std::shared_ptr<Asking>& asking) {
  std::optional<absl::StatusOr<v1::StartBridgeResponse>> response;
  if (Server* server = world.AnyServer()) {
    world.Run(*server, [&] { response = server->StartBridge(asking->request); });
  }
  if (!response || (!response->ok() && IsPassing(response->status()))) {
    if (world.now() < asking->until) world.After(kPause, [&world, asking] { Ask(world, asking); });
    return;
  }
  if (!response->ok()) {
    world.trace().Note(world.now(), "client",
                       absl::StrCat("refused: ", std::string(response->status().message())));
    return;
  }
  const std::string& session_id = (*response)->session().session_id();
  world.trace().Note(world.now(), "client",
                     absl::StrCat(asking->request.request_id(), " is ", session_id));
  world.checker().OnStarted(asking->request.request_id(), session_id);
  CheckFound(world, asking->request.request_id(), session_id);
  if (++asking->answers < 2) world.After(seconds(7), [&world, asking] { Ask(world, asking); });
}

// Checks a request of a method that changes a session, at this time.
using Check = std::function<absl::StatusOr<api::SessionChange>(base::Time)>;

void AskForChange(World& world, const Check& check, base::Time until) {
  std::optional<absl::StatusOr<v1::Session>> answer;
  if (Server* server = world.AnyServer()) {
    world.Run(*server, [&] { answer = server->Change(check(world.now())); });
  }
  const bool passing = !answer || (!answer->ok() && IsPassing(answer->status()));
  if (!passing || world.now() >= until) return;
  world.After(kPause, [&world, check, until] { AskForChange(world, check, until); });
}

void AskForEnd(World& world, const std::string& session_id, base::Time until) {
  std::optional<absl::StatusOr<v1::Session>> answer;
  if (Server* server = world.AnyServer()) {
    v1::EndSessionRequest request;
    request.set_session_id(session_id);
    request.set_reason("it is enough");
    world.Run(*server, [&] { answer = server->EndSession(request); });
  }
  if (!answer || (!answer->ok() && IsPassing(answer->status()))) {
    if (world.now() >= until) return;
    return world.After(kPause,
                       [&world, session_id, until] { AskForEnd(world, session_id, until); });
  }
  if (answer->ok()) world.checker().OnEndAccepted(session_id);
}

// Sessions of any server's list. Empty also if no server is there.
std::vector<v1::Session> List(World& world, const v1::ListSessionsRequest& request) {
  std::vector<v1::Session> sessions;
  Server* server = world.AnyServer();
  if (server == nullptr) return sessions;
  world.Run(*server, [&] {
    const auto listed = api::ListSessions(server->store(), request);
    if (listed.ok()) sessions.assign(listed->sessions().begin(), listed->sessions().end());
  });
  return sessions;
}

std::vector<v1::Session> Alive(World& world) {
  std::vector<v1::Session> alive;
  for (const v1::Session& session : List(world, {})) {
    if (session.state() != v1::Session::STATE_ENDED) alive.push_back(session);
  }
  return alive;
}

// Mostly somebody who has joined.
std::string ChooseHearer(const v1::Session& session, std::uint64_t choice) {
  std::vector<std::string> joined;
  for (const v1::Leg& leg : session.legs()) {
    if (leg.state() == v1::Leg::STATE_JOINED) joined.push_back(leg.leg_id());
  }
  const auto legs = static_cast<std::uint64_t>(session.legs_size());
  if (joined.empty() || choice % 8 == 0) {
    return session.legs(static_cast<int>(choice / 8 % legs)).leg_id();
  }
  return joined[choice / 8 % joined.size()];
}

void LookForOffer(World& world, const std::string& service_number,
                  const v1::StartBridgeRequest& request, base::Time until) {
  v1::ListSessionsRequest offered;
  offered.add_states(v1::Session::STATE_OFFERED);
  for (const v1::Session& session : List(world, offered)) {
    for (const v1::Leg& leg : session.legs()) {
      if (leg.service_number() != service_number) continue;
      v1::StartBridgeRequest take = request;
      take.mutable_caller()->set_offered_session_id(session.session_id());
      return StartBridge(world, std::move(take));
    }
  }
  if (world.now() >= until) return;
  world.After(kPause, [&world, service_number, request, until] {
    LookForOffer(world, service_number, request, until);
  });
}

}  // namespace

void StartBridge(World& world, v1::StartBridgeRequest request) {
  auto asking = std::make_shared<Asking>();
  asking->request = std::move(request);
  asking->until = world.now() + kPatience;
  Ask(world, asking);
}

void TakeOffer(World& world, const std::string& service_number, v1::StartBridgeRequest request) {
  constexpr seconds kOffersLast{20};
  LookForOffer(world, service_number, request, world.now() + kOffersLast);
}

void EndSession(World& world, const std::string& session_id) {
  AskForEnd(world, session_id, world.now() + kPatience);
}

void UpdateLeg(World& world, const v1::UpdateLegRequest& request) {
  AskForChange(
      world, [request](base::Time now) { return api::CheckUpdateLeg(request, {}, now); },
      world.now() + kPatience);
}

void PlayPrompt(World& world, const v1::PlayPromptRequest& request) {
  AskForChange(
      world, [request](base::Time now) { return api::CheckPlayPrompt(request, {}, now); },
      world.now() + kPatience);
}

void StopSounds(World& world, const v1::StopSoundsRequest& request) {
  AskForChange(
      world, [request](base::Time now) { return api::CheckStopSounds(request, {}, now); },
      world.now() + kPatience);
}

void SendDigits(World& world, const v1::SendDigitsRequest& request) {
  AskForChange(
      world, [request](base::Time now) { return api::CheckSendDigits(request, {}, now); },
      world.now() + kPatience);
}

void CaptureDigits(World& world, const v1::CaptureDigitsRequest& request) {
  AskForChange(
      world, [request](base::Time now) { return api::CheckCaptureDigits(request, {}, now); },
      world.now() + kPatience);
}

void LetSomebodyHear(World& world, const std::string& request_id) {
  const std::vector<v1::Session> alive = Alive(world);
  if (alive.empty()) return;
  const v1::Session& session = alive[world.random().Next() % alive.size()];
  if (session.legs().empty()) return;
  const std::uint64_t wish = world.random().Next();
  const std::string leg_id = ChooseHearer(session, wish / 64);
  switch (wish % 8) {
    case 0: {
      v1::StopSoundsRequest request;
      request.set_session_id(session.session_id());
      request.set_request_id(request_id);
      if (wish / 8 % 2 == 0) request.set_leg_id(leg_id);
      return StopSounds(world, request);
    }
    case 1: {
      v1::SendDigitsRequest request;
      request.set_session_id(session.session_id());
      request.set_request_id(request_id);
      request.set_leg_id(leg_id);
      request.set_digits("4711#");
      return SendDigits(world, request);
    }
    case 2: {
      v1::CaptureDigitsRequest request;
      request.set_session_id(session.session_id());
      request.set_request_id(request_id);
      request.set_leg_id(leg_id);
      request.set_max_length(4);
      request.mutable_first_digit_timeout()->set_seconds(3);
      if (wish / 8 % 2 == 0) request.mutable_prompt()->set_text("A key, please");
      return CaptureDigits(world, request);
    }
    default: {
      v1::PlayPromptRequest request;
      request.set_session_id(session.session_id());
      request.set_request_id(request_id);
      if (wish / 8 % 2 != 0) request.add_leg_ids(leg_id);
      if (wish / 32 % 2 == 0) {
        request.mutable_prompt()->set_text("A word for you");
      } else {
        request.mutable_prompt()->mutable_audio()->set_file_id("chime");
      }
      return PlayPrompt(world, request);
    }
  }
}

void UpdateSomeLeg(World& world, const std::string& request_id) {
  const std::vector<v1::Session> alive = Alive(world);
  if (alive.empty()) return;
  const v1::Session& session = alive[world.random().Next() % alive.size()];
  if (session.legs().empty()) return;
  const auto leg =
      static_cast<int>(world.random().Next() % static_cast<std::uint64_t>(session.legs_size()));
  v1::UpdateLegRequest request;
  request.set_session_id(session.session_id());
  request.set_leg_id(session.legs(leg).leg_id());
  request.set_request_id(request_id);
  const std::uint64_t wish = world.random().Next() % 8;
  if (wish % 4 != 0) request.set_muted(wish >= 4);
  if (wish % 4 != 1) request.set_deafened(wish % 2 == 0);
  UpdateLeg(world, request);
}

void EndSomeSession(World& world) {
  const std::vector<v1::Session> alive = Alive(world);
  if (alive.empty()) return;
  EndSession(world, alive[world.random().Next() % alive.size()].session_id());
}

}  // namespace callbridge::simulation
