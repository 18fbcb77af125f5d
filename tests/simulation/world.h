// The whole service in one thread, on simulated time: the production code of flow, store, worker, provider's client and
// ingress translation against the simulator's model. One seed, one world; nothing in it waits for anything real.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "client/infobip/infobip_provider.h"
#include "client/infobip/spacing.h"
#include "server/base/clock.h"
#include "server/inbox/intake.h"
#include "server/settings/routes.h"
#include "server/store/store.h"
#include "server/worker/worker.h"
#include "tests/simulator/model.h"
#include "tests/simulation/simulated_transport.h"

namespace callbridge::simulation {

// The number that a route bridges, the one that is offered.
inline constexpr const char* kRoutedNumber = "442079460001";
inline constexpr const char* kOfferedNumber = "442079460003";
inline constexpr const char* kCallerNumber = "447700900123";
inline constexpr const char* kCalleeNumber = "447700900456";

class World {
 public:
  struct Options {
    simulator::Settings simulator = {};
    // How the callee and the caller behave: tests/simulator/people.h.
    std::string callee = "answers:3,hangs-up:20";
    std::string caller = "answers:1";
    // Lets a webhook pass; its number counts from 1.
    std::function<bool(const simulator::Delivery&)> passes = {};
  };

  explicit World(Options options);
  World() : World(Options()) {}
  ~World();

  void IncomingCall(const std::string& to = kRoutedNumber,
                    std::optional<base::Duration> hangs_up = std::nullopt);
  // StartBridge with two outgoing calls, past the API's checks.
  std::string StartBridge();
  void EndSession(const std::string& session_id);
  // Lets time pass until the condition holds. False: it did not within the time.
  bool RunUntil(const std::function<bool()>& condition, base::Duration longest);
  void Run(base::Duration duration);
  // The server dies without a word and starts again after a while: what was in flight is unknown.
  void CrashAndRestart(base::Duration away);

  // The only session.
  internal::v1::Session session();
  bool HasSession();
  bool HasEnded();
  std::vector<v1::SessionEvent> Events();
  int CallsAlive() const;
  int ConferencesOpen() const;
  std::int64_t Violations() const;
  // What a call heard and went through, a line each.
  std::string Timelines() const;

  simulator::Model& model() { return model_; }
  SimulatedTransport& transport() { return *transport_; }
  base::ManualClock& clock() { return clock_; }
  store::Store& store() { return *store_; }

 private:
  void StartServer();
  void Settle();
  void Deliver();
  std::optional<base::Time> NextTime();

  Options options_;
  base::ManualClock clock_;
  config::v1::Settings settings_;
  settings::Routes routes_;
  simulator::Model model_;
  std::unique_ptr<store::Store> store_;
  inbox::Intake intake_;
  SimulatedTransport* transport_ = nullptr;
  std::unique_ptr<client::infobip::Spacing> spacing_;
  std::unique_ptr<client::infobip::InfobipProvider> provider_;
  std::unique_ptr<worker::Worker> worker_;
  std::optional<base::Time> worker_next_;
  // While it is away webhooks wait, as at the ingress.
  bool server_up_ = true;
  std::vector<simulator::Delivery> held_;
};

}  // namespace callbridge::simulation
