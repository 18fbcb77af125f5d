#include "client/cli/leg_sentence.h"

#include <absl/strings/str_format.h>

#include "client/cli/words.h"

namespace callbridge::cli {
namespace {

bool EndedItself(const v1::Leg& leg) {
  return (leg.role() == v1::Leg::ROLE_CALLER && leg.end().ended_by() == v1::PARTY_CALLER) ||
         (leg.role() == v1::Leg::ROLE_CALLEE && leg.end().ended_by() == v1::PARTY_CALLEE) ||
         leg.end().ended_by() == v1::PARTY_UNSPECIFIED;
}

// True if the caller called and was not dialled. If the session's origin was not seen, the state
// tells it, because an incoming call rings from the start.
bool CalledUs(const Context& context, v1::Leg::State state = v1::Leg::STATE_UNSPECIFIED) {
  if (context.origin == v1::Session::ORIGIN_UNSPECIFIED) return state == v1::Leg::STATE_RINGING;
  return context.origin != v1::Session::ORIGIN_REQUEST;
}

// Returns "was hung up by the provider".
std::string HungUpBy(v1::Party party) {
  const std::string_view name = PartyName(party);
  return name.empty() ? "was hung up" : absl::StrFormat("was hung up by %s", name);
}

// True if the provider had a call of this leg.
bool HadCall(const v1::Leg& leg) {
  return !leg.call_id().empty() || leg.has_ring_time() || leg.has_answer_time() ||
         leg.has_join_time();
}

// Returns the text that follows the leg's name.
std::string EndText(const v1::Leg& leg, const Context& context) {
  const bool called_us = leg.role() == v1::Leg::ROLE_CALLER && CalledUs(context);
  const bool uncalled = !called_us && !HadCall(leg);
  if (uncalled && !context.dialled.contains(leg.leg_id())) {
    return absl::StrFormat("was never called (%s)", ReasonText(leg.end().reason()));
  }
  switch (leg.end().reason()) {
    case v1::END_REASON_HUNG_UP:
      return EndedItself(leg) ? "hung up" : HungUpBy(leg.end().ended_by());
    case v1::END_REASON_NO_ANSWER:
      return "did not answer";
    case v1::END_REASON_BUSY:
      return "is busy";
    case v1::END_REASON_DECLINED:
      return "declined";
    case v1::END_REASON_UNREACHABLE:
      return "cannot be reached";
    case v1::END_REASON_INVALID_DESTINATION:
      return "does not exist";
    case v1::END_REASON_VOICEMAIL:
      return "is a mailbox and was hung up";
    case v1::END_REASON_NOT_ACCEPTED:
      return "answered and did not accept";
    case v1::END_REASON_ANSWERED_ELSEWHERE:
      return "was hung up: another callee was faster";
    case v1::END_REASON_REQUESTED:
      return "was hung up, as asked";
    case v1::END_REASON_OTHER_PARTY_LEFT:
      return "was hung up, because the other one had left";
    case v1::END_REASON_MAX_DURATION:
      return "was hung up at the maximum duration";
    case v1::END_REASON_NOTICE_REFUSED:
      return "was hung up, because a person refused to be recorded";
    case v1::END_REASON_LOST:
      return "is gone: the provider no longer knows it";
    default:
      return absl::StrFormat("%s (%s)",
                             uncalled ? "could not be called" : HungUpBy(leg.end().ended_by()),
                             ReasonText(leg.end().reason()));
  }
}

Sentence DescribeDialing(const v1::LegDialing& event, const Context& context) {
  const v1::Leg& leg = event.leg();
  const std::string endpoint = EndpointText(leg.endpoint(), context.show_numbers);
  if (leg.role() == v1::Leg::ROLE_CALLER && CalledUs(context, leg.state())) {
    return {Weight::kNormal,
            absl::StrFormat("the caller (%s) called %s and is being answered", endpoint,
                            NumberText(leg.service_number(), context.show_numbers))};
  }
  std::string text = absl::StrFormat("%s is being dialled (%s)", LegName(leg.leg_id()), endpoint);
  if (event.attempt() > 1) text += absl::StrFormat(", attempt %d", event.attempt());
  return {Weight::kNormal, text};
}

Sentence DescribeScreened(const v1::LegScreened& event) {
  const std::string leg = LegName(event.leg_id());
  switch (event.verdict()) {
    case v1::LegScreened::VERDICT_HUMAN:
      return {Weight::kNormal, leg + " is a person"};
    case v1::LegScreened::VERDICT_MACHINE:
      return {Weight::kNormal, leg + " is a machine"};
    case v1::LegScreened::VERDICT_ACCEPTED:
      return {Weight::kNormal, leg + " accepted the call"};
    case v1::LegScreened::VERDICT_NOT_ACCEPTED:
      return {Weight::kNormal, leg + " did not accept the call"};
    default:
      return {Weight::kNormal, leg + " may be a person or a machine"};
  }
}

Sentence DescribeUpdated(const v1::LegUpdated& event) {
  return {Weight::kNormal,
          absl::StrFormat("%s %s be heard and %s hear", LegName(event.leg_id()),
                          event.muted() ? "cannot" : "can", event.deafened() ? "cannot" : "can")};
}

Sentence DescribeUpdateRequest(const v1::LegUpdateRequested& event) {
  const std::string by = AskedBy(event.client_identity());
  return {Weight::kNormal, absl::StrFormat("%s is to be %s and %s%s", LegName(event.leg_id()),
                                           event.mute_wanted() ? "muted" : "heard",
                                           event.deafen_wanted() ? "deafened" : "to hear", by)};
}

Sentence DescribeUpdateFailure(const v1::LegUpdateFailed& event) {
  std::string text = absl::StrFormat("the provider did not change what %s says and hears",
                                     LegName(event.leg_id()));
  const std::string error = ProviderErrorText(event.provider_error());
  if (!error.empty()) text += absl::StrFormat(" [provider: %s]", error);
  return {Weight::kTrouble, text};
}

Sentence DescribeLegEnd(const v1::Leg& leg, const Context& context) {
  std::string text = LegName(leg.leg_id()) + " " + EndText(leg, context);
  const std::string error = ProviderErrorText(leg.end().provider_error());
  if (leg.end().reason() != v1::END_REASON_HUNG_UP && !error.empty()) {
    text += absl::StrFormat(" [provider: %s]", error);
  }
  const bool trouble =
      leg.end().reason() == v1::END_REASON_LOST || leg.end().reason() == v1::END_REASON_INTERNAL;
  return {trouble ? Weight::kTrouble : Weight::kNormal, text};
}

Sentence DescribeAnswer(const v1::LegAnswered& event, const Context& context) {
  const bool by_us = event.role() == v1::Leg::ROLE_CALLER && CalledUs(context);
  std::string text = LegName(event.leg_id()) + (by_us ? " was answered" : " answered");
  if (event.has_ring_duration()) text += " after " + DurationText(event.ring_duration());
  return {Weight::kNormal, text};
}

Sentence DescribeMedia(const v1::LegMediaChanged& event) {
  return {event.media_present() ? Weight::kNormal : Weight::kTrouble,
          absl::StrFormat("%s's sound %s", LegName(event.leg_id()),
                          event.media_present() ? "is back" : "was lost")};
}

}  // namespace

Sentence DescribeLegEvent(const v1::SessionEvent& event, const Context& context) {
  switch (event.event_case()) {
    case v1::SessionEvent::kLegDialing:
      return DescribeDialing(event.leg_dialing(), context);
    case v1::SessionEvent::kLegRinging:
      return {Weight::kNormal, LegName(event.leg_ringing().leg_id()) + " rings"};
    case v1::SessionEvent::kLegAnswered:
      return DescribeAnswer(event.leg_answered(), context);
    case v1::SessionEvent::kLegScreened:
      return DescribeScreened(event.leg_screened());
    case v1::SessionEvent::kLegJoined:
      return {Weight::kNormal, LegName(event.leg_joined().leg_id()) + " is in the conference"};
    case v1::SessionEvent::kLegUpdated:
      return DescribeUpdated(event.leg_updated());
    case v1::SessionEvent::kLegUpdateRequested:
      return DescribeUpdateRequest(event.leg_update_requested());
    case v1::SessionEvent::kLegUpdateFailed:
      return DescribeUpdateFailure(event.leg_update_failed());
    case v1::SessionEvent::kLegMediaChanged:
      return DescribeMedia(event.leg_media_changed());
    default:
      return DescribeLegEnd(event.leg_ended().leg(), context);
  }
}

}  // namespace callbridge::cli
