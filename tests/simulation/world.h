// The whole service in one thread, on simulated time: several servers on one store, ingresses,
// clients, readers and the provider in a box, with everything that may go wrong between them. It
// runs the production code of all parts; one plan, one course of events; nothing in it waits for
// anything real.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/clock.h"
#include "server/settings/routes.h"
#include "server/store/store.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/hearing.h"
#include "tests/simulation/ingress.h"
#include "tests/simulation/lurker.h"
#include "tests/simulation/mishap.h"
#include "tests/simulation/network.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/reader.h"
#include "tests/simulation/server.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/world_settings.h"
#include "tests/simulator/model.h"
#include "tests/simulator/random.h"

namespace callbridge::simulation {

class World {
 public:
  struct Options {
    bool keep_lines = false;
    // Lets a webhook pass; for tests that choose what is lost or in which order it comes.
    std::function<bool(const simulator::Delivery&)> passes = {};
    // The mistake of a server that goes by its machine's clock; for tests of what judges it.
    bool follows_machine_clock = false;
    // When it begins. Absent: on the day of every world.
    std::optional<base::Time> start = {};
    // settings.retention. Absent: the default, a month.
    std::optional<base::Duration> retention = {};
    // Null: a store in memory.
    std::function<std::unique_ptr<store::Store>()> make_store = {};
    // Asked before each outward step of a server, ahead of what lies in ambush there.
    std::function<std::optional<Trouble>()> before_step = {};
    // What the ids of the clients' requests begin with.
    std::string requests = "request-";
  };

  explicit World(const Plan& plan) : World(plan, Options()) {}
  World(const Plan& plan, Options options);
  ~World();

  // --- time ---
  base::Time now() const { return clock_.Now(); }
  // Lets time pass until the condition holds. False: it did not within the time.
  bool RunUntil(const std::function<bool()>& condition, base::Duration longest);
  void Run(base::Duration duration);
  void After(base::Duration delay, Agenda::Action action);

  // --- the actors' view ---
  // One that is up and awake, by chance. Null: there is none.
  Server* AnyServer() { return AnyServer(random_); }
  Server* AnyServer(simulator::Random& random);
  // Runs something in a server's name; should the server die of it, it is buried, and starts again
  // later.
  void Run(Server& server, const std::function<void()>& action);
  simulator::Random& random() { return random_; }
  Trace& trace() { return trace_; }
  Checker& checker() { return checker_; }

  // --- what happens ---
  void IncomingCall(const std::string& to, std::optional<base::Duration> hangs_up = std::nullopt,
                    const std::string& from = CallerNumber(0));
  // Kills the server; it starts again after so long.
  void Crash(Server& server, base::Duration away);
  // An outage from now on. Of two of a kind the first that ends ends both.
  void Begin(Outage::Kind kind, base::Duration lasts);
  // A request to start a plan's bridge.
  v1::StartBridgeRequest RequestFor(int bridge, const std::string& request_id) const;

  // --- what is there ---
  simulator::Model& model() { return model_; }
  Network& network() { return network_; }
  const Hearing& hearing() const { return hearing_; }
  // Every request and every event that a fault struck so far.
  const std::vector<Mishap>& mishaps() const { return mishaps_; }
  void OnMishap(Mishap mishap) { mishaps_.push_back(std::move(mishap)); }
  store::Store& store() { return *store_; }
  std::vector<std::unique_ptr<Server>>& servers() { return servers_; }
  std::vector<std::unique_ptr<Ingress>>& ingresses() { return ingresses_; }
  // Every session has ended, nothing is alive at the provider, nothing waits and every reader has
  // got it all.
  bool IsOver();
  // The first session. Empty: there is none.
  internal::v1::Session session() const;
  int CallsAlive() const;
  int ConferencesOpen() const;

 private:
  void Schedule(const BridgePlan& bridge, int index);
  // Asks for something of some session, with this request_id.
  using Ask = void (*)(World& world, const std::string& request_id);
  // Asks when the pause has passed, and again after each further one, until calm_after.
  void AskAgain(base::Duration every, Ask ask, const std::string& name, int number);
  void Suffer(Outage::Kind kind, bool on);
  void ScheduleStrangers();
  static bool IsNeighbours(const simulator::Conference& conference);
  void ScheduleHardships();
  void PostNeedless(Storm::Kind kind);
  ServerClock::Kind ClockKindOf(const ServerPlan& server) const;
  void MakeServers();
  // From 1 ms to the longest, which must be that at least.
  base::Duration DrawWithin(base::Duration longest);
  void Deliver();
  void Post(const simulator::Delivery& delivery);
  // Everything that happens at this moment, until nothing does any more.
  void Settle();
  std::optional<base::Time> NextTime();
  void Bury(Server& server, base::Duration away);
  void OnStoreChanged();
  // Since when no outage is under way.
  std::optional<base::Time> CalmSince();
  void CallNeighbours();

  const Plan plan_;
  const Options options_;
  base::ManualClock clock_;
  const base::Time start_;
  simulator::Random random_;
  // Apart, so that a reader more changes nothing else.
  simulator::Random session_reader_random_;
  Trace trace_;
  config::v1::Settings settings_;
  settings::Routes routes_;
  simulator::Model model_;
  Checker checker_;
  Agenda agenda_;
  Network network_;
  Lurker lurker_;
  Hearing hearing_;
  std::vector<Mishap> mishaps_;
  // Apart, so that what takes longer changes nothing else that is drawn.
  simulator::Random pace_random_;
  std::unique_ptr<store::Store> store_;
  std::vector<std::unique_ptr<Ingress>> ingresses_;
  std::vector<std::unique_ptr<Reader>> readers_;
  // Of a webhook that was posted; the next one repeats it.
  std::string last_event_;
  // All that were posted. Kept only if the plan has storms.
  std::vector<std::string> posted_;
  bool disk_full_ = false;
  bool faults_on_ = false;
  base::Time disturbed_;
  // Whose turn it is: a change that it makes wakes it at once, the others a little later.
  const Server* running_ = nullptr;
  // Last: they use everything above.
  std::vector<std::unique_ptr<Server>> servers_;
};

}  // namespace callbridge::simulation
