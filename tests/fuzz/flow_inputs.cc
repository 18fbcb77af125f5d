#include "tests/fuzz/flow_inputs.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "server/base/check.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/session_settings.h"
#include "tests/fuzz/flow_notices.h"
#include "tests/fuzz/flow_recordings.h"
#include "tests/fuzz/flow_sounds.h"
#include "tests/fuzz/settings_for_fuzz.h"

namespace callbridge::fuzz {
namespace {

using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::ConferenceFacts;
using internal::v1::IncomingCall;
using internal::v1::Input;
using internal::v1::Leg;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;
using internal::v1::Session;

constexpr std::array<std::string_view, 12> kErrors = {
    "",        "NORMAL_HANGUP", "BUSY",       "NO_ANSWER",          "REJECTED",        "CANCELLED",
    "UNKNOWN", "FORBIDDEN",     "CONGESTION", "DEVICE_UNAVAILABLE", "NOT_KNOWN_TO_US", "EXPIRED"};
constexpr std::array<std::string_view, 4> kSources = {"", "API", "ENDPOINT", "PLATFORM"};
constexpr std::array kStatuses = {400, 404, 401, 403, 409, 429, 500, 503, 0};

std::string CallOf(std::int32_t dial) { return absl::StrCat("call-", dial); }

// The call that a dial makes.
CallFacts DialledCall(std::int32_t dial, const std::string& leg_id, CallFacts::State state) {
  CallFacts facts;
  facts.set_call_id(CallOf(dial));
  facts.set_state(state);
  facts.set_direction(CallFacts::DIRECTION_OUTBOUND);
  AddTag(*facts.mutable_custom_data(), "dial", absl::StrCat(dial));
  AddTag(*facts.mutable_custom_data(), "leg", leg_id);
  AddTag(*facts.mutable_custom_data(), "service", kServiceId);
  AddTag(*facts.mutable_custom_data(), "session", kSessionId);
  return facts;
}

Input Event(ProviderEvent::Type type, const std::string& call_id) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_type(type);
  event.set_call_id(call_id);
  return input;
}

Input CallEvent(ProviderEvent::Type type, const CallFacts& facts) {
  Input input = Event(type, facts.call_id());
  *input.mutable_provider_event()->mutable_call() = facts;
  return input;
}

Input ParticipantEvent(ProviderEvent::Type type, const CallFacts& facts) {
  Input input = CallEvent(type, facts);
  input.mutable_provider_event()->set_conference_id(kConferenceId);
  return input;
}

Input MediaChanged(const CallFacts& facts, bool muted, bool deafened) {
  Input input = ParticipantEvent(ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED, facts);
  ParticipantFacts& participant = *input.mutable_provider_event()->mutable_participant();
  participant.mutable_audio()->set_muted(muted);
  participant.mutable_audio()->set_deafened(deafened);
  return input;
}

Input ConferenceEvent(ProviderEvent::Type type, const std::string& conference_id) {
  Input input = Event(type, {});
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_conference_id(conference_id);
  event.mutable_conference()->set_conference_id(conference_id);
  event.mutable_conference()->set_name(absl::StrCat(kServiceId, "/", kSessionId));
  return input;
}

v1::Plan MakePlan(ByteReader& bytes) {
  const std::size_t kind = bytes.Below(4);
  const auto resolved =
      settings::ResolvePlan(FuzzSettings(), kind == 1 ? "silent" : "default", v1::Plan());
  base::Check(resolved.ok(), "the plans of the fuzzers are valid");
  v1::Plan plan = *resolved;
  if (kind == 2) plan.clear_music();
  if (kind == 3) {
    for (v1::Prompt* prompt :
         {plan.mutable_greeting(), plan.mutable_announcement(), plan.mutable_apology()}) {
      prompt->mutable_audio()->set_file_id("prompt");
    }
  }
  if (bytes.Flip()) *plan.mutable_recording() = MakeRecordingPlan(bytes);
  return plan;
}

v1::Callee MakeCallee() {
  v1::Callee callee;
  callee.mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  callee.mutable_ring_timeout()->set_seconds(15);
  return callee;
}

Input MakeIncoming(ByteReader& bytes, IncomingCall::Arrangement arrangement) {
  Input input;
  IncomingCall& incoming = *input.mutable_incoming_call();
  ProviderEvent& event = *incoming.mutable_event();
  event.set_type(ProviderEvent::TYPE_CALL_RECEIVED);
  event.set_call_id(kIncomingCallId);
  event.mutable_call()->set_call_id(kIncomingCallId);
  event.mutable_call()->set_from("447700900123");
  event.mutable_call()->set_to("442079460001");
  event.mutable_call()->set_state(CallFacts::STATE_RINGING);
  event.mutable_call()->set_direction(CallFacts::DIRECTION_INBOUND);
  incoming.set_arrangement(arrangement);
  *incoming.mutable_settings() = settings::MakeSessionSettings(FuzzSettings(), "default");
  if (arrangement == IncomingCall::ARRANGEMENT_BRIDGE) {
    *incoming.mutable_plan() = MakePlan(bytes);
    *incoming.add_callees() = MakeCallee();
  }
  return input;
}

// The commands that have made a call, or may have: the number, and whose call.
std::vector<std::pair<std::int32_t, std::string>> Dials(const Session& session,
                                                        const FlowLedger& ledger) {
  std::vector<std::pair<std::int32_t, std::string>> dials;
  for (const Place place : {Place::kInFlight, Place::kSettled}) {
    for (const std::int32_t number : ledger.In(place)) {
      const Command& command = ledger.row(number).command;
      if (command.has_dial_leg()) dials.emplace_back(number, command.leg_id());
    }
  }
  if (session.legs_size() > 0 && session.legs(0).dial() == 0) dials.emplace_back(0, "caller");
  std::sort(dials.begin(), dials.end());
  return dials;
}

CallFacts FactsOf(std::int32_t dial, const std::string& leg_id) {
  if (dial != 0) return DialledCall(dial, leg_id, CallFacts::STATE_UNSPECIFIED);
  CallFacts facts;
  facts.set_call_id(kIncomingCallId);
  facts.set_direction(CallFacts::DIRECTION_INBOUND);
  return facts;
}

void SetEnd(ByteReader& bytes, CallFacts& facts) {
  const std::string_view error = kErrors[bytes.Below(kErrors.size())];
  if (!error.empty()) facts.mutable_error()->set_name(std::string(error));
  facts.set_hangup_source(std::string(kSources[bytes.Below(kSources.size())]));
}

// What a look sees of a call.
CallFacts SeenCall(ByteReader& bytes, const Command& command) {
  CallFacts facts = FactsOf(command.dial(), command.leg_id());
  const std::string& call_id = command.look_at_call().call_id();
  if (!call_id.empty()) facts.set_call_id(call_id);
  facts.set_state(static_cast<CallFacts::State>(bytes.Below(CallFacts::State_ARRAYSIZE)));
  if (facts.state() == CallFacts::STATE_ENDED) SetEnd(bytes, facts);
  return facts;
}

ConferenceFacts SeenConference(ByteReader& bytes) {
  ConferenceFacts facts;
  facts.set_conference_id(bytes.Below(8) == 7 ? "conf-2" : kConferenceId);
  facts.set_name(absl::StrCat(kServiceId, "/", kSessionId));
  facts.set_finished(bytes.Below(4) == 3);
  for (std::size_t count = bytes.Below(4); count > 0; --count) {
    ParticipantFacts& participant = *facts.add_participants();
    participant.set_call_id(CallOf(static_cast<std::int32_t>(bytes.Below(10))));
    participant.set_state(
        static_cast<ParticipantFacts::State>(bytes.Below(ParticipantFacts::State_ARRAYSIZE)));
  }
  return facts;
}

CommandResult ResultFor(const Command& command) {
  CommandResult result;
  result.set_number(command.number());
  result.set_attempt(command.attempt());
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_http_status(200);
  return result;
}

}  // namespace

Input MakeStartBridge(ByteReader& bytes) {
  Input input;
  internal::v1::StartBridge& start = *input.mutable_start_bridge();
  start.set_request_id(bytes.Flip() ? "request-2" : "request-1");
  start.mutable_caller()->mutable_phone()->set_number("+447700900123");
  start.set_caller_id_number("+442079460001");
  start.mutable_caller_ring_timeout()->set_seconds(15);
  *start.add_callees() = MakeCallee();
  *start.mutable_plan() = MakePlan(bytes);
  *start.mutable_settings() = settings::MakeSessionSettings(FuzzSettings(), "default");
  start.set_default_number("+442079460001");
  return input;
}

Input MakeBeginning(ByteReader& bytes) {
  switch (bytes.Below(8)) {
    case 4:
      return MakeIncoming(bytes, IncomingCall::ARRANGEMENT_OFFER);
    case 5:
      return MakeIncoming(bytes, IncomingCall::ARRANGEMENT_REJECT);
    case 6:
    case 7:
      return MakeStartBridge(bytes);
    default:
      return MakeIncoming(bytes, IncomingCall::ARRANGEMENT_BRIDGE);
  }
}

Input MakeAnswer(const Command& command) {
  Input input;
  CommandResult& result = *input.mutable_command_result();
  result = ResultFor(command);
  ConferenceFacts conference;
  conference.set_conference_id(kConferenceId);
  conference.set_name(absl::StrCat(kServiceId, "/", kSessionId));
  if (command.has_create_conference() || command.has_find_conference()) {
    *result.add_conferences() = conference;
  } else if (command.has_dial_leg()) {
    *result.add_calls() = DialledCall(command.number(), command.leg_id(), CallFacts::STATE_CALLING);
  } else if (command.has_find_dial()) {
    *result.add_calls() =
        DialledCall(command.find_dial().dial(), command.leg_id(), CallFacts::STATE_RINGING);
  } else if (command.has_look_at_call()) {
    CallFacts& facts = *result.add_calls();
    facts.set_call_id(command.look_at_call().call_id());
    facts.set_state(CallFacts::STATE_ESTABLISHED);
  } else if (command.has_look_at_conference()) {
    *result.add_conferences() = conference;
  }
  result.set_complete(true);
  return input;
}

Input MakeOtherAnswer(ByteReader& bytes, const Command& command) {
  Input input = MakeAnswer(command);
  CommandResult& result = *input.mutable_command_result();
  // The last one is said of what has not left.
  static_assert(CommandResult::VERDICT_EXPIRED == CommandResult::Verdict_MAX);
  result.set_verdict(
      static_cast<CommandResult::Verdict>(1 + bytes.Below(CommandResult::VERDICT_EXPIRED - 1)));
  if (result.verdict() != CommandResult::VERDICT_DONE) {
    result.clear_calls();
    result.clear_conferences();
    result.set_complete(false);
    result.set_http_status(kStatuses[bytes.Below(kStatuses.size())]);
    result.mutable_error()->set_name(std::string(kErrors[bytes.Below(kErrors.size())]));
    if (result.verdict() == CommandResult::VERDICT_THROTTLED) {
      result.mutable_retry_after()->set_seconds(static_cast<std::int64_t>(bytes.Below(61)));
    }
    return input;
  }
  const std::uint8_t shown = bytes.Byte();
  result.set_complete(shown % 4 != 3);
  if (shown / 4 % 2 == 1) {
    result.clear_calls();
    result.clear_conferences();
  }
  if (command.has_look_at_recording()) AddRecordingSeen(bytes, result);
  if (shown / 8 % 2 == 1) *result.add_calls() = SeenCall(bytes, command);
  if (shown / 16 % 2 == 1) *result.add_conferences() = SeenConference(bytes);
  return input;
}

std::vector<Input> MakeConsequences(const Session& session, const Command& command) {
  if (command.has_start_recording() || command.has_stop_recording()) {
    return {RecordingEvent(command)};
  }
  std::vector<Input> inputs;
  const auto call = [&](ProviderEvent::Type type, const CallFacts& facts) {
    inputs.push_back(CallEvent(type, facts));
  };
  const CallFacts facts = FactsOf(command.dial(), command.leg_id());
  switch (command.action_case()) {
    case Command::kAnswerCall:
      call(ProviderEvent::TYPE_CALL_ESTABLISHED, facts);
      break;
    case Command::kCreateConference:
      inputs.push_back(ConferenceEvent(ProviderEvent::TYPE_CONFERENCE_CREATED, kConferenceId));
      break;
    case Command::kAddCaller:
      inputs.push_back(ParticipantEvent(ProviderEvent::TYPE_PARTICIPANT_JOINED, facts));
      break;
    case Command::kDialLeg:
      call(ProviderEvent::TYPE_CALL_RINGING, facts);
      call(ProviderEvent::TYPE_CALL_ESTABLISHED, facts);
      inputs.push_back(ParticipantEvent(ProviderEvent::TYPE_PARTICIPANT_JOINED, facts));
      break;
    case Command::kPlayPrompt:
    case Command::kStopPlay: {
      const bool said = command.play_prompt().prompt().has_text();
      call(said ? ProviderEvent::TYPE_SAY_FINISHED : ProviderEvent::TYPE_PLAY_FINISHED, facts);
      inputs.back().mutable_provider_event()->mutable_playback()->set_completed(said);
      break;
    }
    case Command::kCaptureDigits:
      inputs.push_back(DigitsCaptured(facts.call_id(), command.number()));
      if (!command.capture_digits().refusing_key().empty()) {
        AddRefusal(0, *inputs.back().mutable_provider_event()->mutable_captured());
      }
      break;
    case Command::kUpdateAudio:
      inputs.push_back(
          MediaChanged(facts, command.update_audio().muted(), command.update_audio().deafened()));
      break;
    case Command::kHangUpCall:
      call(ProviderEvent::TYPE_CALL_FINISHED, facts);
      break;
    case Command::kHangUpConference:
      for (const Leg& leg : session.legs()) {
        if (leg.call_id().empty() || !leg.has_join_time() || leg.state() == v1::Leg::STATE_ENDED)
          continue;
        inputs.push_back(Event(ProviderEvent::TYPE_CALL_FINISHED, leg.call_id()));
        inputs.back().mutable_provider_event()->mutable_call()->set_hangup_source("API");
      }
      inputs.push_back(ConferenceEvent(ProviderEvent::TYPE_CONFERENCE_FINISHED, kConferenceId));
      break;
    default:
      break;
  }
  return inputs;
}

Input MakeEvent(ByteReader& bytes, const Session& session, const FlowLedger& ledger) {
  const auto type =
      static_cast<ProviderEvent::Type>(1 + bytes.Below(ProviderEvent::Type_ARRAYSIZE - 1));
  const std::uint8_t whose = bytes.Byte();
  if (type == ProviderEvent::TYPE_CONFERENCE_CREATED ||
      type == ProviderEvent::TYPE_CONFERENCE_FINISHED) {
    return ConferenceEvent(type, whose % 8 == 7 ? "conf-2" : kConferenceId);
  }
  const auto dials = Dials(session, ledger);
  if (dials.empty()) return Event(type, CallOf(whose % 10));
  const auto& [dial, leg_id] = dials[whose % dials.size()];
  CallFacts facts = FactsOf(dial, leg_id);
  // The provider's second call for one dial.
  if (whose / 16 == 15) facts.set_call_id(facts.call_id() + "-twin");
  // Without customData only its conference tells whose it is.
  if (whose / 16 == 14) facts.clear_custom_data();
  if (type == ProviderEvent::TYPE_CALL_FINISHED || type == ProviderEvent::TYPE_CALL_FAILED) {
    SetEnd(bytes, facts);
  }
  if (type == ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED) {
    return MediaChanged(facts, whose / 16 % 2 == 1, whose / 32 % 2 == 1);
  }
  return ParticipantEvent(type, facts);
}

}  // namespace callbridge::fuzz
