// The clock of one server in a world: some time off the world's. A machine's clock may be set to
// another time in the middle of everything; the server then goes by the production ServiceClock, as
// main.cc has it.
#pragma once

#include <algorithm>
#include <optional>

#include "server/base/clock.h"
#include "server/base/time.h"

namespace callbridge::simulation {

class ServerClock final : public base::Clock {
 public:
  enum class Kind {
    // What the machine's clock says counts at once. As good as the other while it is never set.
    kMachine,
    // The production one over the machine's.
    kService,
  };

  // The world's clock must outlive it.
  ServerClock(const base::Clock& world, base::Duration skew, Kind kind)
      : world_(world), machine_off_(skew) {
    if (kind == Kind::kService) service_.emplace(Sources());
  }

  base::Time Now() const override { return service_ ? service_->Now() : MachineNow(); }

  // Somebody sets the machine's clock to so much later, or earlier if by is below zero.
  void SetMachine(base::Duration by) { machine_off_ += by; }

  // When it is this time here, by the world's clock: not before now.
  base::Time ByWorld(base::Time own) const {
    return world_.Now() + std::max(own - Now(), base::Duration::zero());
  }

 private:
  base::Time MachineNow() const { return world_.Now() + machine_off_; }
  base::TimeSources Sources() const {
    return {.system = [this] { return MachineNow(); },
            .steady = [this] { return world_.Now().time_since_epoch(); }};
  }

  const base::Clock& world_;
  base::Duration machine_off_;
  std::optional<base::ServiceClock> service_;
};

}  // namespace callbridge::simulation
