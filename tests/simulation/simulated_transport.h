// The provider's HTTP without a network: requests reach the simulator's model after a latency, answers come back after
// another, all on the world's clock and in its one thread. It sends each request once, like the real transport.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "client/infobip/transport.h"
#include "server/base/clock.h"
#include "tests/simulator/model.h"

namespace callbridge::simulation {

class SimulatedTransport final : public client::infobip::Transport {
 public:
  SimulatedTransport(simulator::Model& model, const base::Clock& clock)
      : model_(model), clock_(clock) {}

  void Submit(client::infobip::Outgoing outgoing, client::infobip::Transfer::Done done) override;
  void Post(std::function<void()> closure) override;

  // Does what is due.
  void Advance();
  std::optional<base::Time> NextTime() const;
  // From now on every request fails like one to a provider that is not there.
  void CutOff(bool cut_off) { cut_off_ = cut_off; }

 private:
  void Arrive(const client::infobip::Outgoing& outgoing,
              const client::infobip::Transfer::Done& done);
  void At(base::Time time, std::function<void()> action);

  simulator::Model& model_;
  const base::Clock& clock_;
  bool cut_off_ = false;
  std::multimap<base::Time, std::function<void()>> due_;
};

}  // namespace callbridge::simulation
