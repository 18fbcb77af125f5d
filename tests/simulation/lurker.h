// Whoever lies in ambush in a world: watches what the checker knows of the sessions and lets the
// plan's ambushes strike when their situation is there, each at its own kind of chance. It reads
// the chronicle and turns the provider's faults on and off; of a session it changes nothing itself.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/ambush.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/trouble.h"
#include "tests/simulator/model.h"

namespace callbridge::simulation {

class World;

class Lurker {
 public:
  // The world must outlive it.
  Lurker(const std::vector<Ambush>& ambushes, World& world);

  // A server is about to do this outward step.
  std::optional<Trouble> AtStep(std::string_view what);
  // The provider's answer, with a fault if one was lying in wait for this request.
  simulator::Response Handle(const simulator::Request& request);
  // A webhook fault met an event.
  void OnStruck(const simulator::StruckEvent& event);
  // Something may have changed.
  void Look();
  // From now on nothing strikes any more. The provider's faults are cleared by whoever ends them
  // all.
  void Leave() {
    waiting_.clear();
    on_.clear();
  }

 private:
  struct Waiting {
    Ambush ambush;
    AmbushGround ground = AmbushGround::kMoment;
    // Numbers of the fields. 0: kNothing or kAnything.
    int phase = 0;
    int action = 0;
    // The number that calls, or is called first, in the only session that it is about. Empty: about
    // all.
    std::string caller;
    // Sessions that it has struck, or is about to.
    std::set<std::string> struck;
  };

  static bool Holds(const Waiting& waiting, const WatchedSession& watched);
  // The situation is there, and this is not a chance that is let pass.
  bool Seizes(Waiting& waiting, const WatchedSession& watched);
  Waiting* FindFor(const simulator::Request& request);
  bool IsOwnRequest(const Waiting& waiting, const simulator::Request& request) const;
  void SwitchWebhookFaults();
  void SeizeMoment(Waiting& waiting, const WatchedSession& watched);
  void Act(const std::string& fault, const std::string& session_id, base::Duration lasts);
  // False: there is nobody any more, or not yet.
  bool HangUp(std::string_view role, const std::string& session_id);
  // The value that the fault had.
  std::string SetFault(std::string_view name, const std::string& value);
  void Note(const Waiting& waiting, const std::string& session_id);

  World& world_;
  std::vector<Waiting> waiting_;
  // Webhook faults that are on, with the values that they had.
  std::map<std::string, std::string> on_;
};

}  // namespace callbridge::simulation
