// The provider's HTTP without sockets: requests reach the simulator's model after a latency and
// answers come back after another, all on the world's time and in its one thread. What was sent
// arrives, also if its sender dies meanwhile; each request is sent once, like by the real
// transport.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "server/base/clock.h"
#include "server/provider/transport.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/trace.h"
#include "tests/simulator/model.h"

namespace callbridge::simulation {

// Told what passes on the way to the provider and back.
class NetworkWatch {
 public:
  virtual ~NetworkWatch() = default;
  // The request had its effect, or the fault that struck it kept it from that.
  virtual void OnArrived(const simulator::RequestRecord& request) = 0;
};

class Network {
 public:
  // Everything must outlive it.
  Network(simulator::Model& model, Agenda& agenda, const base::Clock& clock, Trace& trace,
          NetworkWatch& watch)
      : model_(model), agenda_(agenda), clock_(clock), trace_(trace), watch_(watch) {}

  // From now on every request fails like one to a provider that is not there.
  void CutOff(bool cut_off) { cut_off_ = cut_off; }
  bool cut_off() const { return cut_off_; }

  // From now on every way takes as long as this says. By default always the same.
  void VaryLatency(std::function<base::Duration()> latency) { latency_ = std::move(latency); }

  // Instead of the model's own: whoever wants to do something to the provider just before and after
  // a request.
  using Handle = std::function<simulator::Response(const simulator::Request&)>;
  void HandleBy(Handle handle) { handle_ = std::move(handle); }

  // The answer comes through deliver, unless that says that nobody waits for it any more.
  using Deliver = std::function<void(const provider::HttpAnswer&)>;
  void Send(const provider::Outgoing& outgoing, Deliver deliver);
  void At(base::Time time, Agenda::Action action) { agenda_.At(time, std::move(action)); }

 private:
  // Of one way, there or back.
  base::Duration Latency() const;
  void Arrive(const provider::Outgoing& outgoing, const Deliver& deliver);

  simulator::Model& model_;
  Agenda& agenda_;
  const base::Clock& clock_;
  Trace& trace_;
  NetworkWatch& watch_;
  Handle handle_;
  std::function<base::Duration()> latency_;
  bool cut_off_ = false;
};

// One server's end of the network.
class SimulatedTransport final : public provider::Transport {
 public:
  // What a server does around a send and with an answer: the first may throw ServerDied.
  struct Hooks {
    std::function<void()> before_send;
    std::function<void()> after_send;
    // Runs the closure in the server's name, when it is awake.
    std::function<void(std::function<void()>)> run;
  };

  // network and clock (the server's own, which may be wrong) must outlive it.
  SimulatedTransport(Network& network, const base::Clock& clock, base::Time now, Hooks hooks)
      : network_(network), clock_(clock), hooks_(std::move(hooks)), start_(now) {}

  void Submit(provider::Outgoing outgoing, provider::Transfer::Done done) override;
  void Post(std::function<void()> closure) override;

 private:
  Network& network_;
  const base::Clock& clock_;
  const Hooks hooks_;
  const base::Time start_;
  // Whoever holds it weakly learns that this end is gone.
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace callbridge::simulation
