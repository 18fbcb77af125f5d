#include "client/cli/sentence.h"

#include <absl/strings/str_format.h>

#include "client/cli/leg_sentence.h"
#include "client/cli/recording_sentence.h"
#include "client/cli/sound_sentence.h"
#include "client/cli/words.h"
#include "server/base/mask.h"

namespace callbridge::cli {
namespace {

Sentence DescribeOffer(const v1::SessionOffered& event, const v1::SessionEvent& whole,
                       const Context& context) {
  std::string text =
      absl::StrFormat("%s calls %s", EndpointText(event.caller(), context.show_numbers),
                      NumberText(event.service_number(), context.show_numbers));
  for (const std::string& number : event.forwarded_from()) {
    text += ", forwarded from " + NumberText(number, context.show_numbers);
  }
  text += ", and is offered";
  if (event.has_expire_time()) {
    text += " for " + DurationText(base::FromTimestamp(event.expire_time()) -
                                   base::FromTimestamp(whole.record_time()));
  }
  return {Weight::kNormal, text};
}

Sentence DescribeStart(const v1::SessionStarted& event, const Context& context) {
  std::string callees;
  for (const v1::Callee& callee : event.callees()) {
    callees +=
        (callees.empty() ? "" : ", ") + EndpointText(callee.endpoint(), context.show_numbers);
  }
  std::string by;
  if (!event.client_identity().empty()) {
    by = " by " + base::MaskText(Printable(event.client_identity()));
  }
  const std::string caller = EndpointText(event.caller(), context.show_numbers);
  switch (event.origin()) {
    case v1::Session::ORIGIN_ROUTE:
      return {Weight::kNormal,
              absl::StrFormat("a call of %s is bridged to %s by the route %s", caller, callees,
                              base::MaskText(Printable(event.route_name())))};
    case v1::Session::ORIGIN_OFFER:
      return {Weight::kNormal,
              absl::StrFormat("the offer is taken%s, to be bridged to %s", by, callees)};
    default:
      return {Weight::kNormal,
              absl::StrFormat("a bridge from %s to %s was requested%s", caller, callees, by)};
  }
}

Sentence DescribeEnding(const v1::SessionEnding& event) {
  return {Weight::kNormal,
          absl::StrFormat("the outcome is decided: %s (%s)", Word(event.outcome().result()),
                          ReasonText(event.outcome().reason()))};
}

Sentence DescribeConnection(const v1::PartiesConnected& event) {
  if (!event.has_wait_duration()) return {Weight::kNormal, "they talk"};
  return {Weight::kNormal,
          absl::StrFormat("they talk (the caller waited %s)", DurationText(event.wait_duration()))};
}

std::string NameWithoutKind(int command) { return absl::StrFormat("command %d", command); }

// True for looks, which change nothing. The service makes many of them as a routine, so a look
// alone is no sign of trouble.
bool IsLook(std::string_view name) {
  return name.starts_with("LookAt") || name.starts_with("Find");
}

// True if a hangup came too late for a call or conference that the provider no longer knows (404,
// docs/provider.md §1.4). That is what was wanted, and happens after each callee who is busy.
bool FoundNothingToHangUp(std::string_view name, const v1::CommandFinished& event) {
  const bool hangup = name.starts_with("HangUp") || name.starts_with("Reject");
  return hangup && event.result() == v1::CommandFinished::RESULT_REFUSED &&
         event.http_status() == 404;
}

// Returns the text that follows the command's name.
Sentence DescribeLookResult(v1::CommandFinished::Result result) {
  switch (result) {
    case v1::CommandFinished::RESULT_SEEN:
      return {Weight::kDiagnostic, " found it"};
    case v1::CommandFinished::RESULT_NOT_SEEN:
      return {Weight::kDiagnostic, " found nothing"};
    case v1::CommandFinished::RESULT_RETRYING:
      return {Weight::kDiagnostic, " was not sent"};
    default:
      return {Weight::kDiagnostic, " got no clear answer"};
  }
}

Sentence DescribeCommandResult(v1::CommandFinished::Result result) {
  switch (result) {
    case v1::CommandFinished::RESULT_DONE:
      return {Weight::kDiagnostic, " was done"};
    case v1::CommandFinished::RESULT_RETRYING:
      return {Weight::kDiagnostic, " certainly did not happen and will be tried again"};
    case v1::CommandFinished::RESULT_REFUSED:
      return {Weight::kTrouble, " was refused by the provider"};
    case v1::CommandFinished::RESULT_UNKNOWN:
      return {Weight::kTrouble,
              " got no clear answer; the service is looking up whether it happened"};
    case v1::CommandFinished::RESULT_SEEN:
      return {Weight::kTrouble, " was looked up: it had happened"};
    case v1::CommandFinished::RESULT_NOT_SEEN:
      return {Weight::kTrouble, " was looked up: it had not happened"};
    default:
      return {Weight::kTrouble, " ended in a way that this version does not know"};
  }
}

Sentence DescribeResult(const v1::CommandFinished& event, const Context& context) {
  const auto known = context.commands.find(event.command_number());
  const std::string name =
      known == context.commands.end() ? NameWithoutKind(event.command_number()) : known->second;
  const bool nameless = name == NameWithoutKind(event.command_number());
  // Only a look can find something or not. This also tells a look whose sending was not seen, or
  // whose kind was not told.
  const bool look =
      IsLook(name) || (nameless && (event.result() == v1::CommandFinished::RESULT_SEEN ||
                                    event.result() == v1::CommandFinished::RESULT_NOT_SEEN));
  Sentence sentence =
      look ? DescribeLookResult(event.result()) : DescribeCommandResult(event.result());
  if (FoundNothingToHangUp(name, event)) {
    sentence = {Weight::kDiagnostic, " found nothing: it was already gone"};
  }
  sentence.text = name + sentence.text;
  std::string detail;
  if (event.http_status() != 0) detail = absl::StrFormat("HTTP %d", event.http_status());
  if (event.has_answer_duration()) {
    detail += (detail.empty() ? "" : ", ") + DurationText(event.answer_duration());
  }
  const std::string error = ProviderErrorText(event.error());
  if (!error.empty()) detail += (detail.empty() ? "" : ", ") + error;
  if (!detail.empty()) sentence.text += " [" + detail + "]";
  return sentence;
}

Sentence DescribeEndRequest(const v1::SessionEndRequested& event) {
  const std::string_view party = PartyName(event.requested_by());
  std::string text = party.empty() ? "the end was requested"
                                   : absl::StrFormat("the end was requested by %s", party);
  if (!event.reason().empty()) text += ": " + base::MaskText(Printable(event.reason()));
  return {Weight::kNormal, text};
}

Sentence DescribeCommand(const v1::CommandSent& event) {
  std::string text = CommandName(event) + " is sent";
  if (event.attempt() > 1) text += absl::StrFormat(", attempt %d", event.attempt());
  return {Weight::kDiagnostic, text};
}

Sentence DescribeCorrection(const v1::StateCorrected& event) {
  return {Weight::kTrouble,
          absl::StrFormat("%s was believed %s; the provider says %s",
                          event.leg_id().empty() ? "the session" : LegName(event.leg_id()),
                          base::MaskText(Printable(event.believed())),
                          base::MaskText(Printable(event.found())))};
}

Sentence DescribeDeadline(const v1::DeadlinePassed& event) {
  std::string waited = "waited";
  // Servers of earlier versions did not say how long the session waited.
  if (event.has_waited_duration()) waited += " " + DurationText(event.waited_duration());
  return {Weight::kDiagnostic, waited + " in vain for: " + Printable(event.waited_for())};
}

Sentence DescribeProviderError(const v1::ProviderErrorReported& event) {
  std::string text = "the provider reports an error";
  if (!event.action().empty()) text += " of " + Printable(event.action());
  return {Weight::kTrouble, text + ": " + ProviderErrorText(event.error())};
}

Sentence DescribeKind(const v1::SessionEvent& event, const Context& context) {
  switch (event.event_case()) {
    case v1::SessionEvent::kSessionOffered:
      return DescribeOffer(event.session_offered(), event, context);
    case v1::SessionEvent::kSessionStarted:
      return DescribeStart(event.session_started(), context);
    case v1::SessionEvent::kSessionEndRequested:
      return DescribeEndRequest(event.session_end_requested());
    case v1::SessionEvent::kSessionEnding:
      return DescribeEnding(event.session_ending());
    case v1::SessionEvent::kSessionEnded:
      return {Weight::kNormal, "the session is over"};
    case v1::SessionEvent::kLegDialing:
    case v1::SessionEvent::kLegRinging:
    case v1::SessionEvent::kLegAnswered:
    case v1::SessionEvent::kLegScreened:
    case v1::SessionEvent::kLegJoined:
    case v1::SessionEvent::kLegUpdated:
    case v1::SessionEvent::kLegUpdateRequested:
    case v1::SessionEvent::kLegUpdateFailed:
    case v1::SessionEvent::kLegMediaChanged:
    case v1::SessionEvent::kLegEnded:
      return DescribeLegEvent(event, context);
    case v1::SessionEvent::kPromptStarted:
    case v1::SessionEvent::kPromptFinished:
    case v1::SessionEvent::kMusicStarted:
    case v1::SessionEvent::kMusicStopped:
    case v1::SessionEvent::kPromptRequested:
    case v1::SessionEvent::kSoundsStopRequested:
    case v1::SessionEvent::kDigitsRequested:
    case v1::SessionEvent::kDigitsSent:
    case v1::SessionEvent::kDigitsReceived:
      return DescribeSoundEvent(event, context);
    case v1::SessionEvent::kPartiesConnected:
      return DescribeConnection(event.parties_connected());
    case v1::SessionEvent::kRecordingStarted:
    case v1::SessionEvent::kRecordingStopped:
    case v1::SessionEvent::kRecordingFailed:
    case v1::SessionEvent::kRecordingReady:
    case v1::SessionEvent::kRecordingRequested:
    case v1::SessionEvent::kNoticeFinished:
      return DescribeRecordingEvent(event);
    case v1::SessionEvent::kCommandSent:
      return DescribeCommand(event.command_sent());
    case v1::SessionEvent::kCommandFinished:
      return DescribeResult(event.command_finished(), context);
    case v1::SessionEvent::kDeadlinePassed:
      return DescribeDeadline(event.deadline_passed());
    case v1::SessionEvent::kStateCorrected:
      return DescribeCorrection(event.state_corrected());
    case v1::SessionEvent::kProviderErrorReported:
      return DescribeProviderError(event.provider_error_reported());
    case v1::SessionEvent::EVENT_NOT_SET:
      break;
  }
  return {Weight::kNormal, "something happened that this version does not know"};
}

// Tells how the service learned of the event, if no event of the provider said so.
std::string_view InferenceText(v1::SessionEvent::Source source) {
  switch (source) {
    case v1::SessionEvent::SOURCE_LOOK:
      return " (inferred: the provider was asked)";
    case v1::SessionEvent::SOURCE_DEADLINE:
      return " (inferred: a deadline decided)";
    case v1::SessionEvent::SOURCE_COMMAND:
      return " (inferred: from the answer to a command)";
    default:
      return " (inferred)";
  }
}

}  // namespace

std::string CommandName(const v1::CommandSent& command) {
  std::string name = command.kind().empty() ? NameWithoutKind(command.command_number())
                                            : Printable(command.kind());
  if (!command.leg_id().empty()) name += " for " + LegName(command.leg_id());
  return name;
}

Sentence Describe(const v1::SessionEvent& event, const Context& context) {
  Sentence sentence = DescribeKind(event, context);
  // The answer to a command is a fact, so it is never shown as inferred.
  if (event.inferred() && !event.has_command_finished()) {
    sentence.text += InferenceText(event.source());
  }
  return sentence;
}

}  // namespace callbridge::cli
