// Translates a webhook's bytes into inbox items, one for each event. It makes no decision about a
// call and loses no event. Invalid text in an event becomes U+FFFD, and an unreadable event becomes
// an item for the quarantine. Pure: the caller passes the time, and every input gives a result.
#pragma once

#include <absl/status/statusor.h>

#include <string_view>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/time.h"

namespace callbridge::webhook {

// body: one JSON object, an array of them, or an object with such an array as "results"
// (docs/provider.md §4.1, §7.4). now: the time of arrival, for the quarantine. INVALID_ARGUMENT
// means an array of more than kInboxBatchMax elements, which no hand-over takes as a whole. Each
// element of an array gets a key by which a repetition of the whole body is recognised, if any of
// them has a time.
absl::StatusOr<std::vector<internal::v1::InboxItem>> Translate(std::string_view body,
                                                               base::Time now);

}  // namespace callbridge::webhook
