// One server, production code from the store to the provider's client, against the simulator's
// model: no sockets, one thread, time that the test moves. For what a scripted provider cannot
// show: outages, and what the provider keeps that nobody owns.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admission/room.h"
#include "server/api/start_bridge.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/inbox/intake.h"
#include "server/provider/infobip_provider.h"
#include "server/provider/provider_pace.h"
#include "server/provider/transport.h"
#include "server/settings/routes.h"
#include "server/store/store.h"
#include "server/worker/sweep.h"
#include "server/worker/worker.h"
#include "tests/simulator/model.h"

namespace callbridge::worker {

// Requests reach the model after some milliseconds and are answered after some more, unless the
// line fails.
class ModelTransport final : public provider::Transport {
 public:
  struct Attempt {
    base::Time at;
    std::string method;
    std::string target;
  };

  // The model's clock is so far ahead of this one.
  ModelTransport(simulator::Model& model, const base::Clock& clock, base::Duration ahead)
      : model_(model), clock_(clock), ahead_(ahead) {}

  void Submit(provider::Outgoing outgoing, provider::Transfer::Done done) override;
  void Post(std::function<void()> closure) override { At(clock_.Now(), std::move(closure)); }

  void Advance();
  std::optional<base::Time> NextTime() const;
  // Which requests, counted from 1, find no connection. Null: none.
  std::function<bool(std::size_t)> fails;
  // Answers have no header Date.
  bool dateless = false;
  // Answers to which requests never come, though those had their effect. Null: none.
  std::function<bool(const Attempt&)> loses;
  std::vector<Attempt> attempts;

 private:
  void Arrive(const provider::Outgoing& outgoing, const provider::Transfer::Done& done,
              bool connected, bool lost);
  void At(base::Time time, std::function<void()> action) { due_.emplace(time, std::move(action)); }

  simulator::Model& model_;
  const base::Clock& clock_;
  const base::Duration ahead_;
  std::multimap<base::Time, std::function<void()>> due_;
};

class ModelWorld {
 public:
  struct Options {
    simulator::Settings simulator = {};
    SweepOptions sweep = {};
    // YAML, added to the settings.
    std::string settings = "";
    // How far the provider's clock is ahead of ours.
    base::Duration clock_ahead = {};
    // Its answers have no header Date.
    bool dateless = false;
    // Without breaker and retry budget, for comparison.
    bool only_spacing = false;
  };

  explicit ModelWorld(Options options);

  // A StartBridge as the API takes it, with its checks and its limits. What it said; UNAVAILABLE:
  // taken, and not begun yet.
  absl::Status AskForBridge(const v1::StartBridgeRequest& request);
  // Somebody calls a number of ours.
  void Call(const std::string& from, const std::string& to);
  // Two outgoing calls; returns the session's id.
  std::string StartBridge();
  void EndSession(const std::string& session_id);
  void Run(base::Duration duration);

  // A request past the service, as another user of the account sends it. Fails the test unless it
  // is accepted; the answer's body.
  std::string Ask(const std::string& method, const std::string& target, const std::string& body);
  // A call made by hand, that is then answered, and stays: its id. custom_data: JSON.
  std::string CallByHand(const std::string& custom_data,
                         const std::string& configuration = "bridge");
  bool IsAlive(const std::string& call_or_conference) const;
  int CallsAlive() const;
  std::vector<std::string> CallsOf(const std::string& session_id);
  internal::v1::Session Session(const std::string& session_id);

  simulator::Model& model() { return model_; }
  store::Store& store() { return *store_; }
  inbox::IntakeCounters intake_counters() const { return intake_->counters(); }
  const simulator::Model& model() const { return model_; }
  ModelTransport& transport() { return *transport_; }
  const Sweep& sweep() const { return *sweep_; }
  // Null with only_spacing.
  const provider::ProviderPace* pace() const { return provider_pace_; }
  base::Time now() const { return clock_.Now(); }
  // Somebody sets the clock of the server's machine.
  void SetSystemClock(base::Duration ahead) { system_ahead_ = ahead; }
  // The kinds of the session's events, in order.
  std::vector<std::string> Story(const std::string& session_id);
  std::vector<v1::SessionEvent> Events(const std::string& session_id);
  // No webhook reaches the server any more.
  void LoseWebhooks() { webhooks_ = false; }

 private:
  void Settle();
  std::optional<base::Time> NextTime() const;

  // By the true time.
  base::Time WorldTime(base::Time servers) const {
    return servers - server_clock_.Now() + clock_.Now();
  }

  // The true time, and how far the system's clock of the server is ahead of it.
  base::ManualClock clock_;
  base::Duration system_ahead_{};
  base::ServiceClock server_clock_;
  const config::v1::Settings settings_;
  const settings::Routes routes_;
  const internal::v1::SessionSettings session_settings_;
  base::SeededRandomBits random_bits_{1};
  const base::Duration clock_ahead_;
  simulator::Model model_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<provider::Pace> pace_;
  provider::Outlook* outlook_ = nullptr;
  const provider::ProviderPace* provider_pace_ = nullptr;
  std::unique_ptr<admission::Room> room_;
  std::unique_ptr<api::BridgeStarter> starter_;
  ModelTransport* transport_ = nullptr;
  std::unique_ptr<provider::InfobipProvider> provider_;
  std::unique_ptr<inbox::Intake> intake_;
  std::unique_ptr<Sweep> sweep_;
  std::unique_ptr<Worker> worker_;
  std::optional<base::Time> worker_next_;
  bool webhooks_ = true;
  int sessions_ = 0;
};

}  // namespace callbridge::worker
