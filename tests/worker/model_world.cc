#include "tests/worker/model_world.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "server/base/check.h"
#include "server/flow/step.h"
#include "server/provider/answer_decoding.h"
#include "server/provider/spacing.h"
#include "server/settings/load.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/session_settings.h"
#include "server/store/memory/memory_store.h"
#include "tests/simulation/model_http.h"
#include "webhook/translate.h"

namespace callbridge::worker {
namespace {

using provider::Outgoing;
using provider::Transfer;

// One way, there or back.
constexpr std::chrono::milliseconds kLatency{3};

constexpr const char* kSettings = R"(
service_id: test
store: {memory: {}}
accounts:
  default:
    base_url: http://127.0.0.1:8090
    allowed_hosts: ["127.0.0.1:8090"]
    api_key_file: api-key
    calls_configuration_id: bridge
webhook: {protected_by: "no network at all"}
plans:
  default:
    greeting: {text: "Please hold."}
    announcement: {text: "Here they are."}
    apology: {text: "Nobody there."}
    ring_timeout: 15s
)";

config::v1::Settings ReadSettings(const std::string& more) {
  auto settings = settings::ParseSettings(kSettings + more, "test.yaml");
  base::Check(settings.ok(), std::string(settings.status().message()).c_str());
  return *std::move(settings);
}

simulator::Settings SimulatorSettings(simulator::Settings settings) {
  settings.api_key = "key";
  settings.configurations = {"bridge", "another"};
  settings.api_base_url = "http://127.0.0.1:8090";
  return settings;
}

}  // namespace

void ModelTransport::Submit(Outgoing outgoing, Transfer::Done done) {
  attempts.push_back({clock_.Now(), NameOf(outgoing.request.method), outgoing.request.target});
  const bool connected = !fails || !fails(attempts.size());
  const bool lost = loses && loses(attempts.back());
  At(clock_.Now() + kLatency, [this, outgoing = std::move(outgoing), done = std::move(done),
                               connected, lost] { Arrive(outgoing, done, connected, lost); });
}

void ModelTransport::Arrive(const Outgoing& outgoing, const Transfer::Done& done, bool connected,
                            bool lost) {
  simulation::ModelAnswer back{.answer = {}, .delay = kLatency};
  if (!connected) {
    back.answer.code = CURLE_COULDNT_CONNECT;
  } else {
    simulator::Response response =
        model_.HandleRequest(simulation::AsModelRequest(outgoing), clock_.Now() + ahead_);
    if (lost) response.reset = true;
    if (dateless) response.date.reset();
    back = simulation::AnswerOf(response, outgoing, kLatency);
  }
  At(clock_.Now() + back.delay, [done, answer = std::move(back.answer)] { done(answer); });
}

void ModelTransport::Advance() {
  while (!due_.empty() && due_.begin()->first <= clock_.Now()) {
    const std::function<void()> action = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    action();
  }
}

std::optional<base::Time> ModelTransport::NextTime() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

ModelWorld::ModelWorld(Options options)
    : clock_(std::chrono::sys_days(std::chrono::year(2026) / 1 / 15)),
      server_clock_({.system = [this] { return clock_.Now() + system_ahead_; },
                     .steady = [this] { return clock_.Now().time_since_epoch(); }}),
      settings_(ReadSettings(options.settings)),
      routes_(settings_),
      session_settings_(settings::MakeSessionSettings(settings_, "default")),
      clock_ahead_(options.clock_ahead),
      model_(SimulatorSettings(options.simulator)),
      store_(store::MakeMemoryStore()) {
  model_.Advance(clock_.Now() + clock_ahead_);
  const std::map<std::string, provider::Rates> rates{{"default", {}}};
  if (options.only_spacing) {
    auto spacing = std::make_unique<provider::Spacing>(rates, server_clock_.Now());
    outlook_ = spacing.get();
    pace_ = std::move(spacing);
  } else {
    auto pace = provider::MakePace(rates, server_clock_.Now());
    outlook_ = pace.get();
    provider_pace_ = pace.get();
    pace_ = std::move(pace);
  }
  room_ = std::make_unique<admission::Room>(admission::Room::Parts{
      *store_, *outlook_, settings_.limits(), session_settings_.timing(), {}});
  starter_ =
      std::make_unique<api::BridgeStarter>(*store_, settings_, *room_, server_clock_, random_bits_);
  auto transport = std::make_unique<ModelTransport>(model_, clock_, clock_ahead_);
  transport_ = transport.get();
  transport_->dateless = options.dateless;
  auto provider = provider::MakeInfobipProvider(simulation::ModelAccounts(settings_), "test",
                                                server_clock_, std::move(transport));
  base::Check(provider.ok(), "the provider's options");
  provider_ = *std::move(provider);
  intake_ =
      std::make_unique<inbox::Intake>(inbox::IntakeIdentity{"test", "bridge"}, *store_, routes_,
                                      room_.get(), provider_->provider_clock("default"));
  options.sweep.service_id = "test";
  options.sweep.accounts = {"default"};
  sweep_ = std::make_unique<Sweep>(*store_, *provider_, *provider_, *pace_, server_clock_,
                                   options.sweep);
  worker_ = std::make_unique<Worker>(*store_, *provider_, *pace_, server_clock_, flow::Step,
                                     WorkerOptions(), sweep_.get());
  worker_->SetWake([this] { worker_next_ = clock_.Now(); });
  Settle();
}

absl::Status ModelWorld::AskForBridge(const v1::StartBridgeRequest& request) {
  // The worker's turn, and so the answer, comes later in this one thread.
  worker_next_ = clock_.Now();
  const auto begun = starter_->Begin(request, {});
  if (!begun.ok()) return begun.status();
  const auto* claim = std::get_if<api::BridgeStarter::Claim>(&*begun);
  return claim == nullptr ? absl::OkStatus() : starter_->Answer(*claim, std::nullopt).status();
}

void ModelWorld::Call(const std::string& from, const std::string& to) {
  model_.StartIncomingCall({.from = from, .to = to, .hangs_up = {}, .configuration = {}},
                           clock_.Now() + clock_ahead_);
}

std::string ModelWorld::StartBridge() {
  internal::v1::StartBridge start;
  start.mutable_caller()->mutable_phone()->set_number("+447700900123");
  start.set_caller_id_number("+442079460001");
  start.mutable_caller_ring_timeout()->set_seconds(15);
  auto& callee = *start.add_callees();
  callee.mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  callee.set_caller_id_number("+442079460001");
  callee.mutable_ring_timeout()->set_seconds(15);
  *start.mutable_plan() = settings_.plans().at("default");
  *start.mutable_settings() = settings::MakeSessionSettings(settings_, "default");
  store::NewInput input;
  *input.input.mutable_start_bridge() = start;
  input.session_id = absl::StrCat("s_", ++sessions_);
  input.creates_session_id = input.session_id;
  EXPECT_TRUE(store_->AppendInputs({input}, server_clock_.Now()).ok());
  worker_next_ = clock_.Now();
  return input.session_id;
}

void ModelWorld::EndSession(const std::string& session_id) {
  store::NewInput input;
  input.input.mutable_end_session()->set_reason("test");
  input.session_id = session_id;
  EXPECT_TRUE(store_->AppendInputs({input}, server_clock_.Now()).ok());
  worker_next_ = clock_.Now();
}

void ModelWorld::Settle() {
  for (bool more = true; more;) {
    for (const simulator::Delivery& delivery : model_.Advance(clock_.Now() + clock_ahead_)) {
      if (!webhooks_) continue;
      const auto items = webhook::Translate(delivery.body, server_clock_.Now());
      ASSERT_TRUE(items.ok()) << items.status();
      ASSERT_TRUE(intake_->Append(*items, server_clock_.Now()).ok());
    }
    transport_->Advance();
    const auto next = worker_->RunOnce();
    ASSERT_TRUE(next.ok()) << next.status();
    worker_next_ = WorldTime(*next);
    const std::optional<base::Time> due = NextTime();
    more = due.has_value() && *due <= clock_.Now();
  }
}

std::optional<base::Time> ModelWorld::NextTime() const {
  std::optional<base::Time> next = worker_next_;
  std::optional<base::Time> models = model_.NextTime();
  if (models) *models -= clock_ahead_;
  for (const std::optional<base::Time>& time : {models, transport_->NextTime()}) {
    if (time && (!next || *time < *next)) next = time;
  }
  return next;
}

void ModelWorld::Run(base::Duration duration) {
  const base::Time end = clock_.Now() + duration;
  Settle();
  for (std::optional<base::Time> next = NextTime(); next && *next <= end; next = NextTime()) {
    clock_.Set(std::max(*next, clock_.Now()));
    Settle();
    if (testing::Test::HasFatalFailure()) return;
  }
  clock_.Set(end);
}

std::string ModelWorld::Ask(const std::string& method, const std::string& target,
                            const std::string& body) {
  simulator::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.authorization = "App key";
  const simulator::Response response = model_.HandleRequest(request, clock_.Now() + clock_ahead_);
  EXPECT_EQ(response.status / 100, 2) << method << " " << target << ": " << response.body;
  return response.body;
}

std::string ModelWorld::CallByHand(const std::string& custom_data,
                                   const std::string& configuration) {
  const auto call = provider::DecodeCall(
      Ask("POST", "/calls/1/calls",
          absl::StrCat(R"({"endpoint":{"type":"PHONE","phoneNumber":"447700900456"},)",
                       R"("from":"442079460001","callsConfigurationId":")", configuration,
                       R"(","customData":)", custom_data, "}")));
  EXPECT_TRUE(call.ok()) << call.status();
  return call.ok() ? call->call_id() : "";
}

bool ModelWorld::IsAlive(const std::string& id) const {
  const simulator::Call* call = model_.world().calls.Find(id);
  if (call != nullptr) return !call->ended();
  const simulator::Conference* conference = model_.world().conferences.Find(id);
  EXPECT_NE(conference, nullptr) << "neither call nor conference: " << id;
  return conference != nullptr && !conference->ended();
}

int ModelWorld::CallsAlive() const {
  const auto& calls = model_.world().calls.things();
  return static_cast<int>(std::count_if(calls.begin(), calls.end(),
                                        [](const auto& entry) { return !entry.second.ended(); }));
}

std::vector<std::string> ModelWorld::CallsOf(const std::string& session_id) {
  std::vector<std::string> calls;
  const internal::v1::Session session = Session(session_id);
  for (const internal::v1::Leg& leg : session.legs()) calls.push_back(leg.call_id());
  return calls;
}

internal::v1::Session ModelWorld::Session(const std::string& session_id) {
  const auto session = store_->GetSession(session_id);
  EXPECT_TRUE(session.ok()) << session.status();
  return session.ok() ? *session : internal::v1::Session();
}

std::vector<v1::SessionEvent> ModelWorld::Events(const std::string& session_id) {
  const auto events = store_->ReadEvents(session_id, 0, base::kInputsPerSessionMax);
  EXPECT_TRUE(events.ok()) << events.status();
  return events.ok() ? *events : std::vector<v1::SessionEvent>();
}

std::vector<std::string> ModelWorld::Story(const std::string& session_id) {
  std::vector<std::string> story;
  for (const v1::SessionEvent& event : Events(session_id)) {
    const auto* kind =
        event.GetDescriptor()->FindFieldByNumber(static_cast<int>(event.event_case()));
    story.push_back(kind == nullptr ? "none" : kind->name());
  }
  return story;
}

}  // namespace callbridge::worker
