// One replica of the service as main.cc wires it, on simulated time: the production worker,
// dispatcher, provider's client, intake and API over a link to the shared store. It dies, sleeps
// and loses answers where its troubles say so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admission/room.h"
#include "server/api/session_change.h"
#include "server/api/session_requests.h"
#include "server/api/start_bridge.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/inbox/intake.h"
#include "server/provider/infobip_provider.h"
#include "server/provider/provider_pace.h"
#include "server/settings/routes.h"
#include "server/worker/sweep.h"
#include "server/worker/worker.h"
#include "tests/simulation/network.h"
#include "tests/simulation/server_clock.h"
#include "tests/simulation/store_link.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/trouble.h"

namespace callbridge::simulation {

// Told what a server is about to do with the provider.
class SendWatch {
 public:
  virtual ~SendWatch() = default;
  // A request of this command leaves now. Looks may send several.
  virtual void OnSent(const internal::v1::Command& command) = 0;
  virtual void OnTrouble(int server, Trouble::Kind kind) = 0;
};

class Server final : private StoreGate {
 public:
  // Everything lent must outlive it.
  struct Parts {
    store::Store& store;
    StoreWatch& store_watch;
    SendWatch& send_watch;
    Network& network;
    const base::Clock& clock;
    Trace& trace;
    const config::v1::Settings& settings;
    const settings::Routes& routes;
    // How many work on the store, this one among them.
    int servers = 1;
    base::Duration skew{};
    ServerClock::Kind clock_kind = ServerClock::Kind::kMachine;
    // Lets the world go on for so long, while this server stands still.
    std::function<void(base::Duration)> let_pass;
    // Whether the disk is full now.
    std::function<bool()> disk_full;
    // What lies in ambush at this outward step. May be empty.
    std::function<std::optional<Trouble>(std::string_view)> ambush = {};
    // How long the next operation that changes the store takes. Empty: no time.
    std::function<base::Duration()> store_takes = {};
  };

  Server(int number, Parts parts, Troubles troubles, std::uint64_t seed);
  ~Server() override;

  void Start();
  // At once, without a word. What it sent arrives all the same.
  void Die();

  int number() const { return number_; }
  bool up() const { return worker_ != nullptr; }
  // Up, and not standing still.
  bool awake() const { return up() && !asleep_; }
  // It is down, or stands still for longer than its store takes for an operation.
  bool stands_still() const { return !up() || (asleep_ && !waits_for_store_); }
  // Its store takes nothing just now.
  bool refusing() const { return parts_.clock.Now() < refuses_until_; }
  // How long it is to stay away, of the trouble that killed it.
  base::Duration away() const { return away_; }
  int steps() const { return steps_; }
  // How often it was started.
  int lives() const { return lives_; }
  // How many writes of the store it was told to have failed.
  int failed_writes() const { return failed_writes_; }

  // One round of the worker. Throws ServerDied.
  void RunOnce();
  // When it is to run again by the world's clock. Absent: it is not running.
  std::optional<base::Time> NextTime() const;
  // Somebody changed the store.
  void Wake();
  // Somebody sets the clock of its machine.
  void SetMachineClock(base::Duration by);

  store::Store& store() { return link_; }
  inbox::Intake& intake() { return *intake_; }
  // What the methods of the API do for a caller who does not wait: the reply, if its step was there
  // at once.
  absl::StatusOr<v1::StartBridgeResponse> StartBridge(const v1::StartBridgeRequest& request);
  absl::StatusOr<v1::Session> EndSession(const v1::EndSessionRequest& request);
  // Asks something of a living session. change: as its method has checked it.
  absl::StatusOr<v1::Session> Change(const absl::StatusOr<api::SessionChange>& change);
  const base::Clock& clock() const { return clock_; }

 private:
  class NamedProvider;

  absl::Status Before(std::string_view operation) override;
  absl::Status After(std::string_view operation) override;
  absl::Status Read() override;
  // Counts an outward step and lets the trouble before it happen.
  void BeginStep(std::string_view what);
  void EndStep(std::string_view what);
  void WaitForStore(base::Duration duration);
  void StandStill(base::Duration duration);
  [[noreturn]] void DieNow(const Trouble& trouble);
  void RunLater(std::function<void()> closure);
  std::unique_ptr<provider::InfobipProvider> MakeProvider();

  const int number_;
  const std::string name_;
  Parts parts_;
  const Troubles troubles_;
  ServerClock clock_;
  const internal::v1::SessionSettings session_settings_;
  StoreLink link_;
  base::SeededRandomBits random_bits_;

  int steps_ = 0;
  int lives_ = 0;
  int failed_writes_ = 0;
  const Trouble* trouble_ = nullptr;
  // The last one that was lying in ambush.
  Trouble ambushed_;
  base::Time refuses_until_{};
  base::Duration away_{};
  bool dying_ = false;
  bool asleep_ = false;
  bool waits_for_store_ = false;
  // Since its last round began.
  bool woken_ = false;
  // Answers that came while it stood still.
  std::vector<std::function<void()>> backlog_;
  std::optional<base::Time> next_time_;

  std::unique_ptr<provider::ProviderPace> pace_;
  std::unique_ptr<admission::Room> room_;
  std::unique_ptr<inbox::Intake> intake_;
  std::unique_ptr<api::BridgeStarter> starter_;
  std::unique_ptr<api::SessionEnder> ender_;
  std::unique_ptr<api::SessionChanger> changer_;
  std::unique_ptr<provider::InfobipProvider> provider_;
  std::unique_ptr<NamedProvider> named_provider_;
  std::unique_ptr<worker::Sweep> sweep_;
  std::unique_ptr<worker::Worker> worker_;
};

}  // namespace callbridge::simulation
