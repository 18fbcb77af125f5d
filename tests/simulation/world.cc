#include "tests/simulation/world.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/check.h"
#include "server/base/limits.h"
#include "server/store/memory/memory_store.h"
#include "tests/simulation/client.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

base::Time Start() { return std::chrono::sys_days(std::chrono::year(2026) / 1 / 15); }

config::v1::Settings SettingsOf(const Plan& plan, const World::Options& options) {
  config::v1::Settings settings = WorldSettings();
  // The service is told of which flavour its account is.
  if (std::ranges::count(plan.switches,
                         std::pair<std::string, std::string>("legacy-applications", "on")) > 0) {
    settings.mutable_accounts()->at("default").mutable_setup()->set_flavour(
        config::v1::Account::Setup::FLAVOUR_APPLICATIONS);
  }
  if (options.retention) *settings.mutable_retention() = base::ToProtoDuration(*options.retention);
  return settings;
}

}  // namespace

World::World(const Plan& plan, Options options)
    : plan_(plan),
      options_(std::move(options)),
      clock_(options_.start.value_or(Start())),
      start_(clock_.Now()),
      random_(plan.seed ^ 0x51ed270b27a3b3c5U),
      session_reader_random_(plan.seed + 1),
      trace_(options_.keep_lines),
      settings_(SettingsOf(plan_, options_)),
      routes_(settings_),
      model_(SimulatorSettings(plan)),
      checker_(model_, clock_, trace_),
      network_(model_, agenda_, clock_, trace_, checker_),
      lurker_(plan.ambushes, *this),
      hearing_(model_.world()),
      pace_random_(plan.seed ^ 0xa0761d6478bd642fU),
      store_(options_.make_store ? options_.make_store() : store::MakeMemoryStore()),
      disturbed_(start_) {
  base::Check(plan_.bridges.size() <= kBridgesMax, "the numbers of a plan's bridges");
  for (const auto& [name, value] : plan_.switches) RequireOk(model_.SetSwitch(name, value));
  for (const auto& [name, value] : plan_.faults) RequireOk(model_.SetFault(name, value));
  for (const auto& [name, value] : plan_.delays) RequireOk(model_.SetDelay(name, value));
  if (plan_.latency_max.count() > 0) {
    network_.VaryLatency([this] { return DrawWithin(plan_.latency_max); });
  }
  model_.Advance(now());
  faults_on_ = !plan_.faults.empty() || !plan_.ambushes.empty();
  if (!plan_.ambushes.empty()) {
    network_.HandleBy(
        [this](const simulator::Request& request) { return lurker_.Handle(request); });
  }
  if (faults_on_) {
    After(plan_.calm_after, [this] {
      lurker_.Leave();
      model_.ClearFaults();
      faults_on_ = false;
      disturbed_ = now();
    });
  }
  for (int i = 1; i <= plan_.ingresses; ++i) {
    ingresses_.push_back(std::make_unique<Ingress>(i, *this));
  }
  if (plan_.servers.size() == 1 && plan_.servers.front().troubles.empty() &&
      plan_.outages.empty() && plan_.ambushes.empty()) {
    checker_.ExpectTurns();
  }
  store_->AddListener([this] { OnStoreChanged(); });
  MakeServers();
  for (std::size_t i = 0; i < plan_.bridges.size(); ++i) {
    Schedule(plan_.bridges[i], static_cast<int>(i));
  }
  for (const Outage& outage : plan_.outages) {
    After(outage.begins, [this, outage] { Begin(outage.kind, outage.lasts); });
  }
  for (int i = 1; i <= plan_.readers; ++i) {
    readers_.push_back(std::make_unique<Reader>(i, *this, random_, Reader::Scope::kAll));
  }
  if (plan_.readers > 0) {
    readers_.push_back(std::make_unique<Reader>(plan_.readers + 1, *this, session_reader_random_,
                                                Reader::Scope::kFirstSession));
  }
  for (const auto& reader : readers_) {
    After(milliseconds(100), [reader = reader.get()] { reader->Read(); });
  }
  ScheduleStrangers();
  if (plan_.wishes_every.count() > 0) WishAgain(1);
  ScheduleHardships();
}

World::~World() = default;

base::Duration World::DrawWithin(base::Duration longest) {
  const std::int64_t steps = std::chrono::duration_cast<milliseconds>(longest).count();
  return milliseconds(1 + pace_random_.Next() % static_cast<std::uint64_t>(steps));
}

void World::MakeServers() {
  for (std::size_t i = 0; i < plan_.servers.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    Server::Parts parts{.store = *store_,
                        .store_watch = checker_,
                        .send_watch = checker_,
                        .network = network_,
                        .clock = clock_,
                        .trace = trace_,
                        .settings = settings_,
                        .routes = routes_,
                        .servers = static_cast<int>(plan_.servers.size()),
                        .skew = plan_.servers[i].skew,
                        .clock_kind = ClockKindOf(plan_.servers[i]),
                        .let_pass = [this](base::Duration duration) { Run(duration); },
                        .disk_full = [this] { return disk_full_; },
                        .ambush = {},
                        .store_takes = {}};
    if (plan_.store_takes_max.count() > 0) {
      parts.store_takes = [this] { return DrawWithin(plan_.store_takes_max); };
    }
    if (!plan_.ambushes.empty() || options_.before_step) {
      parts.ambush = [this](std::string_view what) {
        const std::optional<Trouble> trouble =
            options_.before_step ? options_.before_step() : std::nullopt;
        return trouble ? trouble : lurker_.AtStep(what);
      };
    }
    servers_.push_back(std::make_unique<Server>(number, std::move(parts), plan_.servers[i].troubles,
                                                random_.Next()));
    servers_.back()->Start();
  }
}

void World::Schedule(const BridgePlan& bridge, int index) {
  After(bridge.begins, [this, bridge, index] {
    std::optional<base::Duration> leaves;
    if (bridge.caller_leaves.count() > 0) leaves = bridge.caller_leaves;
    const std::string request_id = absl::StrCat(options_.requests, index);
    switch (bridge.kind) {
      case BridgePlan::Kind::kIncoming:
        return IncomingCall(RoutedNumber(index), leaves, CallerNumber(index));
      case BridgePlan::Kind::kOffered:
        IncomingCall(OfferedNumber(index), leaves, CallerNumber(index));
        return After(bridge.offer_taken, [this, index, request_id] {
          TakeOffer(*this, "+" + OfferedNumber(index), RequestFor(index, request_id));
        });
      case BridgePlan::Kind::kRequested:
        return StartBridge(*this, RequestFor(index, request_id));
    }
  });
  if (bridge.end_asked.count() > 0) {
    After(bridge.begins + bridge.end_asked, [this] { EndSomeSession(*this); });
  }
}

void World::WishAgain(int number) {
  After(plan_.wishes_every, [this, number] {
    if (now() - start_ > plan_.calm_after) return;
    UpdateSomeLeg(*this, absl::StrCat("wish-", number));
    WishAgain(number + 1);
  });
}

v1::StartBridgeRequest World::RequestFor(int bridge, const std::string& request_id) const {
  v1::StartBridgeRequest request;
  request.set_request_id(request_id);
  if (plan_.bridges.at(static_cast<std::size_t>(bridge)).kind == BridgePlan::Kind::kRequested) {
    v1::Caller& caller = *request.mutable_caller();
    caller.mutable_dial()->mutable_phone()->set_number("+" + CallerNumber(bridge));
    caller.mutable_ring_timeout()->set_seconds(15);
    // Some are in a hurry.
    if (bridge % 3 == 1) {
      *request.mutable_start_before_time() = base::ToTimestamp(clock_.Now() + seconds(8));
    }
  }
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number("+" +
                                                                         CalleeNumber(bridge));
  return request;
}

void World::Begin(Outage::Kind kind, base::Duration lasts) {
  checker_.OnOutage(NameOf(kind));
  Suffer(kind, true);
  After(lasts, [this, kind] { Suffer(kind, false); });
}

void World::Suffer(Outage::Kind kind, bool on) {
  trace_.Note(now(), "world", absl::StrCat(NameOf(kind), on ? " begins" : " ends"));
  disturbed_ = now();
  switch (kind) {
    case Outage::Kind::kProviderAway:
      return network_.CutOff(on);
    case Outage::Kind::kDiskFull:
      disk_full_ = on;
      return;
    case Outage::Kind::kIngressDown:
      return on ? ingresses_.front()->Die() : ingresses_.front()->Start();
  }
}

void World::IncomingCall(const std::string& to, std::optional<base::Duration> hangs_up,
                         const std::string& from) {
  trace_.Note(now(), "person", "calls");
  model_.StartIncomingCall({from, to, hangs_up, ""}, now());
}

void World::After(base::Duration delay, Agenda::Action action) {
  agenda_.At(now() + delay, std::move(action));
}

Server* World::AnyServer(simulator::Random& random) {
  std::vector<Server*> awake;
  for (const auto& server : servers_) {
    if (server->awake()) awake.push_back(server.get());
  }
  if (awake.empty()) return nullptr;
  return awake[random.Next() % awake.size()];
}

void World::Run(Server& server, const std::function<void()>& action) {
  const Server* before = std::exchange(running_, &server);
  try {
    action();
  } catch (const ServerDied&) {
    Bury(server, server.away());
  }
  running_ = before;
}

void World::Crash(Server& server, base::Duration away) {
  if (server.up()) Bury(server, away);
}

void World::Bury(Server& server, base::Duration away) {
  server.Die();
  disturbed_ = now();
  After(away, [this, &server] {
    server.Start();
    // Its overdue timers wait for the inputs that piled up: that is part of the outage.
    disturbed_ = now() + base::kTimersWait;
  });
}

void World::OnStoreChanged() {
  for (const auto& server : servers_) {
    if (server.get() == running_ || servers_.size() == 1) {
      server->Wake();
    } else {
      // As a notification between replicas takes.
      After(milliseconds(1 + random_.Next() % 9), [other = server.get()] { other->Wake(); });
    }
  }
}

void World::Deliver() {
  for (simulator::Delivery& delivery : model_.Advance(now())) {
    trace_.Note(now(), "provider", absl::StrCat("posts ", delivery.type, " ", delivery.call_id));
    if (options_.passes && !options_.passes(delivery)) continue;
    Post(delivery);
  }
  for (const simulator::StruckEvent& struck : model_.TakeStruckEvents()) {
    lurker_.OnStruck(struck);
    Mishap mishap;
    mishap.at = now();
    mishap.fault = struck.fault;
    mishap.what = struck.type;
    mishap.call_id = struck.call_id;
    mishap.conference_id = struck.conference_id;
    OnMishap(std::move(mishap));
    checker_.OnWebhookFault(struck.fault, struck.call_id, struck.conference_id);
  }
}

void World::Post(const simulator::Delivery& delivery) {
  Ingress* ingress = ingresses_[random_.Next() % ingresses_.size()].get();
  std::string body = delivery.body;
  if (plan_.repeats && !last_event_.empty()) {
    body = absl::StrCat("[", std::exchange(last_event_, ""), ",", body, "]");
  } else if (plan_.repeats) {
    last_event_ = body;
  }
  if (!plan_.storms.empty()) posted_.push_back(body);
  if (plan_.latency_max.count() == 0) return ingress->Receive(body);
  After(DrawWithin(plan_.latency_max), [ingress, body] { ingress->Receive(body); });
}

void World::Settle() {
  for (bool more = true; more;) {
    more = false;
    Deliver();
    while (Agenda::Action action = agenda_.TakeDue(now())) action();
    for (const auto& server : servers_) {
      const std::optional<base::Time> due = server->NextTime();
      if (due && *due <= now()) Run(*server, [&server] { server->RunOnce(); });
    }
    lurker_.Look();
    const std::optional<base::Time> next = NextTime();
    more = next && *next <= now();
  }
  checker_.Check(CalmSince());
  hearing_.Listen(now());
}

std::optional<base::Time> World::NextTime() {
  constexpr base::Time kNever = base::Time::max();
  base::Time next =
      std::min(model_.NextTime().value_or(kNever), agenda_.NextTime().value_or(kNever));
  for (const auto& server : servers_) next = std::min(next, server->NextTime().value_or(kNever));
  if (next == kNever) return std::nullopt;
  return next;
}

std::optional<base::Time> World::CalmSince() {
  const bool all_awake = std::all_of(servers_.begin(), servers_.end(), [](const auto& server) {
    return !server->stands_still() && !server->refusing();
  });
  const bool all_listen = std::all_of(ingresses_.begin(), ingresses_.end(),
                                      [](const auto& ingress) { return ingress->up(); });
  if (!all_awake || !all_listen || faults_on_ || disk_full_ || network_.cut_off()) {
    // A server that stood still lets its overdue timers wait, like one that starts.
    const bool pauses = !all_awake || disk_full_;
    disturbed_ = std::max(disturbed_, pauses ? now() + base::kTimersWait : now());
    return std::nullopt;
  }
  return disturbed_;
}

bool World::RunUntil(const std::function<bool()>& condition, base::Duration longest) {
  const base::Time end = now() + longest;
  Settle();
  while (!condition()) {
    const std::optional<base::Time> next = NextTime();
    if (!next || *next > end) {
      // A server that stood still let more time pass. Seeds that tests know by number were drawn
      // when the clock went back here.
      clock_.Set(plan_.judged ? std::max(end, now()) : end);
      Settle();
      return condition();
    }
    clock_.Set(std::max(*next, now()));
    Settle();
  }
  return true;
}

void World::Run(base::Duration duration) {
  RunUntil([] { return false; }, duration);
}

bool World::IsOver() {
  if (faults_on_ || disk_full_ || network_.cut_off()) return false;
  for (const auto& [session_id, watched] : checker_.chronicle().sessions) {
    if ((watched.begun() && !watched.ended()) || !watched.waiting.empty()) return false;
    for (const auto& reader : readers_) {
      if (!reader->follows(session_id)) continue;
      const auto seen = reader->seen().find(session_id);
      const std::size_t last =
          seen == reader->seen().end() ? 0 : static_cast<std::size_t>(seen->second);
      if (last < watched.events.size()) return false;
    }
  }
  return CallsAlive() == 0 && ConferencesOpen() == 0;
}

internal::v1::Session World::session() const {
  const auto& sessions = checker_.chronicle().sessions;
  return sessions.empty() ? internal::v1::Session() : sessions.begin()->second.session;
}

int World::CallsAlive() const {
  int alive = 0;
  for (const auto& [number, call] : model_.world().calls.things()) {
    const auto service = call.custom_data.find("service");
    const bool foreign = service != call.custom_data.end() && service->second != "world";
    alive += call.ended() || foreign ? 0 : 1;
  }
  return alive;
}

int World::ConferencesOpen() const {
  const auto& all = model_.world().conferences.things();
  return static_cast<int>(std::count_if(all.begin(), all.end(), [](const auto& conference) {
    return !conference.second.ended() && !IsNeighbours(conference.second);
  }));
}

}  // namespace callbridge::simulation
