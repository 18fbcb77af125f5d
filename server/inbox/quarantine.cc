#include "server/inbox/quarantine.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "server/base/ingress_limits.h"
#include "server/base/limits.h"

namespace callbridge::inbox {
namespace {

constexpr int kQuarantinePageDefault = 100;
// Bodies have up to 64 KiB. A page of them must stay below the 4 MiB that clients take by default.
constexpr std::size_t kQuarantinePageBytesMax = 3 * 1024 * 1024;
static_assert(2 * base::kQuarantineBodyBytesMax < kQuarantinePageBytesMax,
              "one item fits into a page");

absl::Status CheckIds(int count) {
  if (count <= base::kInboxBatchMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "ids: %d are too many; send at most %d at a time", count, base::kInboxBatchMax));
}

// Finds the item with this id. Absent means that there is no such item.
absl::StatusOr<std::optional<internal::v1::Quarantined>> Find(store::Inbox& inbox,
                                                              std::int64_t id) {
  if (id <= 0 || id == INT64_MAX) return std::nullopt;
  auto items = inbox.ListQuarantine(id + 1, 1);
  if (!items.ok()) return items.status();
  if (items->empty() || items->front().id() != id) return std::nullopt;
  return std::move(items->front());
}

bool IsUnreadable(const std::vector<internal::v1::InboxItem>& items) {
  return items.empty() || (items.size() == 1 && items.front().has_quarantined());
}

}  // namespace

Quarantine::Quarantine(Intake& intake, store::Roles<store::Inbox, store::Upkeep> store,
                       const base::Clock& clock, Translate translate)
    : intake_(intake),
      inbox_(store.get<store::Inbox>()),
      upkeep_(store.get<store::Upkeep>()),
      clock_(clock),
      translate_(std::move(translate)) {}

absl::StatusOr<internal::v1::ListQuarantineResponse> Quarantine::List(
    const internal::v1::ListQuarantineRequest& request) const {
  if (request.page_size() < 0 || request.page_size() > base::kListPageSizeMax) {
    return absl::InvalidArgumentError(absl::StrFormat("page_size: %d is not within 0 and %d",
                                                      request.page_size(), base::kListPageSizeMax));
  }
  std::int64_t before_id = 0;
  if (!request.page_token().empty() &&
      (!absl::SimpleAtoi(request.page_token(), &before_id) || before_id <= 0)) {
    return absl::InvalidArgumentError("page_token: must be the last response's");
  }
  const int limit = request.page_size() == 0 ? kQuarantinePageDefault : request.page_size();
  // One item more than requested tells whether there is another page.
  auto items = inbox_.ListQuarantine(before_id, limit + 1);
  if (!items.ok()) return items.status();
  const auto counts = upkeep_.Count();
  if (!counts.ok()) return counts.status();
  internal::v1::ListQuarantineResponse response;
  response.set_total(counts->quarantined);
  std::size_t bytes = 0;
  for (internal::v1::Quarantined& item : *items) {
    bytes += item.ByteSizeLong();
    if (response.items_size() == limit || bytes > kQuarantinePageBytesMax) {
      const auto& last = response.items(response.items_size() - 1);
      response.set_next_page_token(absl::StrFormat("%d", last.id()));
      break;
    }
    *response.add_items() = std::move(item);
  }
  return response;
}

absl::StatusOr<internal::v1::ReplayQuarantinedResponse> Quarantine::Replay(
    const internal::v1::ReplayQuarantinedRequest& request) {
  if (absl::Status status = CheckIds(request.ids_size()); !status.ok()) return status;
  if (!translate_) return absl::UnimplementedError("this server cannot read webhooks");
  internal::v1::ReplayQuarantinedResponse response;
  for (const std::int64_t id : request.ids()) {
    const auto item = Find(inbox_, id);
    if (!item.ok()) return item.status();
    if (!item->has_value()) continue;
    const auto items = translate_((*item)->body(), base::FromTimestamp((*item)->receive_time()));
    if (!items.ok() || IsUnreadable(*items)) {
      response.add_unreadable_ids(id);
      continue;
    }
    // The item goes into the inbox before it leaves the quarantine. If the server dies in between,
    // the item is in both. Its dedupe key makes it count once; an event that tells no time has no
    // such key, and the flow ignores what it knows already.
    if (absl::Status appended = intake_.Append(*items, clock_.Now()); !appended.ok()) {
      return appended;
    }
    const auto dropped = inbox_.DropQuarantined({id});
    if (!dropped.ok()) return dropped.status();
    response.set_replayed(response.replayed() + 1);
  }
  return response;
}

absl::StatusOr<internal::v1::DismissQuarantinedResponse> Quarantine::Dismiss(
    const internal::v1::DismissQuarantinedRequest& request) {
  if (absl::Status status = CheckIds(request.ids_size()); !status.ok()) return status;
  const auto dropped = inbox_.DropQuarantined({request.ids().begin(), request.ids().end()});
  if (!dropped.ok()) return dropped.status();
  internal::v1::DismissQuarantinedResponse response;
  response.set_dismissed(*dropped);
  return response;
}

}  // namespace callbridge::inbox
