#include "tests/simulation/world.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/check.h"
#include "server/flow/step.h"
#include "server/settings/defaults.h"
#include "server/settings/load.h"
#include "server/settings/plan_resolution.h"
#include "server/store/memory/memory_store.h"
#include "tests/simulator/people.h"
#include "webhook/translate.h"

namespace callbridge::simulation {
namespace {

constexpr const char* kSettings = R"(
service_id: world
store: {memory: {}}
accounts:
  default:
    base_url: http://127.0.0.1:8090
    allowed_hosts: ["127.0.0.1:8090"]
    api_key_file: api-key
    calls_configuration_id: bridge
webhook: {protected_by: "no network at all"}
dialing: {default_number: "+442079460001"}
plans:
  default:
    greeting: {text: "Please hold."}
    announcement: {text: "Here they are."}
    apology: {text: "Nobody there."}
    music: {audio: {file_id: whales, duration: 20s}}
    ring_timeout: 15s
routes:
  - name: routed
    number: "+442079460001"
    callees: [{endpoint: {phone: {number: "+447700900456"}}}]
  - name: offered
    number: "+442079460003"
    offer: true
)";

void RequireOk(const absl::Status& status) {
  base::Check(status.ok(), std::string(status.message()).c_str());
}

config::v1::Settings ReadSettings() {
  auto settings = settings::ParseSettings(kSettings, "world.yaml");
  RequireOk(settings.status());
  return *settings;
}

simulator::Settings SimulatorSettings(const World::Options& options) {
  simulator::Settings settings = options.simulator;
  settings.api_key = "key";
  settings.configurations = {"bridge"};
  settings.api_base_url = "http://127.0.0.1:8090";
  base::Check(settings.people.Set(kCalleeNumber, options.callee).ok(), "the callee's script");
  base::Check(settings.people.Set(kCallerNumber, options.caller).ok(), "the caller's script");
  return settings;
}

std::map<std::string, client::infobip::AccountOptions> Accounts() {
  client::infobip::AccountOptions options;
  options.base_url = "http://127.0.0.1:8090";
  options.allowed_hosts = {"127.0.0.1:8090"};
  options.authorization_header = "App key";
  options.calls_configuration_id = "bridge";
  return {{"default", options}};
}

base::Time Start() { return std::chrono::sys_days(std::chrono::year(2026) / 1 / 15); }

}  // namespace

World::World(Options options)
    : options_(std::move(options)),
      clock_(Start()),
      settings_(ReadSettings()),
      routes_(settings_),
      model_(SimulatorSettings(options_)),
      store_(store::MakeMemoryStore()),
      intake_({"world", "bridge"}, *store_, routes_) {
  model_.Advance(clock_.Now());
  StartServer();
}

World::~World() = default;

void World::StartServer() {
  auto transport = std::make_unique<SimulatedTransport>(model_, clock_);
  transport_ = transport.get();
  auto provider =
      client::infobip::MakeInfobipProvider(Accounts(), "world", clock_, std::move(transport));
  RequireOk(provider.status());
  provider_ = *std::move(provider);
  spacing_ = std::make_unique<client::infobip::Spacing>(
      std::map<std::string, client::infobip::Rates>{{"default", {}}}, clock_.Now());
  worker_ = std::make_unique<worker::Worker>(*store_, *provider_, *spacing_, clock_, flow::Step);
  worker_next_ = clock_.Now();
  server_up_ = true;
}

void World::CrashAndRestart(base::Duration away) {
  server_up_ = false;
  transport_ = nullptr;
  worker_.reset();
  provider_.reset();
  spacing_.reset();
  Run(away);
  StartServer();
}

void World::IncomingCall(const std::string& to, std::optional<base::Duration> hangs_up) {
  model_.StartIncomingCall({kCallerNumber, to, hangs_up, ""}, clock_.Now());
}

std::string World::StartBridge() {
  internal::v1::StartBridge start;
  start.set_request_id("request-1");
  start.mutable_caller()->mutable_phone()->set_number(absl::StrCat("+", kCallerNumber));
  start.set_caller_id_number("+442079460001");
  start.mutable_caller_ring_timeout()->set_seconds(15);
  auto& callee = *start.add_callees();
  callee.mutable_endpoint()->mutable_phone()->set_number(absl::StrCat("+", kCalleeNumber));
  callee.set_caller_id_number("+442079460001");
  callee.mutable_ring_timeout()->set_seconds(15);
  *start.mutable_plan() = settings_.plans().at("default");
  *start.mutable_settings() = settings::MakeSessionSettings(settings_, "default");
  store::NewInput input;
  *input.input.mutable_start_bridge() = start;
  input.session_id = "s_01REQUEST";
  input.creates_session_id = input.session_id;
  input.request_id = "request-1";
  EXPECT_TRUE(store_->AppendInputs({input}, clock_.Now()).ok());
  worker_next_ = clock_.Now();
  return input.session_id;
}

void World::EndSession(const std::string& session_id) {
  store::NewInput input;
  input.input.mutable_end_session()->set_reason("test");
  input.session_id = session_id;
  EXPECT_TRUE(store_->AppendInputs({input}, clock_.Now()).ok());
  worker_next_ = clock_.Now();
}

// The ingress: what it holds while the server is away reaches it afterwards.
void World::Deliver() {
  for (simulator::Delivery& delivery : model_.Advance(clock_.Now())) {
    if (!options_.passes || options_.passes(delivery)) held_.push_back(std::move(delivery));
  }
  if (!server_up_) return;
  for (const simulator::Delivery& delivery : held_) {
    const auto items = webhook::Translate(delivery.body, clock_.Now());
    RequireOk(items.status());
    EXPECT_TRUE(intake_.Append(*items, clock_.Now()).ok());
    worker_next_ = clock_.Now();
  }
  held_.clear();
}

// Everything that happens at this moment, until nothing does any more.
void World::Settle() {
  for (bool more = true; more;) {
    Deliver();
    if (!server_up_) return;
    transport_->Advance();
    const auto next = worker_->RunOnce();
    RequireOk(next.status());
    worker_next_ = *next;
    const std::optional<base::Time> due = NextTime();
    more = due.has_value() && *due <= clock_.Now();
  }
}

std::optional<base::Time> World::NextTime() {
  std::optional<base::Time> next = model_.NextTime();
  const auto consider = [&next](std::optional<base::Time> time) {
    if (time.has_value() && (!next.has_value() || *time < *next)) next = time;
  };
  if (server_up_) {
    consider(worker_next_);
    consider(transport_->NextTime());
  }
  return next;
}

bool World::RunUntil(const std::function<bool()>& condition, base::Duration longest) {
  const base::Time end = clock_.Now() + longest;
  Settle();
  while (!condition()) {
    const std::optional<base::Time> next = NextTime();
    if (!next.has_value() || *next > end) {
      clock_.Set(end);
      Settle();
      return condition();
    }
    clock_.Set(std::max(*next, clock_.Now()));
    Settle();
  }
  return true;
}

void World::Run(base::Duration duration) {
  RunUntil([] { return false; }, duration);
}

internal::v1::Session World::session() {
  const auto sessions = store_->ListSessions({}, "", 1);
  if (!sessions.ok() || sessions->empty()) return {};
  return sessions->front();
}

bool World::HasSession() { return session().has_create_time(); }
bool World::HasEnded() { return session().has_ended(); }

std::vector<v1::SessionEvent> World::Events() {
  const auto events = store_->ReadEvents(session().session_id(), 0, 10'000);
  return events.ok() ? *events : std::vector<v1::SessionEvent>();
}

int World::CallsAlive() const {
  int alive = 0;
  for (const auto& [number, call] : model_.world().calls.things()) alive += call.ended() ? 0 : 1;
  return alive;
}

int World::ConferencesOpen() const {
  int open = 0;
  for (const auto& [number, conference] : model_.world().conferences.things()) {
    open += conference.ended() ? 0 : 1;
  }
  return open;
}

std::int64_t World::Violations() const { return model_.world().journal.violations_seen; }

std::string World::Timelines() const {
  std::string text;
  for (const auto& [number, call] : model_.world().calls.things()) {
    absl::StrAppend(&text, "call ", call.inbound ? "from " : "to ",
                    call.inbound ? call.from : call.to, "\n");
    for (const simulator::TimelineEntry& entry : call.timeline) {
      absl::StrAppend(&text, "  ", base::FormatTime(entry.at).substr(11), " ", entry.text, "\n");
    }
  }
  for (const simulator::RequestRecord& request : model_.world().journal.requests) {
    absl::StrAppend(&text, base::FormatTime(request.at).substr(11), " ", request.method, " ",
                    request.target, " ", request.status, " ", request.fault, "\n");
  }
  for (const simulator::ViolationRecord& violation : model_.world().journal.violations) {
    absl::StrAppend(&text, "violation: ", violation.method, " ", violation.target, ": ",
                    violation.text, "\n");
  }
  return text;
}

}  // namespace callbridge::simulation
