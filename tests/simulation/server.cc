#include "tests/simulation/server.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/check.h"
#include "server/flow/step.h"
#include "server/provider/provider_pace.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/session_settings.h"
#include "tests/simulation/model_http.h"

namespace callbridge::simulation {
namespace {

// As in worker_loop.cc.
constexpr std::chrono::milliseconds kFailurePause{200};
// Often and early, so that a sweep meets living sessions: it must not harm them.
constexpr std::chrono::seconds kSweepInterval{25};
constexpr std::chrono::seconds kSweepAge{40};

// Nothing shares the provider's rates among servers yet: each is set to its part of them, so that
// all together keep them.
provider::Rates ShareOfRates(int servers) {
  provider::Rates rates;
  for (double* rate : {&rates.dial, &rates.conference, &rates.other}) *rate /= servers;
  return rates;
}

}  // namespace

// Tells the watch whose request leaves.
class Server::NamedProvider final : public provider::Provider {
 public:
  NamedProvider(provider::Provider& provider, SendWatch& watch)
      : provider_(provider), watch_(watch) {}

  void Send(const internal::v1::Command& command, base::Time send_by, Done done) override {
    const Sending sending(*this, command);
    provider_.Send(command, send_by, std::move(done));
  }

  void OnSubmitted() {
    // The later requests of a look are not within Send.
    if (sending_ != nullptr) watch_.OnSent(*sending_);
  }

 private:
  // Holds also when the server dies within.
  struct Sending {
    Sending(NamedProvider& of, const internal::v1::Command& command) : provider(of) {
      provider.sending_ = &command;
    }
    ~Sending() { provider.sending_ = nullptr; }
    NamedProvider& provider;
  };

  provider::Provider& provider_;
  SendWatch& watch_;
  const internal::v1::Command* sending_ = nullptr;
};

std::string NameOf(Trouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::kCrashBefore:
      return "crash-before";
    case Trouble::Kind::kCrashAfter:
      return "crash-after";
    case Trouble::Kind::kSleepBefore:
      return "sleep-before";
    case Trouble::Kind::kSleepAfter:
      return "sleep-after";
    case Trouble::Kind::kAnswerLost:
      return "answer-lost";
    case Trouble::Kind::kRefused:
      return "refused";
  }
  return "";
}

Server::Server(int number, Parts parts, Troubles troubles, std::uint64_t seed)
    : number_(number),
      name_(absl::StrCat("server-", number)),
      parts_(std::move(parts)),
      troubles_(std::move(troubles)),
      clock_(parts_.clock, parts_.skew, parts_.clock_kind),
      session_settings_(settings::MakeSessionSettings(parts_.settings, "default")),
      link_(parts_.store, *this, parts_.store_watch),
      random_bits_(seed) {}

Server::~Server() { Die(); }

std::unique_ptr<provider::InfobipProvider> Server::MakeProvider() {
  SimulatedTransport::Hooks hooks;
  hooks.before_send = [this] { BeginStep("send"); };
  hooks.after_send = [this] {
    named_provider_->OnSubmitted();
    EndStep("send");
  };
  hooks.run = [this](std::function<void()> closure) { RunLater(std::move(closure)); };
  auto transport = std::make_unique<SimulatedTransport>(parts_.network, clock_, parts_.clock.Now(),
                                                        std::move(hooks));
  auto provider = provider::MakeInfobipProvider(
      ModelAccounts(parts_.settings), parts_.settings.service_id(), clock_, std::move(transport));
  base::Check(provider.ok(), "the provider's options");
  return *std::move(provider);
}

absl::StatusOr<v1::StartBridgeResponse> Server::StartBridge(const v1::StartBridgeRequest& request) {
  const auto begun = starter_->Begin(request, {});
  if (!begun.ok()) return begun.status();
  if (const auto* preview = std::get_if<v1::StartBridgeResponse>(&*begun)) return *preview;
  const auto& claim = std::get<api::BridgeStarter::Claim>(*begun);
  const auto reply = link_.ReadReply(claim.input_id);
  if (!reply.ok()) return reply.status();
  return starter_->Answer(claim, *reply);
}

absl::StatusOr<v1::Session> Server::EndSession(const v1::EndSessionRequest& request) {
  const auto begun = ender_->Begin(request);
  if (!begun.ok()) return begun.status();
  if (const auto* ended = std::get_if<v1::Session>(&*begun)) return *ended;
  const auto reply = link_.ReadReply(std::get<std::int64_t>(*begun));
  if (!reply.ok()) return reply.status();
  return ender_->Answer(request, *reply);
}

absl::StatusOr<v1::Session> Server::Change(const absl::StatusOr<api::SessionChange>& change) {
  if (!change.ok()) return change.status();
  const auto begun = changer_->Begin(*change);
  if (!begun.ok()) return begun.status();
  if (const auto* preview = std::get_if<api::SessionChanger::Answered>(&*begun)) {
    return preview->session;
  }
  const auto& claim = std::get<api::SessionChanger::Claim>(*begun);
  const auto reply = link_.ReadReply(claim.input_id);
  if (!reply.ok()) return reply.status();
  const auto answered = changer_->Answer(claim, *reply);
  if (!answered.ok()) return answered.status();
  return answered->session;
}

void Server::Start() {
  ++lives_;
  pace_ = provider::MakePace({{"default", ShareOfRates(parts_.servers)}}, clock_.Now());
  room_ = std::make_unique<admission::Room>(admission::Room::Parts{
      link_, *pace_, parts_.settings.limits(), session_settings_.timing(), {}});
  starter_ =
      std::make_unique<api::BridgeStarter>(link_, parts_.settings, *room_, clock_, random_bits_);
  ender_ = std::make_unique<api::SessionEnder>(link_, clock_);
  changer_ = std::make_unique<api::SessionChanger>(link_);
  provider_ = MakeProvider();
  intake_ = std::make_unique<inbox::Intake>(
      inbox::IntakeIdentity{parts_.settings.service_id(), "bridge"}, link_, parts_.routes,
      room_.get(), provider_->provider_clock("default"));
  named_provider_ = std::make_unique<NamedProvider>(*provider_, parts_.send_watch);
  worker::WorkerOptions options;
  options.alone = parts_.servers == 1;
  // Idle rounds would take most of the simulation's time; troubles begin within a round, so every
  // pause is seen all the same.
  options.rounds_apart = options.maintain_interval;
  worker::SweepOptions sweep;
  sweep.service_id = parts_.settings.service_id();
  sweep.accounts = {"default"};
  sweep.interval = kSweepInterval;
  sweep.minimum_age = kSweepAge;
  sweep_ = std::make_unique<worker::Sweep>(link_, *provider_, *provider_, *pace_, clock_, sweep);
  worker_ = std::make_unique<worker::Worker>(link_, *named_provider_, *pace_, clock_, flow::Step,
                                             options, sweep_.get());
  worker_->SetWake([this] { Wake(); });
  next_time_ = parts_.clock.Now();
  parts_.trace.Note(parts_.clock.Now(), name_, "starts");
}

void Server::Die() {
  if (!up()) return;
  parts_.trace.Note(parts_.clock.Now(), name_, "is gone");
  // Whatever the parts still say at their end reaches nothing.
  dying_ = true;
  next_time_.reset();
  backlog_.clear();
  worker_.reset();
  sweep_.reset();
  named_provider_.reset();
  intake_.reset();
  provider_.reset();
  ender_.reset();
  starter_.reset();
  room_.reset();
  pace_.reset();
  dying_ = false;
}

void Server::RunOnce() {
  woken_ = false;
  std::vector<std::function<void()>> backlog;
  backlog.swap(backlog_);
  for (const std::function<void()>& closure : backlog) closure();
  const absl::StatusOr<std::optional<base::Time>> next = worker_->RunOnce();
  const base::Time now = parts_.clock.Now();
  if (!next.ok()) {
    next_time_ = now + kFailurePause;
  } else if (next->has_value()) {
    // By its own clock, which may be wrong.
    next_time_ = clock_.ByWorld(**next);
  } else {
    next_time_.reset();
  }
  // What came while it waited for the store. Without such waits the seeds that tests know by number
  // were drawn when this was not looked at.
  if (parts_.store_takes && woken_) next_time_ = now;
}

std::optional<base::Time> Server::NextTime() const {
  if (!awake()) return std::nullopt;
  return next_time_;
}

void Server::Wake() {
  woken_ = true;
  if (up()) next_time_ = parts_.clock.Now();
}

void Server::SetMachineClock(base::Duration by) {
  clock_.SetMachine(by);
  // A server that goes by the machine's clock has other times to keep from now on.
  Wake();
}

void Server::RunLater(std::function<void()> closure) {
  backlog_.push_back(std::move(closure));
  Wake();
}

absl::Status Server::Read() {
  if (dying_ || !up()) return absl::UnavailableError("the server is gone");
  return absl::OkStatus();
}

absl::Status Server::Before(std::string_view operation) {
  absl::Status status = Read();
  if (!status.ok()) return status;
  BeginStep(operation);
  const base::Time now = parts_.clock.Now();
  if (trouble_ != nullptr && trouble_->kind == Trouble::Kind::kRefused) {
    refuses_until_ = now + trouble_->lasts;
  }
  if (parts_.disk_full() || now < refuses_until_ ||
      (trouble_ != nullptr && trouble_->kind == Trouble::Kind::kRefused)) {
    ++failed_writes_;
    return absl::UnavailableError("the store takes nothing");
  }
  if (parts_.store_takes) WaitForStore(parts_.store_takes());
  return absl::OkStatus();
}

absl::Status Server::After(std::string_view operation) {
  const bool lost = trouble_ != nullptr && trouble_->kind == Trouble::Kind::kAnswerLost;
  EndStep(operation);
  if (!lost) return absl::OkStatus();
  ++failed_writes_;
  return absl::UnavailableError("the answer was lost");
}

void Server::BeginStep(std::string_view what) {
  if (dying_ || !up()) return;
  const auto found = troubles_.find(++steps_);
  trouble_ = found == troubles_.end() ? nullptr : &found->second;
  if (trouble_ == nullptr && parts_.ambush) {
    if (const std::optional<Trouble> ambush = parts_.ambush(what)) {
      ambushed_ = *ambush;
      trouble_ = &ambushed_;
    }
  }
  if (trouble_ == nullptr) return;
  parts_.trace.Note(
      parts_.clock.Now(), name_,
      absl::StrCat(NameOf(trouble_->kind), " at step ", steps_, ", ", std::string(what)));
  const Trouble& trouble = *trouble_;
  const bool of_store =
      trouble.kind == Trouble::Kind::kAnswerLost || trouble.kind == Trouble::Kind::kRefused;
  // These two are troubles of the store: a request that leaves does not feel them.
  if (!of_store || what != "send") parts_.send_watch.OnTrouble(number_, trouble.kind);
  if (trouble.kind == Trouble::Kind::kCrashBefore) DieNow(trouble);
  if (trouble.kind == Trouble::Kind::kSleepBefore) StandStill(trouble.lasts);
}

void Server::EndStep(std::string_view /*what*/) {
  if (trouble_ == nullptr) return;
  const Trouble& trouble = *trouble_;
  trouble_ = nullptr;
  if (trouble.kind == Trouble::Kind::kCrashAfter) DieNow(trouble);
  if (trouble.kind == Trouble::Kind::kSleepAfter) StandStill(trouble.lasts);
}

// Like a pause, only that it is nothing extraordinary.
void Server::WaitForStore(base::Duration duration) {
  waits_for_store_ = true;
  StandStill(duration);
  waits_for_store_ = false;
}

void Server::StandStill(base::Duration duration) {
  asleep_ = true;
  parts_.let_pass(duration);
  asleep_ = false;
}

void Server::DieNow(const Trouble& trouble) {
  away_ = trouble.lasts;
  trouble_ = nullptr;
  throw ServerDied{number_};
}

}  // namespace callbridge::simulation
