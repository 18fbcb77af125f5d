// From a webhook's bytes to inbox items, one for each event in it. It decides nothing about a call
// and loses nothing: what is bad in one text of an event becomes U+FFFD there, and an event that
// cannot be read becomes an item for the quarantine. Pure: the time comes in, and no input makes it
// fail.
#pragma once

#include <absl/status/statusor.h>

#include <string_view>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/time.h"

namespace callbridge::webhook {

// body: one JSON object, or an array of them (docs/provider.md §4.1, §7.4). now: when it came, for
// the quarantine. INVALID_ARGUMENT: an array of more than kInboxBatchMax elements, which no
// hand-over takes as a whole.
absl::StatusOr<std::vector<internal::v1::InboxItem>> Translate(std::string_view body,
                                                               base::Time now);

}  // namespace callbridge::webhook
