#include "tests/baselines/harvest.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <vector>

#include "server/base/check.h"
#include "server/base/limits.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/world.h"
#include "webhook/translate.h"

namespace callbridge::baselines {
namespace {

using internal::v1::OpenCommand;
using internal::v1::Session;
using simulation::Plan;
using simulation::Trouble;
using simulation::World;
using std::chrono::seconds;

// Longer than any of these worlds goes on.
constexpr seconds kLongest{700};
// What the provider says in this time is handed over.
constexpr seconds kHeld{3};

bool IsUsable(const Plan& plan) {
  return plan.servers.size() == 1 && plan.servers.front().skew.count() == 0 &&
         plan.servers.front().clock_steps.empty() && plan.bridges.size() <= 2;
}

// It is not started again in the world's time.
Trouble Kill() { return {Trouble::Kind::kCrashBefore, 2 * kLongest}; }

bool IsAbout(const internal::v1::ProviderEvent& event, const Session& session) {
  const auto& legs = session.legs();
  const bool of_leg = std::any_of(legs.begin(), legs.end(), [&event](const auto& leg) {
    return !leg.call_id().empty() && leg.call_id() == event.call_id();
  });
  const auto& marks = event.call().custom_data();
  const bool marked = std::any_of(marks.begin(), marks.end(), [&session](const auto& mark) {
    return mark.key() == "session" && mark.value() == session.session_id();
  });
  const std::string& conference = session.conference().conference_id();
  return of_leg || marked || (!conference.empty() && conference == event.conference_id());
}

// "dialing_callee dial_leg unknown", or without the command.
std::string InGrain(const std::string& situation, Harvest::Grain grain) {
  if (grain == Harvest::Grain::kEachCommand) return situation;
  return situation.substr(0, situation.find(' ')) + situation.substr(situation.rfind(' '));
}

}  // namespace

base::Time StopTime() { return std::chrono::sys_days(std::chrono::year(2026) / 2 / 1); }

std::set<std::string> SituationsOf(const Session& session) {
  std::set<std::string> situations;
  for (const OpenCommand& open : session.open_commands()) {
    const std::string status = internal::v1::Command::Status_Name(open.status()).substr(sizeof("STATUS"));
    situations.insert(absl::StrCat(simulation::PhaseName(session), " ",
                                   simulation::ActionName(open.command()), " ",
                                   absl::AsciiStrToLower(status)));
  }
  return situations;
}

bool Harvest::IsWanted(const Session& session) const {
  std::set<std::string> found;
  for (const std::string& one : SituationsOf(session)) found.insert(InGrain(one, grain_));
  std::erase_if(found, [this](const std::string& one) { return known_.contains(one); });
  return found.size() >= least_;
}

void Harvest::Play(int seeds, Grain grain, std::size_t least) {
  grain_ = grain;
  least_ = least;
  known_.clear();
  for (const std::string& one : situations_) known_.insert(InGrain(one, grain));
  for (const std::uint64_t end = seed_ + static_cast<std::uint64_t>(seeds); seed_ < end; ++seed_) {
    if (!IsUsable(simulation::DrawPlan(seed_))) continue;
    if (const std::optional<Stop> stop = FindStop(seed_)) TakeFrom(seed_, *stop);
  }
}

std::optional<Harvest::Stop> Harvest::FindStop(std::uint64_t seed) const {
  int steps = 0;
  std::optional<Stop> found;
  std::map<std::string, std::int64_t> revisions;
  World* playing = nullptr;
  base::Time start;
  World world(simulation::DrawPlan(seed), {.before_step = [&]() -> std::optional<Trouble> {
                ++steps;
                if (playing == nullptr || found) return std::nullopt;
                for (const auto& [id, watched] : playing->checker().chronicle().sessions) {
                  std::int64_t& known = revisions[id];
                  if (known == watched.revision) continue;
                  known = watched.revision;
                  if (!IsWanted(watched.session)) continue;
                  found = Stop{steps, playing->now() - start};
                  return Kill();
                }
                return std::nullopt;
              }});
  playing = &world;
  start = world.now();
  world.RunUntil([&found] { return found.has_value(); }, seconds(20));
  world.RunUntil([&] { return found.has_value() || world.IsOver(); }, kLongest);
  return found;
}

void Harvest::TakeFrom(std::uint64_t seed, const Stop& stop) {
  const std::string path = scratch_ + "/world.db";
  std::set<std::string> taken;
  {
    int steps = 0;
    bool stopped = false;
    std::vector<std::string> posted;
    World world(simulation::DrawPlan(seed), {.passes =
                                                 [&](const simulator::Delivery& delivery) {
                                                   if (stopped) posted.push_back(delivery.body);
                                                   return !stopped;
                                                 },
                                             .start = StopTime() - stop.after,
                                             .make_store =
                                                 [&path] {
                                                   auto store = store::OpenSqliteStore(path);
                                                   base::Check(store.ok(), "the world's database");
                                                   return *std::move(store);
                                                 },
                                             .before_step = [&]() -> std::optional<Trouble> {
                                               if (++steps != stop.step) return std::nullopt;
                                               stopped = true;
                                               return Kill();
                                             },
                                             .requests = absl::StrCat("request-", seed, "-")});
    world.RunUntil([&stopped] { return stopped; }, stop.after);
    world.Run(kHeld);
    for (const auto& [id, watched] : world.checker().chronicle().sessions) {
      if (!stopped || !IsWanted(watched.session)) continue;
      taken.insert(id);
      for (const std::string& one : SituationsOf(watched.session)) {
        situations_.insert(one);
        known_.insert(InGrain(one, grain_));
      }
      for (const std::string& body : posted) HandOver(body, &watched.session);
    }
  }
  // Empty: on a disk, and with other times, the world takes another course.
  if (!taken.empty()) kept_.Take(path, taken);
  sessions_ += static_cast<int>(taken.size());
  for (const char* ending : {"", "-wal", "-shm", "-lock"}) std::filesystem::remove(path + ending);
}

void Harvest::HandOver(const std::string& body, const Session* about) {
  auto items = webhook::Translate(body, StopTime() + kHeld);
  base::Check(items.ok(), "a webhook of the simulator");
  for (internal::v1::InboxItem& item : *items) {
    if (about != nullptr && !IsAbout(item.event(), *about)) continue;
    base::Check(hand_over_.items_size() < base::kInboxBatchMax, "the hand-over is one batch");
    *hand_over_.add_items() = std::move(item);
  }
}

void Harvest::AddTheUnknown() {
  Plan plan;
  plan.seed = seed_;
  plan.bridges = {{}};
  World world(plan, {.passes =
                         [this](const simulator::Delivery& delivery) {
                           HandOver(delivery.body, nullptr);
                           return false;
                         },
                     .start = StopTime()});
  world.Run(kHeld);
  HandOver("{\"callId\": 7}", nullptr);
}

}  // namespace callbridge::baselines
