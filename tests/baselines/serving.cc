#include "tests/baselines/serving.h"

#include <algorithm>
#include <chrono>

#include "server/base/check.h"
#include "server/store/newest_time.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/simulation/world_settings.h"
#include "webhook/translate.h"

namespace callbridge::baselines {
namespace {

using simulation::RequireOk;
using std::chrono::seconds;

// As long as a restart takes.
constexpr seconds kAway{5};

std::unique_ptr<store::Store> Open(const std::string& path) {
  auto opened = store::OpenSqliteStore(path);
  RequireOk(opened.status());
  RequireOk((*opened)->ClaimServiceId(simulation::WorldSettings().service_id()));
  return *std::move(opened);
}

base::Time StartTime(store::Store& store) {
  const auto newest = store::NewestTimeWaitedFrom(store);
  base::Check(newest.ok() && newest->has_value(), "a session of the database waits");
  return **newest + kAway;
}

}  // namespace

// Tests look at the end of a run, not at its steps.
class Serving::Unwatched final : public simulation::StoreWatch,
                                 public simulation::SendWatch,
                                 public simulation::NetworkWatch {
 public:
  void OnAppended(const std::vector<store::NewInput>&,
                  const std::vector<store::Appended>&) override {}
  void OnCommitted(const std::vector<store::SessionCommit>&,
                   const std::vector<absl::Status>&) override {}
  void OnTaken(const std::vector<store::CommandKey>&) override {}
  void OnSettled(const std::string&, const internal::v1::CommandResult&) override {}
  void OnForgotten() override {}
  void OnSent(const internal::v1::Command&) override {}
  void OnTrouble(int, simulation::Trouble::Kind) override {}
  void OnArrived(const simulator::RequestRecord&) override {}
};

Serving::Serving(const std::string& path)
    : store_(Open(path)),
      clock_(StartTime(*store_)),
      routes_(simulation::WorldSettings()),
      model_(simulation::SimulatorSettings({})),
      unwatched_(std::make_unique<Unwatched>()),
      network_(model_, agenda_, clock_, trace_, *unwatched_) {
  model_.Advance(now());
}

Serving::~Serving() = default;

std::vector<internal::v1::Session> Serving::Sessions() {
  std::vector<internal::v1::Session> all;
  std::string place;
  do {
    auto page = store_->ListSessions({}, place, 100);
    RequireOk(page.status());
    std::move(page->sessions.begin(), page->sessions.end(), std::back_inserter(all));
    place = page->next_place;
  } while (!place.empty());
  return all;
}

void Serving::Start() {
  simulation::Server::Parts parts{
      .store = *store_,
      .store_watch = *unwatched_,
      .send_watch = *unwatched_,
      .network = network_,
      .clock = clock_,
      .trace = trace_,
      .settings = simulation::WorldSettings(),
      .routes = routes_,
      .let_pass = [](base::Duration) { base::Check(false, "a server here never stands still"); },
      .disk_full = [] { return false; }};
  server_ = std::make_unique<simulation::Server>(1, std::move(parts), simulation::Troubles(), 1);
  store_->AddListener([this] { server_->Wake(); });
  server_->Start();
}

absl::Status Serving::HandOver(const internal::v1::AppendRequest& request) {
  return server_->intake().Append({request.items().begin(), request.items().end()}, now());
}

void Serving::Settle() {
  for (bool more = true; more;) {
    for (const simulator::Delivery& delivery : model_.Advance(now())) {
      const auto items = webhook::Translate(delivery.body, now());
      RequireOk(items.status());
      RequireOk(server_->intake().Append(*items, now()));
    }
    while (simulation::Agenda::Action action = agenda_.TakeDue(now())) action();
    if (server_->NextTime() && *server_->NextTime() <= now()) server_->RunOnce();
    const std::optional<base::Time> next = NextTime();
    more = next && *next <= now();
  }
}

std::optional<base::Time> Serving::NextTime() const {
  std::optional<base::Time> next;
  for (const auto& time : {model_.NextTime(), agenda_.NextTime(), server_->NextTime()}) {
    if (time && (!next || *time < *next)) next = time;
  }
  return next;
}

bool Serving::RunUntil(const std::function<bool()>& condition, base::Duration longest) {
  const base::Time end = now() + longest;
  Settle();
  while (!condition()) {
    const std::optional<base::Time> next = NextTime();
    if (!next || *next > end) return false;
    clock_.Set(std::max(*next, now()));
    Settle();
  }
  return true;
}

bool Serving::IsOver() {
  const auto counts = store_->Count();
  RequireOk(counts.status());
  return counts->live_sessions == 0 && counts->waiting_inputs == 0 && Alive().empty();
}

std::vector<std::string> Serving::Alive() const {
  std::vector<std::string> alive;
  for (const auto& [number, call] : model_.world().calls.things()) {
    if (!call.ended()) alive.push_back("call " + call.id);
  }
  for (const auto& [number, conference] : model_.world().conferences.things()) {
    if (!conference.ended()) alive.push_back("conference " + conference.name);
  }
  return alive;
}

}  // namespace callbridge::baselines
