#include "server/provider/command_result.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/base/limits.h"
#include "server/provider/command_answer.h"
#include "server/provider/commands.h"
#include "server/provider/error_decoding.h"
#include "server/provider/verdict.h"

namespace callbridge::provider {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;

// Ranks the results of several requests. The result that says most about what may have happened
// comes first.
int Rank(CommandResult::Verdict verdict) {
  switch (verdict) {
    case CommandResult::VERDICT_DONE:
      return 0;
    case CommandResult::VERDICT_UNKNOWN:
      return 1;
    case CommandResult::VERDICT_THROTTLED:
      return 2;
    case CommandResult::VERDICT_NOT_SENT:
      return 3;
    default:
      return 4;
  }
}

}  // namespace

CommandResult EmptyResult(const Command& command) {
  CommandResult result;
  result.set_number(command.number());
  result.set_attempt(command.attempt());
  return result;
}

void DescribeAnswer(const HttpAnswer& answer, CommandResult& result) {
  result.set_http_status(answer.http_status);
  if (answer.took > base::Duration::zero()) {
    *result.mutable_took() = base::ToProtoDuration(answer.took);
  }
  if (answer.code != CURLE_OK) {
    *result.mutable_error() = DescribeFailure(answer);
  } else if (answer.http_status / 100 != 2) {
    *result.mutable_error() = DecodeError(answer.body);
    // A proxy between this service and the provider may answer in a form that names no error.
    if (result.error().name().empty()) {
      result.mutable_error()->set_name("HTTP_" + std::to_string(answer.http_status));
    }
  }
  if (answer.retry_after.has_value()) {
    *result.mutable_retry_after() = base::ToProtoDuration(std::clamp<base::Duration>(
        *answer.retry_after, base::Duration::zero(), base::kRetryAfterMax));
  }
}

CommandResult ResultOf(const Command& command, const HttpAnswer& answer) {
  CommandResult result = EmptyResult(command);
  DescribeAnswer(answer, result);
  result.set_verdict(Classify(answer.code, answer.request_left, answer.http_status));
  if (result.verdict() != CommandResult::VERDICT_DONE) return result;
  if (const CommandRow* row = FindRow(command.action_case()); row != nullptr && row->read) {
    row->read(answer, result);
  }
  return result;
}

CommandResult RefusedResult(const Command& command, const absl::Status& reason) {
  CommandResult result = EmptyResult(command);
  result.set_verdict(CommandResult::VERDICT_REFUSED);
  result.mutable_error()->set_name("INVALID_COMMAND");
  result.mutable_error()->set_description(std::string(reason.message()));
  return result;
}

CommandResult FailedLook(const Command& command, const HttpAnswer& answer) {
  CommandResult failure = EmptyResult(command);
  DescribeAnswer(answer, failure);
  failure.set_verdict(Classify(answer.code, answer.request_left, answer.http_status));
  if (failure.verdict() != CommandResult::VERDICT_THROTTLED &&
      failure.verdict() != CommandResult::VERDICT_NOT_SENT) {
    failure.set_verdict(CommandResult::VERDICT_UNKNOWN);
  }
  return failure;
}

CommandResult UnreadableLook(const Command& command, const HttpAnswer& answer,
                             const absl::Status& reason) {
  CommandResult failure = EmptyResult(command);
  DescribeAnswer(answer, failure);
  SetUnreadable(reason, failure);
  return failure;
}

CommandResult CombineFailedLooks(std::vector<CommandResult> failures) {
  const auto throttled =
      std::find_if(failures.begin(), failures.end(), [](const CommandResult& failure) {
        return failure.verdict() == CommandResult::VERDICT_THROTTLED;
      });
  return throttled != failures.end() ? std::move(*throttled) : Combine(std::move(failures));
}

CommandResult Combine(std::vector<CommandResult> results) {
  return std::move(*std::min_element(results.begin(), results.end(),
                                     [](const CommandResult& left, const CommandResult& right) {
                                       return Rank(left.verdict()) < Rank(right.verdict());
                                     }));
}

}  // namespace callbridge::provider
