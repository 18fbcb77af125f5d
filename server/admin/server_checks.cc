#include "server/admin/server_checks.h"

#include <absl/strings/str_format.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "callbridge/connection.h"
#include "callbridge/deadline.h"
#include "callbridge/internal/v1/inbox_service.grpc.pb.h"
#include "server/base/printable.h"
#include "server/base/time.h"

namespace callbridge::admin {
namespace {

using internal::v1::GetStatusResponse;

constexpr char kServer[] = "server";
constexpr std::chrono::seconds kDeadline{5};

// A counter of the inbox that rises with what the server does not use.
struct Unused {
  std::string_view counter;
  const char* why;
  // Empty means that setup mends it.
  const char* mend;
};

// The names are those of server/inbox/intake.h.
constexpr std::array kUnused = {
    Unused{"webhooks_foreign_configuration",
           "the subscription has no filter, or calls_configuration_id is another one than the "
           "provider's; calls of that configuration are left alone",
           ""},
    Unused{"webhooks_foreign_service",
           "another deployment works on the same calls configuration, and each gets the other's "
           "webhooks",
           "give each deployment a calls configuration of its own, then run setup for each"},
    Unused{"webhooks_without_reference",
           "they say of no call and no conference, so nothing can follow from them",
           "run callbridge-webhook --verify on a captured one (docs/operations.md), and tell the "
           "provider"},
    Unused{"webhooks_other_types",
           "each costs a request, and some types come at every pause of a talk", ""},
    Unused{
        "webhooks_quarantined",
        "they were authentic and could not be read, so what they tell is found out late, by a look",
        "callbridge quarantine shows them; with a newer release, callbridge quarantine replay "
        "--all"},
    Unused{"webhooks_unrouted",
           "people called a number that the settings leave alone, and hear it ring",
           "add a route for the number, or set unrouted: reject; the log says which "
           "(call_to_unrouted_number)"},
    Unused{
        "webhooks_outdated_calls",
        "the webhooks of incoming calls came almost a day late, so those callers had given up",
        "look at the log of the ingress: it was away, or refused the webhooks that were repeated"},
};

std::int64_t ValueOf(const GetStatusResponse& status, std::string_view name) {
  const auto found = std::ranges::find(status.counters(), name, [](const auto& counter) {
    return std::string_view(counter.name());
  });
  return found == status.counters().end() ? 0 : found->value();
}

std::string MeaningOf(const GetStatusResponse& status, std::string_view name) {
  for (const auto& counter : status.counters()) {
    if (counter.name() == name) return base::Printable(counter.meaning());
  }
  return "";
}

void Judge(const GetStatusResponse& status, const std::string& setup, Report& report) {
  const std::string since =
      "since its start at " + base::FormatTime(base::FromTimestamp(status.start_time()));
  if (!status.store_error().empty()) {
    report.findings.push_back({kServer, "its store fails: " + base::Printable(status.store_error()),
                               "no session begins or goes on",
                               "look at the server's log and at the disk"});
  }
  const std::size_t before = report.findings.size();
  for (const Unused& unused : kUnused) {
    const std::int64_t value = ValueOf(status, unused.counter);
    if (value == 0) continue;
    const std::string meaning = MeaningOf(status, unused.counter);
    report.findings.push_back(
        {kServer,
         absl::StrFormat("counted %s = %d %s: %s", std::string(unused.counter), value, since,
                         meaning.substr(0, meaning.find_last_not_of('.') + 1)),
         unused.why, *unused.mend == '\0' ? setup : unused.mend});
  }
  const std::int64_t stored = ValueOf(status, "webhooks_stored");
  if (report.findings.size() == before) {
    report.good.push_back(
        {kServer, absl::StrFormat("version %s stored %d webhooks %s, and counted none that it does "
                                  "not use",
                                  base::Printable(status.version()), stored, since)});
  }
  if (stored == 0) {
    report.notes.push_back({kServer, "no webhook of a call has come " + since +
                                         "; if there were calls, the provider does not reach the "
                                         "ingress, or sends no events"});
  }
}

}  // namespace

absl::StatusOr<GetStatusResponse> AskServerByGrpc(const std::string& address) {
  client::ConnectionOptions connection;
  connection.address = address;
  const auto stub = internal::v1::InboxService::NewStub(client::Connect(connection));
  grpc::ClientContext context;
  context.set_deadline(client::DeadlineIn(kDeadline));
  GetStatusResponse response;
  const grpc::Status status = stub->GetStatus(&context, {}, &response);
  if (status.ok()) return response;
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

void CheckServer(const config::v1::Settings& settings, const AskServer& ask,
                 const std::string& setup, Report& report) {
  const std::string& address = settings.inbox().listen();
  if (address.empty()) {
    report.unchecked.push_back({kServer, "inbox.listen is not set, so the server cannot be asked"});
    return;
  }
  const absl::StatusOr<GetStatusResponse> status = ask(address);
  if (status.ok()) return Judge(*status, setup, report);
  const bool silent =
      absl::IsUnavailable(status.status()) || absl::IsDeadlineExceeded(status.status());
  report.unchecked.push_back(
      {kServer,
       silent ? absl::StrFormat("no server answers at inbox.listen (%s), so what it counted is not "
                                "known; start callbridge-server, and run doctor on its machine",
                                address)
              : absl::StrFormat("what answers at inbox.listen (%s) is no callbridge-server: %s",
                                address, std::string(status.status().message()))});
}

}  // namespace callbridge::admin
