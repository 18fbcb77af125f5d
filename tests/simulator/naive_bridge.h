// The use case's application, as docs/provider.md §10 describes it, in as little code as possible:
// it reads events and sends requests, waits at most so long for each event, and tolerates every
// documented answer. It stands in for the service where the simulator itself is tested.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {

class NaiveBridge {
 public:
  // Lives as long as the driver, whose events it takes.
  NaiveBridge(ModelDriver& driver, std::string callee_number);

  // Starts the caller's call and runs until everything is over or `limit` has passed.
  void Run(base::Duration limit, std::optional<base::Duration> caller_hangs_up = std::nullopt);

  const std::string& caller() const { return caller_; }
  const std::string& callee() const { return callee_; }

 private:
  enum class Phase {
    kAnswering,
    kJoining,
    kGreeting,
    kRinging,
    kStopping,
    kTelling,
    kTalking,
    kEnding
  };

  void OnEvent(const Delivery& event);
  void OnDeadline();
  void Enter(Phase phase, base::Duration limit);
  void AddCaller();
  void Greet();
  void DialCallee();
  void StopMusic(bool reached);
  void Tell();
  void End();
  void Say(const std::string& text);

  ModelDriver& driver_;
  const std::string callee_number_;
  Phase phase_ = Phase::kAnswering;
  base::Time deadline_;
  bool reached_ = false;
  std::string caller_;
  std::string callee_;
  std::string conference_;
};

}  // namespace callbridge::simulator
