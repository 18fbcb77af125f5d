// Plays worlds of the simulation, one for each situation that their ambushes lead into. A situation
// is a phase, and a command that is pending, in flight or unknown. The server of a world is
// stopped, as by a kill, where its session shows most that no session taken before shows. Those
// sessions go into one database. All servers stop at the same moment. What the provider says of the
// sessions while no server runs is kept as well, as the ingress hands it over.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"
#include "tests/baselines/kept_store.h"
#include "tests/simulation/plan.h"

namespace callbridge::baselines {

// When each server stops.
base::Time StopTime();

// Each open command of the session: "dialing_callee dial_leg unknown". "connected nothing": none.
std::set<std::string> SituationsOf(const internal::v1::Session& session);

class Harvest {
 public:
  // scratch: a folder for the worlds' own databases.
  Harvest(KeptStore& kept, std::string scratch) : kept_(kept), scratch_(std::move(scratch)) {}

  // Takes up to so many sessions, those first that show most.
  void Gather(int sessions);
  // Adds to the hand-over a call that nobody has heard of, and a webhook that cannot be read.
  void AddTheUnknown();

  const std::set<std::string>& situations() const { return situations_; }
  const internal::v1::AppendRequest& hand_over() const { return hand_over_; }
  int sessions() const { return sessions_; }

 private:
  // Where a world's server may be stopped, and what its session is in then.
  struct Stop {
    std::size_t world = 0;
    // Counted from the world's first.
    int step = 0;
    base::Duration after{};
    std::set<std::string> situations;
  };
  void FindStops(std::size_t world);
  // How much these situations show that no session taken shows.
  std::size_t NewIn(const std::set<std::string>& situations) const;
  void TakeFrom(const Stop& stop);
  // As the ingress reads a webhook's body.
  void HandOver(const std::string& body, const internal::v1::Session* about);

  KeptStore& kept_;
  const std::string scratch_;
  std::vector<simulation::Plan> worlds_;
  std::vector<Stop> stops_;
  int sessions_ = 0;
  std::set<std::string> situations_;
  internal::v1::AppendRequest hand_over_;
};

}  // namespace callbridge::baselines
