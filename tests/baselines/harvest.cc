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
#include "server/base/ingress_limits.h"
#include "server/base/marks.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/baselines/left_behind.h"
#include "tests/simulation/ambush_draw.h"
#include "tests/simulation/ambush_table.h"
#include "tests/simulation/plan.h"
#include "tests/simulation/world.h"
#include "webhook/translate.h"

namespace callbridge::baselines {
namespace {

using internal::v1::Command;
using internal::v1::OpenCommand;
using internal::v1::Session;
using simulation::Plan;
using simulation::Trouble;
using simulation::World;
using std::chrono::seconds;

// Longer than any of these worlds goes on.
constexpr seconds kLongest{700};
// The bridges of a world have begun.
constexpr seconds kAllBegun{5};
// What the provider says in this time is handed over.
constexpr seconds kHeld{3};
constexpr std::uint64_t kFirstSeed = simulation::kAmbushesFrom;
// A new phase with a new status of a command is worth as much as so many new commands.
constexpr std::size_t kPhaseWorth = 100;

// The command's answer is lost: nobody knows what came of it.
simulation::Ambush LoseAnswer(const simulation::AmbushRow& row) {
  simulation::Ambush ambush;
  ambush.fault = "reset-after";
  ambush.phase = row.phase;
  ambush.command = row.command;
  ambush.own_request = true;
  return ambush;
}

// Two for each situation of the table: the command comes through, and its answer is lost.
std::vector<Plan> Worlds() {
  std::vector<Plan> worlds;
  const simulation::AmbushRow* last = nullptr;
  for (const simulation::AmbushCell& cell : simulation::ReachableCells()) {
    if (cell.row == last) continue;
    last = cell.row;
    worlds.push_back(simulation::LeadInto(*cell.row, kFirstSeed + worlds.size()));
    if (cell.row->command == simulation::kNothing) continue;
    worlds.push_back(simulation::LeadInto(*cell.row, kFirstSeed + worlds.size()));
    worlds.back().ambushes.push_back(LoseAnswer(*cell.row));
  }
  return worlds;
}

// It is not started again in the world's time.
Trouble Kill() { return {Trouble::Kind::kCrashBefore, 2 * kLongest}; }

bool IsAbout(const internal::v1::ProviderEvent& event, const Session& session) {
  const auto& legs = session.legs();
  const bool of_leg = std::any_of(legs.begin(), legs.end(), [&event](const auto& leg) {
    return !leg.call_id().empty() && leg.call_id() == event.call_id();
  });
  const bool marked = base::ReadMarks(event.call().custom_data()).session == session.session_id();
  const std::string& conference = session.conference().conference_id();
  return of_leg || marked || (!conference.empty() && conference == event.conference_id());
}

// "dialing_callee dial_leg unknown" without the command.
std::string PhaseAndStatus(const std::string& situation) {
  return situation.substr(0, situation.find(' ')) + situation.substr(situation.rfind(' '));
}

}  // namespace

base::Time StopTime() { return std::chrono::sys_days(std::chrono::year(2026) / 2 / 1); }

std::set<std::string> SituationsOf(const Session& session) {
  std::set<std::string> situations;
  // Nobody lists a session that has not begun.
  if (session.phase_case() == Session::PHASE_NOT_SET) return situations;
  if (session.open_commands().empty()) {
    situations.insert(absl::StrCat(simulation::PhaseName(session), " nothing"));
  }
  for (const OpenCommand& open : session.open_commands()) {
    const Command::Status known = StatusOf(open, session);
    const std::string status = Command::Status_Name(known).substr(sizeof("STATUS"));
    situations.insert(absl::StrCat(simulation::PhaseName(session), " ",
                                   simulation::ActionName(open.command()), " ",
                                   absl::AsciiStrToLower(status)));
  }
  return situations;
}

void Harvest::Gather(int sessions) {
  worlds_ = Worlds();
  for (std::size_t world = 0; world < worlds_.size(); ++world) FindStops(world);
  while (sessions_ < sessions) {
    const auto most =
        std::max_element(stops_.begin(), stops_.end(), [this](const Stop& one, const Stop& other) {
          return NewIn(one.situations) < NewIn(other.situations);
        });
    if (most == stops_.end() || NewIn(most->situations) == 0) return;
    const Stop stop = *most;
    TakeFrom(stop);
    // The ids of a world's sessions are the same, wherever its server stops.
    std::erase_if(stops_, [&stop](const Stop& other) { return other.world == stop.world; });
  }
}

void Harvest::FindStops(std::size_t world) {
  int steps = 0;
  std::set<std::set<std::string>> known;
  World* playing = nullptr;
  base::Time start;
  World whole(worlds_[world], {.before_step = [&]() -> std::optional<Trouble> {
                ++steps;
                if (playing == nullptr) return std::nullopt;
                for (const auto& [id, watched] : playing->checker().chronicle().sessions) {
                  std::set<std::string> situations = SituationsOf(watched.session);
                  if (!known.insert(situations).second) continue;
                  stops_.push_back({world, steps, playing->now() - start, std::move(situations)});
                }
                return std::nullopt;
              }});
  playing = &whole;
  start = whole.now();
  whole.Run(kAllBegun);
  whole.RunUntil([&whole] { return whole.IsOver(); }, kLongest);
}

std::size_t Harvest::NewIn(const std::set<std::string>& situations) const {
  std::set<std::string> pairs;
  for (const std::string& one : situations_) pairs.insert(PhaseAndStatus(one));
  std::size_t found = 0;
  for (const std::string& one : situations) {
    if (!situations_.contains(one)) ++found;
    if (pairs.insert(PhaseAndStatus(one)).second) found += kPhaseWorth;
  }
  return found;
}

void Harvest::TakeFrom(const Stop& stop) {
  const Plan& plan = worlds_[stop.world];
  const std::string path = scratch_ + "/world.db";
  std::set<std::string> taken;
  {
    int steps = 0;
    bool stopped = false;
    std::vector<std::string> posted;
    World world(plan, {.passes =
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
                       .requests = absl::StrCat("request-", plan.seed, "-")});
    world.RunUntil([&stopped] { return stopped; }, stop.after);
    world.Run(kHeld);
    for (const auto& [id, watched] : world.checker().chronicle().sessions) {
      std::set<std::string> situations = SituationsOf(watched.session);
      if (!stopped || NewIn(situations) == 0) continue;
      taken.insert(id);
      situations_.merge(situations);
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
  plan.seed = kFirstSeed + worlds_.size();
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
