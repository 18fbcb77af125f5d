// Plays worlds of the simulation and stops their server, as a kill does, where a session is in a
// situation that was not met yet: its phase, and a command that is pending, in flight or unknown.
// Those sessions go into one database. All of them stopped at the same moment, and what the
// provider said of them while no server ran is kept beside, as the ingress hands it over.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "callbridge/internal/v1/session.pb.h"
#include "server/base/time.h"
#include "tests/baselines/kept_store.h"

namespace callbridge::baselines {

// When each server stops.
base::Time StopTime();

// Each open command of the session: "dialing_callee dial_leg unknown".
std::set<std::string> SituationsOf(const internal::v1::Session& session);

class Harvest {
 public:
  // scratch: a folder for the worlds' own databases.
  Harvest(KeptStore& kept, std::string scratch) : kept_(kept), scratch_(std::move(scratch)) {}

  // What makes a situation a new one.
  enum class Grain { kEachCommand, kPhaseAndStatus };
  // Plays so many seeds, and stops where a session is in at least so many new situations at once.
  void Play(int seeds, Grain grain, std::size_t least);
  // Adds to the hand-over a call that nobody has heard of, and a webhook that cannot be read.
  void AddTheUnknown();

  const std::set<std::string>& situations() const { return situations_; }
  const internal::v1::AppendRequest& hand_over() const { return hand_over_; }
  int sessions() const { return sessions_; }

 private:
  // Where a world's server is stopped.
  struct Stop {
    // Counted from the world's first.
    int step = 0;
    base::Duration after{};
  };
  std::optional<Stop> FindStop(std::uint64_t seed) const;
  void TakeFrom(std::uint64_t seed, const Stop& stop);
  bool IsWanted(const internal::v1::Session& session) const;
  // As the ingress reads a webhook's body.
  void HandOver(const std::string& body, const internal::v1::Session* about);

  KeptStore& kept_;
  const std::string scratch_;
  std::uint64_t seed_ = 400'000;
  // What is sought now.
  Grain grain_ = Grain::kEachCommand;
  std::size_t least_ = 1;
  int sessions_ = 0;
  std::set<std::string> situations_;
  // The same by grain.
  std::set<std::string> known_;
  internal::v1::AppendRequest hand_over_;
};

}  // namespace callbridge::baselines
