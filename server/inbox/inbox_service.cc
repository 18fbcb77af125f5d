#include "server/inbox/inbox_service.h"

#include <absl/strings/str_format.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "server/base/counters.h"
#include "server/base/ingress_limits.h"
#include "server/base/version.h"

namespace callbridge::inbox {
namespace {

using internal::v1::GetStatusResponse;

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

template <typename Response>
grpc::Status Give(absl::StatusOr<Response> answer, Response& response) {
  if (!answer.ok()) return ToGrpc(answer.status());
  response = *std::move(answer);
  return grpc::Status::OK;
}

void SetCounts(const absl::StatusOr<store::Counts>& counts, GetStatusResponse& response) {
  if (!counts.ok()) {
    response.set_store_error(std::string(counts.status().message()));
    return;
  }
  response.set_live_sessions(counts->live_sessions);
  response.set_waiting_inputs(counts->waiting_inputs);
  response.set_pending_dials(counts->pending_dials);
  response.set_parked_webhooks(counts->parked);
  response.set_parked_webhooks_dropped(counts->parked_dropped);
  response.set_quarantined_webhooks(counts->quarantined);
}

void SetFiles(const ServerFacts& facts, GetStatusResponse& response) {
  const auto ask = [](const AskBytes& question) { return question ? question() : std::nullopt; };
  if (const auto bytes = ask(facts.database)) response.set_database_bytes(*bytes);
  if (const auto bytes = ask(facts.wal)) response.set_wal_bytes(*bytes);
  if (const auto bytes = ask(facts.free_disk)) response.set_free_disk_bytes(*bytes);
}

void AddCounters(GetStatusResponse& response) {
  for (const base::CounterValue& value : base::CountersNow()) {
    internal::v1::Counter& counter = *response.add_counters();
    counter.set_name(std::string(value.name));
    counter.set_meaning(std::string(value.meaning));
    counter.set_kind(value.kind == base::CounterKind::kGauge ? internal::v1::Counter::KIND_GAUGE
                                                             : internal::v1::Counter::KIND_TOTAL);
    counter.set_value(value.value);
  }
}

}  // namespace

InboxService::InboxService(Intake& intake, store::Roles<store::Inbox, store::Upkeep> store,
                           const base::Clock& clock, ServerFacts facts, Translate translate)
    : intake_(intake),
      upkeep_(store.get<store::Upkeep>()),
      clock_(clock),
      facts_(std::move(facts)),
      quarantine_(intake, store, clock, std::move(translate)) {}

grpc::Status InboxService::Append(grpc::ServerContext*, const internal::v1::AppendRequest* request,
                                  internal::v1::AppendResponse*) {
  if (request->items_size() > base::kInboxBatchMax) {
    return ToGrpc(absl::InvalidArgumentError(
        absl::StrFormat("items: %d are too many; send at most %d at a time", request->items_size(),
                        base::kInboxBatchMax)));
  }
  const std::vector<internal::v1::InboxItem> items(request->items().begin(),
                                                   request->items().end());
  return ToGrpc(intake_.Append(items, clock_.Now()));
}

grpc::Status InboxService::ListQuarantine(grpc::ServerContext*,
                                          const internal::v1::ListQuarantineRequest* request,
                                          internal::v1::ListQuarantineResponse* response) {
  return Give(quarantine_.List(*request), *response);
}

grpc::Status InboxService::ReplayQuarantined(grpc::ServerContext*,
                                             const internal::v1::ReplayQuarantinedRequest* request,
                                             internal::v1::ReplayQuarantinedResponse* response) {
  return Give(quarantine_.Replay(*request), *response);
}

grpc::Status InboxService::DismissQuarantined(
    grpc::ServerContext*, const internal::v1::DismissQuarantinedRequest* request,
    internal::v1::DismissQuarantinedResponse* response) {
  return Give(quarantine_.Dismiss(*request), *response);
}

grpc::Status InboxService::GetStatus(grpc::ServerContext*, const internal::v1::GetStatusRequest*,
                                     GetStatusResponse* response) {
  response->set_version(std::string(base::Version()));
  *response->mutable_start_time() = base::ToTimestamp(facts_.start_time);
  *response->mutable_current_time() = base::ToTimestamp(clock_.Now());
  SetCounts(upkeep_.Count(), *response);
  SetFiles(facts_, *response);
  if (facts_.system_ahead) {
    system_ahead_.Set(std::chrono::floor<std::chrono::milliseconds>(facts_.system_ahead()).count());
  }
  AddCounters(*response);
  return grpc::Status::OK;
}

}  // namespace callbridge::inbox
