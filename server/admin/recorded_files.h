// What the provider recorded for an account, and its files (docs/provider.md §3.6): list, fetch,
// delete. It says nothing to a person.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "callbridge/internal/v1/facts.pb.h"
#include "server/admin/account_link.h"
#include "server/provider/sink.h"

namespace callbridge::admin {

// The recordings of a conference, or of a call.
struct Recorded {
  // Empty for those of a call.
  std::string conference_id;
  std::string conference_name;
  // Empty for those of a conference.
  std::string call_id;
  internal::v1::RecordingFacts facts;
};

// The newest first. A call whose files stand with its conference does not stand by itself too.
// Errors are those of AccountLink.
absl::StatusOr<std::vector<Recorded>> ListRecorded(AccountLink& link);
// Hands the bytes of the file to the sink. NOT_FOUND means that the account has no such file.
absl::Status FetchFile(AccountLink& link, const std::string& id, provider::Sink sink);
// NOT_FOUND means that the account has no such file.
absl::Status DeleteRecordedFile(AccountLink& link, const std::string& id);

}  // namespace callbridge::admin
