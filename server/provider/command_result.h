// What an HTTP answer means for the command that asked: verdict, facts, the provider's error. Pure.
#pragma once

#include <absl/status/status.h>

#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Number and attempt of the command, and nothing else yet.
internal::v1::CommandResult EmptyResult(const internal::v1::Command& command);

// Of a command with effects. A dial or a conference whose answer was positive and shows no id is
// UNKNOWN: it has to be looked for.
internal::v1::CommandResult ResultOf(const internal::v1::Command& command,
                                     const HttpAnswer& answer);

// Of a command that was never made into a request: REFUSED, because the same command would fail
// again.
internal::v1::CommandResult RefusedResult(const internal::v1::Command& command,
                                          const absl::Status& reason);

// Of one GET that brought nothing: THROTTLED, NOT_SENT, or UNKNOWN. A look that was refused, or
// came back in an unexpected way, simply failed.
internal::v1::CommandResult FailedLook(const internal::v1::Command& command,
                                       const HttpAnswer& answer);
// Of one GET whose answer made no sense: UNKNOWN.
internal::v1::CommandResult UnreadableLook(const internal::v1::Command& command,
                                           const HttpAnswer& answer, const absl::Status& reason);
// Of a look whose GETs all failed. One 429 among them is what the pace has to learn.
internal::v1::CommandResult CombineFailedLooks(std::vector<internal::v1::CommandResult> failures);

// Of one command that took several requests: DONE if any is, else the least certain.
internal::v1::CommandResult Combine(std::vector<internal::v1::CommandResult> results);

// Status, time, error and Retry-After of an answer, without a verdict.
void DescribeAnswer(const HttpAnswer& answer, internal::v1::CommandResult& result);

}  // namespace callbridge::provider
