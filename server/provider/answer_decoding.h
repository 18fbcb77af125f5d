// Reads the provider's answers as facts (docs/provider.md §3.0). Pure. Unknown fields and enum
// values are ignored, and null counts as absent. An error is only a body that is not a JSON object,
// or lacks the id of its object.
#pragma once

#include <absl/status/statusor.h>

#include <string_view>
#include <vector>

#include "callbridge/internal/v1/facts.pb.h"

namespace callbridge::provider {

// Reads a Call or a CallLog. DATA_LOSS means that the body is unreadable, or has no id.
absl::StatusOr<internal::v1::CallFacts> DecodeCall(std::string_view body);
// Reads a Conference. DATA_LOSS means that the body is unreadable, or has no id.
absl::StatusOr<internal::v1::ConferenceFacts> DecodeConference(std::string_view body);
// Reads a ConferenceLog. If it has an end time, the conference is finished and all participants
// have left. DATA_LOSS means that the body is unreadable, or has no id.
absl::StatusOr<internal::v1::ConferenceFacts> DecodeConferenceLog(std::string_view body);

// Reads a CallRecording or a ConferenceRecording. DATA_LOSS means that the body is unreadable.
absl::StatusOr<internal::v1::RecordingFacts> DecodeRecording(std::string_view body);

// The answer to a dial.
struct ConferenceAndCall {
  internal::v1::CallFacts call;
  // The conference. Its id is empty if the answer had none.
  internal::v1::ConferenceFacts conference;
};
// Reads the answer to a dial: of a call that was made apart, it is the call itself. DATA_LOSS means
// that the body is unreadable, or lacks the call's id.
absl::StatusOr<ConferenceAndCall> DecodeConferenceAndCall(std::string_view body);

// One page of a list.
template <typename Facts>
struct Page {
  std::vector<Facts> results;
  // False if entries were left out because they could not be read.
  bool whole = true;
  // True if more pages follow this page.
  bool more = false;
};
// Reads one page of a list. page: the number that was requested, from 0. DATA_LOSS means that the
// body is unreadable.
absl::StatusOr<Page<internal::v1::CallFacts>> DecodeCallPage(std::string_view body, int page);
absl::StatusOr<Page<internal::v1::ConferenceFacts>> DecodeConferencePage(std::string_view body,
                                                                         int page);

// True for an ActionResponse that says FAILED. Any other body, also an unreadable one, means
// accepted.
bool SaysFailed(std::string_view body);

}  // namespace callbridge::provider
