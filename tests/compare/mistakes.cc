#include "tests/compare/mistakes.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "tests/simulation/world_settings.h"

namespace callbridge::compare {
namespace {

using simulator::Call;
using simulator::Conference;
using simulator::World;
using std::chrono::seconds;

// A webhook that is out of order comes up to 1 s late, and what follows from it takes a moment.
constexpr seconds kAloneMax{5};
constexpr seconds kMusicMax{5};
// Less is no conversation.
constexpr seconds kTalkLeast{5};

struct Span {
  base::Time from;
  base::Time to;
};

// The calls of one of the twenty.
struct Bridged {
  const Call* caller = nullptr;
  std::vector<const Call*> callees;
};

base::Time EndOf(const Call& call, const World& world) { return call.end.value_or(world.now); }

Bridged Find(const World& world, int index) {
  Bridged bridged;
  for (const auto& [number, call] : world.calls.things()) {
    if (call.inbound && call.to == simulation::RoutedNumber(index)) bridged.caller = &call;
    if (!call.inbound && call.to == simulation::CalleeNumber(index)) {
      bridged.callees.push_back(&call);
    }
  }
  return bridged;
}

// When both were in one conference. Absent: never.
std::optional<Span> Together(const World& world, const Call& caller, const Call& callee) {
  for (const auto& [number, conference] : world.conferences.things()) {
    const auto joined = [&conference = conference](const Call& call) {
      const auto found = std::find_if(
          conference.participants.begin(), conference.participants.end(),
          [&](const auto& one) { return one.call_id == call.id && one.join.has_value(); });
      return found == conference.participants.end() ? nullptr : &*found;
    };
    const simulator::Participant* one = joined(caller);
    const simulator::Participant* other = joined(callee);
    if (one == nullptr || other == nullptr) continue;
    const Span span{std::max(*one->join, *other->join),
                    std::min(one->leave.value_or(world.now), other->leave.value_or(world.now))};
    if (span.from < span.to) return span;
  }
  return std::nullopt;
}

bool Heard(const Call& call, std::string_view words) {
  return std::any_of(call.timeline.begin(), call.timeline.end(), [&](const auto& entry) {
    return entry.text.find("hears say \"" + std::string(words)) != std::string::npos;
  });
}

// When the latest music that began by `when` had stopped; absent: there was none.
std::optional<base::Time> MusicStopped(const Call& call, base::Time when) {
  bool on = false;
  std::optional<base::Time> stopped;
  for (const simulator::TimelineEntry& entry : call.timeline) {
    const bool begins = entry.text.starts_with("hears play");
    if (begins && entry.at > when) break;
    if (begins) on = true;
    if (on && entry.text.starts_with("play ended")) {
      stopped = entry.at;
      on = false;
    }
  }
  return on ? base::Time::max() : stopped;
}

bool EndedWell(const World& world, const PlannedCall& planned, const Bridged& bridged) {
  switch (planned.ending) {
    case Ending::kTalk:
      return std::any_of(bridged.callees.begin(), bridged.callees.end(), [&](const Call* callee) {
        const auto talk = Together(world, *bridged.caller, *callee);
        const bool caller_first = EndOf(*bridged.caller, world) < EndOf(*callee, world);
        const Call& first = caller_first ? *bridged.caller : *callee;
        return talk && talk->to - talk->from >= kTalkLeast && first.ended() &&
               first.hangup_source == "ENDPOINT";
      });
    case Ending::kApology:
      return Heard(*bridged.caller, "Nobody there.") && bridged.caller->hangup_source == "API";
    case Ending::kLeft:
      return std::none_of(bridged.callees.begin(), bridged.callees.end(), [&](const Call* callee) {
        return Together(world, *bridged.caller, *callee);
      });
  }
  return false;
}

// Callees who ring or hold the line for a caller who is gone, and callers whose callee has left.
int LeftAlone(const World& world, const Bridged& bridged) {
  int alone = 0;
  for (const Call* callee : bridged.callees) {
    const base::Time since = std::max(callee->start, EndOf(*bridged.caller, world));
    if (EndOf(*callee, world) - since > kAloneMax) ++alone;
    const bool talked = Together(world, *bridged.caller, *callee).has_value();
    if (talked && EndOf(*bridged.caller, world) - EndOf(*callee, world) > kAloneMax) ++alone;
  }
  return alone;
}

bool MusicOverTalk(const World& world, const Bridged& bridged) {
  return std::any_of(bridged.callees.begin(), bridged.callees.end(), [&](const Call* callee) {
    const auto talk = Together(world, *bridged.caller, *callee);
    if (!talk || talk->to - talk->from <= kMusicMax) return false;
    const auto stopped = MusicStopped(*bridged.caller, talk->to);
    return stopped && *stopped > talk->from + kMusicMax;
  });
}

template <typename Things>
std::int64_t CountAlive(const Things& things) {
  return std::count_if(things.begin(), things.end(),
                       [](const auto& thing) { return !thing.second.ended(); });
}

}  // namespace

std::vector<Mistake> CountMistakes(const std::vector<PlannedCall>& calls, const World& world,
                                   int ended) {
  std::int64_t wrong = 0;
  std::int64_t alone = 0;
  std::int64_t twice = 0;
  std::int64_t music = 0;
  for (int index = 0; index < kCalls; ++index) {
    const Bridged bridged = Find(world, index);
    wrong += EndedWell(world, calls[static_cast<std::size_t>(index)], bridged) ? 0 : 1;
    alone += LeftAlone(world, bridged);
    twice += bridged.callees.size() > 1 ? 1 : 0;
    music += MusicOverTalk(world, bridged) ? 1 : 0;
  }
  return {
      {"callers with a wrong ending", wrong, "not connected, cut off, or neither told nor hung up"},
      {"people left alone", alone, "ringing or on the line for more than 5 s after the other left"},
      {"callees dialled twice", twice, "a second telephone call to somebody who got one already"},
      {"sounds over one another", world.journal.overlaps, "a prompt or music on top of another"},
      {"music that did not stop", music, "still heard 5 s after the two were brought together"},
      {"calls left alive", CountAlive(world.calls.things()),
       "still there, and paid for, after 15 minutes"},
      {"conferences left open", CountAlive(world.conferences.things()), "likewise"},
      {"bridges without an outcome", kCalls - ended,
       "whoever bridged them never learned that they are over"},
      {"impossible requests", world.journal.violations_seen,
       "requests that no correct client sends"},
  };
}

std::int64_t Sum(const std::vector<Mistake>& mistakes) {
  std::int64_t sum = 0;
  for (const Mistake& mistake : mistakes) sum += mistake.count;
  return sum;
}

}  // namespace callbridge::compare
