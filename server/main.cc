// callbridge-server stores sessions, steps them, sends requests to the provider and answers the
// API. Its parts stand in the order in which they begin. They end in the reverse order.
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/admission/room.h"
#include "server/api/grpc_listener.h"
#include "server/api/health.h"
#include "server/api/server.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/flow/step.h"
#include "server/inbox/inbox_service.h"
#include "server/inbox/intake.h"
#include "server/inbox/server_facts.h"
#include "server/provider/infobip_provider.h"
#include "server/provider/provider_pace.h"
#include "server/settings/files.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/program.h"
#include "server/settings/routes.h"
#include "server/settings/session_settings.h"
#include "server/store/memory/memory_store.h"
#include "server/store/newest_time.h"
#include "server/store/sqlite/file_check.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store_commands.h"
#include "server/watched_provider.h"
#include "server/worker/sweep.h"
#include "server/worker/worker.h"
#include "server/worker/worker_loop.h"
#include "webhook/grpc_log.h"
#include "webhook/ingress.h"
#include "webhook/local_inbox_sink.h"
#include "webhook/port_file.h"
#include "webhook/translate.h"

namespace callbridge {
namespace {

// Opens the store that the settings name. CANCELLED means that the signal to stop came first.
absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const config::v1::Store& settings,
                                                        const settings::StopSignals& stop_signals) {
  if (settings.has_memory()) return store::MakeMemoryStore();
  return store::OpenSqliteStore(
      settings.sqlite().path(),
      {.stop = [&stop_signals] { return stop_signals.Came(); }, .new_id = false});
}

// True if the last server on this store did not end in order.
bool WasLeftInDisorder(const config::v1::Store& settings) {
  return settings.has_sqlite() && store::HasLog(settings.sqlite().path());
}

// Returns the free bytes in the form that admission asks for.
std::function<std::int64_t()> FreeDiskBytes(const inbox::ServerFacts& facts) {
  if (!facts.free_disk) return {};
  // An unknown size does not count as full, because the store itself reports when it cannot write.
  return [ask = facts.free_disk] { return ask().value_or(INT64_MAX); };
}

// Continues from the time of the last run, if the system's clock was set back since then and a
// session still waits.
absl::Status ContinueTime(store::Roles<store::Work, store::History> store,
                          base::ServiceClock& clock) {
  const auto newest = store::NewestTimeWaitedFrom(store);
  if (!newest.ok()) return newest.status();
  const base::Time now = clock.Now();
  if (!newest->has_value() || **newest <= now) return absl::OkStatus();
  clock.ContinueAfter(**newest);
  base::Log(base::LogLevel::kWarning, "clock_continues",
            {{"ahead_s", std::chrono::duration<double>(**newest - now).count()},
             {"help",
              "the store holds sessions that wait for times later than the system's clock; this "
              "process goes by the store's time. Correct the system's clock, and restart when no "
              "session is alive"}});
  return absl::OkStatus();
}

struct Accounts {
  std::map<std::string, provider::AccountOptions> options;
  std::map<std::string, provider::Rates> rates;
};

// Reads the account "default": this release uses no other, and hangs up no orphans of others.
absl::StatusOr<Accounts> ReadAccounts(const config::v1::Settings& settings) {
  Accounts accounts;
  for (const auto& [name, account] : settings.accounts()) {
    if (name != settings::kDefaultName) continue;
    const auto secret = settings::ReadAccountSecret(account);
    if (!secret.ok()) return secret.status();
    const auto options = provider::MakeAccountOptions(account, *secret);
    if (!options.ok()) return options.status();
    accounts.rates[name] = options->rates;
    accounts.options[name] = *options;
  }
  return accounts;
}

worker::SweepOptions SweepOptionsOf(const config::v1::Settings& settings) {
  worker::SweepOptions options;
  options.service_id = settings.service_id();
  options.accounts.emplace_back(settings::kDefaultName);
  options.interval = base::FromProtoDuration(settings.sweep().interval());
  options.minimum_age = base::FromProtoDuration(settings.sweep().minimum_age());
  options.dry_run = settings.sweep().dry_run();
  return options;
}

// Ends all parts within base::kServerStopMax. The API refuses new work while the ingress still
// hands over what it had begun. Inputs of both are stepped before the worker ends.
absl::Status Drain(api::Server& api, webhook::Ingress* ingress, api::GrpcListener& inbox,
                   worker::WorkerLoop& loop) {
  {
    std::jthread ingress_ends;
    if (ingress != nullptr) ingress_ends = std::jthread([ingress] { ingress->Drain(); });
    api.Drain(base::kDrainStep);
  }
  inbox.Shutdown(base::kDrainStep);
  const absl::Status stopped = loop.Stop(base::kDrainStep);
  if (!absl::IsDeadlineExceeded(stopped)) return stopped;
  // A slow provider does not make the requested stop a failure.
  base::Log(base::LogLevel::kWarning, "drain_incomplete",
            {{"reason", std::string(stopped.message())}});
  return absl::OkStatus();
}

absl::Status Serve(const config::v1::Settings& settings, const base::Arguments& arguments,
                   const settings::StopSignals& stop_signals) {
  if (const std::optional<absl::Status> answered = AnswerStoreFlags(arguments, settings.store())) {
    return *answered;
  }
  webhook::TakeGrpcLog();
  base::ServiceClock& clock = base::ProcessClock();
  base::SystemRandomBits random_bits;
  const bool check_needed = WasLeftInDisorder(settings.store());
  const auto store = OpenStore(settings.store(), stop_signals);
  if (absl::IsCancelled(store.status())) return absl::OkStatus();
  if (!store.ok()) return store.status();
  // The check of the file runs beside all that follows, so that no caller waits for it, even with a
  // large store.
  std::optional<store::FileCheck> check;
  if (check_needed) check.emplace(settings.store().sqlite().path());
  if (absl::Status claimed = (*store)->ClaimServiceId(settings.service_id()); !claimed.ok()) {
    return claimed;
  }
  if (absl::Status status = ContinueTime(**store, clock); !status.ok()) return status;
  auto accounts = ReadAccounts(settings);
  if (!accounts.ok()) return accounts.status();
  const auto pace = provider::MakePace(accounts->rates, clock.Now());
  // The health is made before the provider, because the provider reports answers to it even while
  // it ends.
  api::Health health(clock, [&] { return (*store)->NextWakeTime().status(); });
  const auto provider =
      provider::MakeInfobipProvider(std::move(accounts->options), settings.service_id(), clock);
  if (!provider.ok()) return provider.status();
  using Action = internal::v1::Command::ActionCase;
  WatchedProvider watched(**provider, [&](Action action, int status) {
    health.OnProviderAnswer(action, status);
    if (action == Action::kCreateConference) health.OnConferenceAnswer(status);
  });
  worker::Sweep sweep(**store, **provider, watched, *pace, clock, SweepOptionsOf(settings));
  worker::Worker worker(**store, watched, *pace, clock, flow::Step, {}, &sweep);

  const settings::Routes routes(settings);
  const internal::v1::SessionSettings session_settings =
      settings::MakeSessionSettings(settings, settings::kDefaultName);
  const inbox::ServerFacts facts = inbox::MakeServerFacts(settings.store(), clock);
  admission::Room room(
      {**store, *pace, settings.limits(), session_settings.timing(), FreeDiskBytes(facts)});
  inbox::Intake intake({settings.service_id(), session_settings.calls_configuration_id()}, **store,
                       routes, &room, (*provider)->provider_clock(settings::kDefaultName));
  inbox::InboxService inbox_service(intake, **store, clock, facts, webhook::Translate);
  const auto inbox = api::GrpcListener::Start(api::InboxListenOptions(settings.inbox().listen()),
                                              {&inbox_service});
  if (!inbox.ok()) return inbox.status();
  const auto api = api::Server::Start({**store, settings, clock, random_bits, room, &health});
  if (!api.ok()) return api.status();

  std::unique_ptr<webhook::InboxSink> sink;
  std::unique_ptr<webhook::Ingress> ingress;
  if (settings.webhook().in_server()) {
    sink = webhook::MakeLocalInboxSink([&](std::vector<internal::v1::InboxItem> items) {
      return intake.Append(items, clock.Now());
    });
    auto started = webhook::Ingress::Start(settings.webhook(), *sink, clock);
    if (!started.ok()) return started.status();
    ingress = *std::move(started);
  }
  if (const auto port_file = arguments.Value("port-file"); port_file.has_value()) {
    const absl::Status written =
        webhook::WritePortFile(*port_file, static_cast<std::uint16_t>((*api)->port()));
    if (!written.ok()) return written;
  }
  // The worker's loop begins last, so that a start that fails has no effect and does not count as a
  // crash at the next start.
  worker::WorkerLoop loop(worker, **store, clock,
                          {.begin = [&] { health.OnRoundBegin(); },
                           .end = [&](const absl::Status& status) { health.OnRoundEnd(status); }});
  base::Log(base::LogLevel::kInfo, "server_listening",
            {{"api", settings.grpc().listen()},
             {"port", (*api)->port()},
             {"inbox", settings.inbox().listen()}});

  stop_signals.Wait();
  base::Log(base::LogLevel::kInfo, "server_draining");
  return Drain(**api, ingress.get(), **inbox, loop);
}

}  // namespace
}  // namespace callbridge

int main(int argc, char** argv) {
  std::vector<callbridge::base::Flag> flags = callbridge::StoreFlags();
  flags.push_back({"port-file", "FILE", "write the port of the API here"});
  const callbridge::settings::Program program{"callbridge-server",
                                              callbridge::settings::Process::kServer, flags,
                                              callbridge::Serve, callbridge::AnswerCheckStore};
  return callbridge::settings::RunProgram(program, argc, argv);
}
