#include "server/inbox/inbox_service.h"

#include <absl/strings/str_format.h>

#include <string>
#include <vector>

#include "server/base/limits.h"

namespace callbridge::inbox {
namespace {

constexpr int kQuarantinePageDefault = 100;
// Bodies are up to 64 KiB; a page must stay below the 4 MiB that clients take by default.
constexpr std::size_t kQuarantinePageBytesMax = 3 * 1024 * 1024;

grpc::Status ToGrpc(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

}  // namespace

InboxService::InboxService(Intake& intake, store::Store& store, const base::Clock& clock)
    : intake_(intake), store_(store), clock_(clock) {}

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
  if (request->page_size() < 0 || request->page_size() > base::kListPageSizeMax) {
    return ToGrpc(absl::InvalidArgumentError(absl::StrFormat(
        "page_size: %d is not within 0 and %d", request->page_size(), base::kListPageSizeMax)));
  }
  const int limit = request->page_size() == 0 ? kQuarantinePageDefault : request->page_size();
  const auto items = store_.ListQuarantine(limit);
  if (!items.ok()) return ToGrpc(items.status());
  const auto counts = store_.Count();
  if (!counts.ok()) return ToGrpc(counts.status());
  std::size_t bytes = 0;
  for (const internal::v1::Quarantined& item : *items) {
    bytes += item.ByteSizeLong();
    if (bytes > kQuarantinePageBytesMax) break;
    *response->add_items() = item;
  }
  response->set_total(counts->quarantined);
  return grpc::Status::OK;
}

}  // namespace callbridge::inbox
