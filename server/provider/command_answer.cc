#include "server/provider/command_answer.h"

#include <string>
#include <utility>

#include "server/provider/answer_decoding.h"

namespace callbridge::provider {

using internal::v1::CommandResult;

void SetUnreadable(const absl::Status& reason, CommandResult& result) {
  result.set_verdict(CommandResult::VERDICT_UNKNOWN);
  result.mutable_error()->set_name("UNREADABLE_ANSWER");
  result.mutable_error()->set_description(std::string(reason.message()));
}

void ReadAction(const HttpAnswer& answer, CommandResult& result) {
  if (!SaysFailed(answer.body)) return;
  result.set_verdict(CommandResult::VERDICT_REFUSED);
  result.mutable_error()->set_name("ACTION_FAILED");
  result.mutable_error()->set_description("The provider answered that the action failed.");
}

void ReadDial(const HttpAnswer& answer, CommandResult& result) {
  absl::StatusOr<ConferenceAndCall> decoded = DecodeConferenceAndCall(answer.body);
  if (!decoded.ok()) {
    SetUnreadable(decoded.status(), result);
    return;
  }
  *result.add_calls() = std::move(decoded->call);
  if (!decoded->conference.conference_id().empty()) {
    *result.add_conferences() = std::move(decoded->conference);
  }
}

void ReadCreatedConference(const HttpAnswer& answer, CommandResult& result) {
  absl::StatusOr<internal::v1::ConferenceFacts> conference = DecodeConference(answer.body);
  if (!conference.ok()) {
    SetUnreadable(conference.status(), result);
    return;
  }
  *result.add_conferences() = *std::move(conference);
}

void ReadCallShown(const HttpAnswer& answer, CommandResult& result) {
  if (auto call = DecodeCall(answer.body); call.ok()) *result.add_calls() = *std::move(call);
}

void ReadConferenceShown(const HttpAnswer& answer, CommandResult& result) {
  if (auto conference = DecodeConference(answer.body); conference.ok()) {
    *result.add_conferences() = *std::move(conference);
  }
}

}  // namespace callbridge::provider
