#include "webhook/local_inbox_sink.h"

#include <chrono>
#include <stop_token>
#include <utility>

namespace callbridge::webhook {

std::unique_ptr<InboxSink> MakeLocalInboxSink(
    std::function<absl::Status(std::vector<internal::v1::InboxItem>)> append, HoldLimits limits) {
  return std::make_unique<HoldingInboxSink>(
      [append = std::move(append)](const std::vector<internal::v1::InboxItem>& items,
                                   std::chrono::steady_clock::time_point,
                                   std::stop_token) { return append(items); },
      limits);
}

}  // namespace callbridge::webhook
