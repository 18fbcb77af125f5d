// The provider's answers as facts (docs/provider.md §3.0). Pure. Unknown fields and enum
// values are passed over, null is absent, and only a body that is no JSON object, or lacks the id
// it is about, is an error.
#pragma once

#include <absl/status/statusor.h>

#include <string_view>
#include <vector>

#include "callbridge/internal/v1/facts.pb.h"

namespace callbridge::provider {

// A Call or a CallLog. DATA_LOSS: unreadable, or without an id.
absl::StatusOr<internal::v1::CallFacts> DecodeCall(std::string_view body);
// A Conference. DATA_LOSS: unreadable, or without an id.
absl::StatusOr<internal::v1::ConferenceFacts> DecodeConference(std::string_view body);
// A ConferenceLog. With the time of its end the conference is finished, and everyone is gone from
// it. DATA_LOSS as above.
absl::StatusOr<internal::v1::ConferenceFacts> DecodeConferenceLog(std::string_view body);

// The answer to a dial.
struct ConferenceAndCall {
  internal::v1::CallFacts call;
  // Without an id if the answer had none.
  internal::v1::ConferenceFacts conference;
};
// DATA_LOSS: unreadable, or without the call's id.
absl::StatusOr<ConferenceAndCall> DecodeConferenceAndCall(std::string_view body);

// One page of a list.
template <typename Facts>
struct Page {
  std::vector<Facts> results;
  // Entries that could not be read are left out: then this is false.
  bool whole = true;
  // More pages follow this one.
  bool more = false;
};
// page: the number asked for, from 0. DATA_LOSS: unreadable.
absl::StatusOr<Page<internal::v1::CallFacts>> DecodeCallPage(std::string_view body, int page);
absl::StatusOr<Page<internal::v1::ConferenceFacts>> DecodeConferencePage(std::string_view body,
                                                                         int page);

// An ActionResponse that says FAILED. Anything else, also an unreadable one, means accepted.
bool SaysFailed(std::string_view body);

}  // namespace callbridge::provider
