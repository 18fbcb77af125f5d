#include "server/inbox/inbox_service.h"

#include <absl/strings/str_format.h>

#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"

namespace callbridge::inbox {
namespace {

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

template <typename Response>
grpc::Status Give(absl::StatusOr<Response> answer, Response& response) {
  if (!answer.ok()) return ToGrpc(answer.status());
  response = *std::move(answer);
  return grpc::Status::OK;
}

}  // namespace

InboxService::InboxService(Intake& intake, store::Store& store, const base::Clock& clock,
                           Translate translate)
    : intake_(intake), clock_(clock), quarantine_(intake, store, clock, std::move(translate)) {}

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

}  // namespace callbridge::inbox
