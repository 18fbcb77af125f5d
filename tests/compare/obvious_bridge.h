// The use case as one writes it after reading the provider's tutorial: a webhook comes, the next
// request goes out. It has the two booleans that a sunny day needs, sends a request that failed
// once more, and gives up a callee when a timer has run out. It stands beside the service in the
// comparison; nothing else may use it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "server/base/clock.h"
#include "tests/simulation/agenda.h"
#include "tests/simulator/model.h"

namespace callbridge::compare {

class ObviousBridge {
 public:
  // All must outlive it. callees: by the number that was called, whom to call then.
  ObviousBridge(simulator::Model& model, simulation::Agenda& agenda, const base::Clock& clock,
                std::map<std::string, std::string> callees)
      : model_(model), agenda_(agenda), clock_(clock), callees_(std::move(callees)) {}

  void OnEvent(const simulator::Delivery& event);
  // Bridges that it knows to be over.
  int ended() const;

 private:
  struct Bridge {
    std::string number;
    std::string caller;
    std::string conference;
    std::string callee;
    bool connected = false;
    bool failed = false;
    bool ended = false;
  };
  using Then = std::function<void(const std::string& body)>;

  void OnCallReceived(const simulator::Delivery& event);
  void OnCallerEvent(Bridge& bridge, const std::string& type);
  void OnCalleeEvent(Bridge& bridge, const std::string& type);
  void Dial(Bridge& bridge);
  void Say(Bridge& bridge, const std::string& text);
  void StopMusic(Bridge& bridge);
  void Fail(Bridge& bridge);
  void End(Bridge& bridge);
  void Send(const std::string& method, const std::string& path, const std::string& body,
            const Then& then, int attempts = 2);

  simulator::Model& model_;
  simulation::Agenda& agenda_;
  const base::Clock& clock_;
  const std::map<std::string, std::string> callees_;
  // By the caller's call; and who else belongs to which.
  std::map<std::string, Bridge> bridges_;
  std::map<std::string, Bridge*> of_callee_;
};

}  // namespace callbridge::compare
