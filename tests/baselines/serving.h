// One server of today on a database of another revision, on simulated time, with the simulator's
// model as the provider: the production worker, client, intake and store. Webhooks reach it while
// it runs.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/clock.h"
#include "server/settings/routes.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/network.h"
#include "tests/simulation/server.h"

namespace callbridge::baselines {

class Serving {
 public:
  // Opens the database, a few seconds after its last server stopped. The provider knows nothing
  // yet, and no server runs.
  explicit Serving(const std::string& path);
  ~Serving();

  store::Store& store() { return *store_; }
  simulator::Model& model() { return model_; }
  base::Time now() const { return clock_.Now(); }
  // All sessions, as they are stored.
  std::vector<internal::v1::Session> Sessions();

  void Start();
  // What the ingress has held is handed over. After Start.
  absl::Status HandOver(const internal::v1::AppendRequest& request);
  inbox::IntakeCounters intake_counters() { return server_->intake().counters(); }

  // False: the condition did not hold within the time.
  bool RunUntil(const std::function<bool()>& condition, base::Duration longest);
  // Every session has ended, and no call and no conference of this service is left.
  bool IsOver();
  // Of this service; ids.
  std::vector<std::string> Alive() const;

 private:
  class Unwatched;

  // Everything that happens at this moment.
  void Settle();
  std::optional<base::Time> NextTime() const;

  const std::unique_ptr<store::Store> store_;
  base::ManualClock clock_;
  simulation::Trace trace_{false};
  const settings::Routes routes_;
  simulation::Agenda agenda_;
  simulator::Model model_;
  const std::unique_ptr<Unwatched> unwatched_;
  simulation::Network network_;
  // Last: it uses everything above.
  std::unique_ptr<simulation::Server> server_;
};

}  // namespace callbridge::baselines
