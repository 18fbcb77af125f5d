// What an HTTP answer means for the command that asked: the verdict, the facts and the provider's
// error. Pure.
#pragma once

#include <absl/status/status.h>

#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Returns a result that holds only the command's number and attempt.
internal::v1::CommandResult EmptyResult(const internal::v1::Command& command);

// Returns the result of a command with effects. A positive answer to a dial or a conference without
// an id is UNKNOWN, so that the flow looks for the object.
internal::v1::CommandResult ResultOf(const internal::v1::Command& command,
                                     const HttpAnswer& answer);

// Returns REFUSED for a command that could not be made into a request, because the same command
// would fail again.
internal::v1::CommandResult RefusedResult(const internal::v1::Command& command,
                                          const absl::Status& reason);

// Returns the result of one GET that failed: THROTTLED, NOT_SENT or UNKNOWN. A look that was
// refused, or answered in an unexpected way, counts as failed.
internal::v1::CommandResult FailedLook(const internal::v1::Command& command,
                                       const HttpAnswer& answer);
// Returns UNKNOWN for a GET whose answer could not be understood.
internal::v1::CommandResult UnreadableLook(const internal::v1::Command& command,
                                           const HttpAnswer& answer, const absl::Status& reason);
// Combines the results of a look whose GETs all failed. If one of them was a 429, the result says
// so, because the pace has to learn it.
internal::v1::CommandResult CombineFailedLooks(std::vector<internal::v1::CommandResult> failures);

// Combines the results of a command that took several requests: DONE if one of them is DONE,
// otherwise the least certain result.
internal::v1::CommandResult Combine(std::vector<internal::v1::CommandResult> results);

// Adds the status, time, error and Retry-After of an answer, without a verdict.
void DescribeAnswer(const HttpAnswer& answer, internal::v1::CommandResult& result);

}  // namespace callbridge::provider
