// Everything that a seed decides about a world: who calls whom, how people behave, what the
// provider is like, what goes wrong and when. Plain data, so that a failing plan can be made
// smaller and played again; playing it draws nothing that is not in it but by the plan's own seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "callbridge/v1/plan.pb.h"
#include "server/base/time.h"
#include "tests/simulation/ambush.h"
#include "tests/simulation/trouble.h"

namespace callbridge::simulation {

// One bridge and the people in it.
struct BridgePlan {
  enum class Kind {
    // A person calls a number that a route bridges.
    kIncoming,
    // A person calls a number that is offered, and a client takes the offer.
    kOffered,
    // A client has two people called.
    kRequested,
  };
  Kind kind = Kind::kIncoming;
  base::Duration begins{};
  // tests/simulator/people.h.
  std::string caller = "answers:1";
  std::string callee = "answers:3,hangs-up:20";
  // The caller of an incoming call hangs up so long after the call began. Zero: does not.
  base::Duration caller_leaves{};
  // A client asks for the end so long after the beginning. Zero: nobody does.
  base::Duration end_asked{};
  // The offer is taken so long after the beginning.
  base::Duration offer_taken = std::chrono::seconds(2);
};

// The clock of a machine is set to another time, by hand or by NTP.
struct ClockStep {
  base::Duration at{};
  // Below zero: to an earlier time.
  base::Duration by{};
};

struct ServerPlan {
  base::Duration skew{};
  Troubles troubles;
  std::vector<ClockStep> clock_steps;
};

// Something that is wrong for some time.
struct Outage {
  enum class Kind { kProviderAway, kDiskFull, kIngressDown };
  Kind kind = Kind::kProviderAway;
  base::Duration begins{};
  base::Duration lasts{};
};

std::string NameOf(Outage::Kind kind);

// Webhooks that nobody needs, in great number, about those who have a call just then.
struct Storm {
  enum class Kind {
    // Some that were posted before, byte for byte.
    kRepeated,
    // Of types that mean nothing to a bridge.
    kUnneeded,
  };
  Kind kind = Kind::kRepeated;
  base::Duration begins{};
  base::Duration lasts{};
  int events = 0;
};

struct Plan {
  std::uint64_t seed = 0;
  std::vector<BridgePlan> bridges;
  std::vector<ServerPlan> servers{ServerPlan{}};
  int ingresses = 1;
  // Of the simulator: name, value.
  std::vector<std::pair<std::string, std::string>> switches;
  std::vector<std::pair<std::string, std::string>> faults;
  std::vector<Outage> outages;
  std::vector<Storm> storms;
  // Seeds from kAmbushesFrom on may have them.
  std::vector<Ambush> ambushes;
  // Of the simulator: name, duration.
  std::vector<std::pair<std::string, std::string>> delays;
  // A request, its answer and a webhook each take from 1 ms to this, every one another time. Zero:
  // a request and its answer always take 3 ms, a webhook no time at all.
  base::Duration latency_max{};
  // An operation that changes the store takes from 1 ms to this. Zero: no time at all.
  base::Duration store_takes_max{};
  // Every second webhook brings the event of the one before along, in front of its own.
  bool repeats = false;
  // What people hear and how it ends for them is held against judged_course.h too.
  bool judged = false;
  // A client mutes, unmutes, deafens or undeafens somebody each time this has passed, until
  // calm_after. Zero: nobody does.
  base::Duration wishes_every{};
  // A client lets people hear something, or wants keys, each time this has passed, until
  // calm_after. Zero: nobody does.
  base::Duration sounds_every{};
  // Of the plan of every bridge. Without a mode no plan records.
  v1::RecordingPlan recording;
  // A client starts or stops a recording each time this has passed, until calm_after. Zero: nobody
  // does.
  base::Duration recordings_every{};
  // When the simulator's faults, the ambushes and the outages are over at the latest.
  base::Duration calm_after{};
  int readers = 0;
  // Strangers: rubbish and forged webhooks at the ingress, calls of others at the provider.
  bool rubbish = false;
  bool forged = false;
  bool neighbours = false;
};

// Seeds below these are drawn as they always were: tests know some of them by number.
inline constexpr std::uint64_t kAmbushesFrom = 400'000;
// From here on there are crowds that begin at once, and offers that nobody takes.
inline constexpr std::uint64_t kCrowdsFrom = 1'000'000'000;
// From here on every plan is one of judged_course.h.
inline constexpr std::uint64_t kJudgedFrom = 10'000'000'000;
// From here on those have a hardship besides (hardship_draw.h).
inline constexpr std::uint64_t kHardshipsFrom = 11'000'000'000;
// From here on they are as those from kCrowdsFrom on, and clients want people muted and deafened.
inline constexpr std::uint64_t kWishesFrom = 12'000'000'000;
// From here on clients also let people hear sounds, and send and capture keys.
inline constexpr std::uint64_t kSoundsFrom = 13'000'000'000;
// From here on plans and clients let bridges be recorded.
inline constexpr std::uint64_t kRecordingsFrom = 14'000'000'000;

// From here on people mostly hear a notice before they are recorded.
inline constexpr std::uint64_t kNoticesFrom = 15'000'000'000;

// True if a bridge may be recorded.
bool IsRecorded(const Plan& plan);

// A swarm: which kinds of trouble a world has at all is drawn first, so that few of them meet in
// many ways.
Plan DrawPlan(std::uint64_t seed);
// A line for each thing that is in it.
std::string Describe(const Plan& plan);
// The plan with one thing less, in every way.
std::vector<Plan> Smaller(const Plan& plan);

}  // namespace callbridge::simulation
