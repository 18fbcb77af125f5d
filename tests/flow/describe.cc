#include "tests/flow/describe.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <utility>
#include <vector>

#include "server/flow/command_names.h"

namespace callbridge::flow {
namespace {

std::string Short(const std::string& name, std::string_view prefix) {
  return name.substr(name.find(prefix) == 0 ? prefix.size() : 0);
}

std::string Reason(v1::EndReason reason) {
  return Short(v1::EndReason_Name(reason), "END_REASON_");
}

std::string By(v1::Party party) {
  return absl::StrCat("by ", Short(v1::Party_Name(party), "PARTY_"));
}

std::string Outcome(const v1::Outcome& outcome) {
  return absl::StrCat(Short(v1::Outcome::Result_Name(outcome.result()), "RESULT_"), " ",
                      Reason(outcome.reason()), " ", By(outcome.ended_by()));
}

// event: PromptStarted or PromptFinished.
template <typename Event>
std::string Prompt(const Event& event) {
  std::string name = Short(v1::PromptKind_Name(event.prompt()), "PROMPT_KIND_");
  if (event.prompt() == v1::PROMPT_KIND_NOTICE) return absl::StrCat(name, " ", event.leg_id());
  if (event.request_id().empty()) return name;
  return absl::StrCat(name, " ", event.request_id(), " ", event.leg_id());
}

std::string Audio(const std::string& leg_id, bool muted, bool deafened) {
  return absl::StrCat(leg_id, muted ? " muted" : " heard", deafened ? " deafened" : " hearing");
}

std::string Mode(v1::RecordingMode mode) {
  return Short(v1::RecordingMode_Name(mode), "RECORDING_MODE_");
}

std::string Recording(const v1::Recording& recording) {
  std::string text = absl::StrCat(
      recording.recording_id(), " ", recording.leg_id().empty() ? "conference" : recording.leg_id(),
      " ", Short(v1::Recording::State_Name(recording.state()), "STATE_"));
  if (recording.failure() != v1::RECORDING_FAILURE_UNSPECIFIED) {
    absl::StrAppend(&text, " ",
                    Short(v1::RecordingFailure_Name(recording.failure()), "RECORDING_FAILURE_"));
  }
  if (recording.incomplete()) absl::StrAppend(&text, " incomplete");
  for (const v1::RecordingFile& file : recording.files()) {
    absl::StrAppend(&text, " ", file.file_id());
    if (!file.leg_id().empty()) absl::StrAppend(&text, ":", file.leg_id());
  }
  return text;
}

std::string Details(const v1::SessionEvent& event, const CommandNames& names) {
  switch (event.event_case()) {
    case v1::SessionEvent::kSessionEnding:
      return Outcome(event.session_ending().outcome());
    case v1::SessionEvent::kSessionEnded:
      return Outcome(event.session_ended().session().outcome());
    case v1::SessionEvent::kLegDialing:
      return event.leg_dialing().leg().leg_id();
    case v1::SessionEvent::kLegRinging:
      return event.leg_ringing().leg_id();
    case v1::SessionEvent::kLegAnswered:
      return event.leg_answered().leg_id();
    case v1::SessionEvent::kLegJoined:
      return event.leg_joined().leg_id();
    case v1::SessionEvent::kLegUpdateRequested: {
      const v1::LegUpdateRequested& wanted = event.leg_update_requested();
      return Audio(wanted.leg_id(), wanted.mute_wanted(), wanted.deafen_wanted());
    }
    case v1::SessionEvent::kLegUpdated: {
      const v1::LegUpdated& updated = event.leg_updated();
      return Audio(updated.leg_id(), updated.muted(), updated.deafened());
    }
    case v1::SessionEvent::kLegUpdateFailed: {
      const v1::LegUpdateFailed& failed = event.leg_update_failed();
      return Audio(failed.leg_id(), failed.muted(), failed.deafened());
    }
    case v1::SessionEvent::kLegMediaChanged:
      return event.leg_media_changed().leg_id();
    case v1::SessionEvent::kLegEnded: {
      const v1::Leg& leg = event.leg_ended().leg();
      return absl::StrCat(leg.leg_id(), " ", Reason(leg.end().reason()), " ",
                          By(leg.end().ended_by()));
    }
    case v1::SessionEvent::kPromptStarted:
      return Prompt(event.prompt_started());
    case v1::SessionEvent::kPromptFinished:
      return absl::StrCat(
          Prompt(event.prompt_finished()), " ",
          Short(v1::PromptFinished::Completion_Name(event.prompt_finished().completion()),
                "COMPLETION_"));
    case v1::SessionEvent::kPromptRequested:
      return absl::StrCat(event.prompt_requested().request_id(), " ",
                          absl::StrJoin(event.prompt_requested().leg_ids(), ","));
    case v1::SessionEvent::kSoundsStopRequested:
      return event.sounds_stop_requested().leg_id();
    case v1::SessionEvent::kDigitsRequested:
      return absl::StrCat(event.digits_requested().request_id(), " ",
                          event.digits_requested().leg_id(),
                          event.digits_requested().capture() ? " captured" : " sent");
    case v1::SessionEvent::kDigitsSent:
      return absl::StrCat(
          event.digits_sent().request_id(), " ", event.digits_sent().leg_id(), " ",
          Short(v1::DigitsSent::Result_Name(event.digits_sent().result()), "RESULT_"));
    case v1::SessionEvent::kDigitsReceived: {
      const v1::DigitsReceived& received = event.digits_received();
      return absl::StrCat(
          received.request_id(), " ", received.leg_id(), " ", received.digit_count(), " keys",
          received.digits().empty() ? " " : " kept ",
          Short(v1::DigitsReceived::Completion_Name(received.completion()), "COMPLETION_"));
    }
    case v1::SessionEvent::kMusicStarted:
      return absl::StrCat("run ", event.music_started().run_number());
    case v1::SessionEvent::kMusicStopped:
      return event.music_stopped().ran_out() ? "ran out" : "";
    case v1::SessionEvent::kRecordingRequested:
      return absl::StrCat(Mode(event.recording_requested().mode()),
                          event.recording_requested().beep() ? " beep" : "");
    case v1::SessionEvent::kRecordingStarted:
      return Recording(event.recording_started().recording());
    case v1::SessionEvent::kRecordingStopped:
      return Recording(event.recording_stopped().recording());
    case v1::SessionEvent::kRecordingFailed:
      return Recording(event.recording_failed().recording());
    case v1::SessionEvent::kRecordingReady:
      return Recording(event.recording_ready().recording());
    case v1::SessionEvent::kNoticeFinished: {
      const v1::NoticeEvidence& notice = event.notice_finished().notice();
      return absl::StrCat(notice.leg_id(), " ",
                          Short(v1::NoticeEvidence::Result_Name(notice.result()), "RESULT_"));
    }
    case v1::SessionEvent::kDeadlinePassed:
      return event.deadline_passed().waited_for();
    case v1::SessionEvent::kCommandFinished:
      return absl::StrCat(
          names.Of(event.command_finished().command_number()), " ",
          Short(v1::CommandFinished::Result_Name(event.command_finished().result()), "RESULT_"));
    default:
      return "";
  }
}

}  // namespace

std::string DescribeEvent(const v1::SessionEvent& event, const CommandNames& names) {
  const auto* field =
      v1::SessionEvent::descriptor()->FindFieldByNumber(static_cast<int>(event.event_case()));
  std::string line =
      absl::StrCat("event ", field == nullptr ? "none" : field->message_type()->name());
  if (const std::string details = Details(event, names); !details.empty()) {
    absl::StrAppend(&line, " ", details);
  }
  if (event.inferred()) absl::StrAppend(&line, " (inferred)");
  return line;
}

std::string DescribeCommand(const internal::v1::Command& command) {
  std::string line = absl::StrCat("command ", CommandName(command));
  if (command.attempt() > 1) absl::StrAppend(&line, " attempt ", command.attempt());
  if (command.has_play_prompt()) {
    absl::StrAppend(&line, " \"", command.play_prompt().prompt().text(), "\"");
  }
  const bool to_callee =
      command.leg_id() != "caller" && (command.has_play_prompt() || command.has_stop_play() ||
                                       command.has_capture_digits() || command.has_send_digits());
  if (to_callee) absl::StrAppend(&line, " for ", command.leg_id());
  if (command.dial_leg().apart()) absl::StrAppend(&line, " apart");
  if (!command.capture_digits().refusing_key().empty()) absl::StrAppend(&line, " of a notice");
  if (command.has_update_audio()) {
    absl::StrAppend(&line, command.update_audio().muted() ? " muted" : " heard",
                    command.update_audio().deafened() ? " deafened" : " hearing");
  }
  if (command.has_start_recording()) {
    absl::StrAppend(&line, " ", command.start_recording().recording_id(),
                    command.leg_id().empty() ? "" : " of ", command.leg_id(),
                    command.start_recording().beep() ? " beep" : "");
  }
  if (command.has_stop_recording()) {
    absl::StrAppend(&line, " ", command.stop_recording().recording_id());
  }
  if (command.has_look_at_recording() && !command.leg_id().empty()) {
    absl::StrAppend(&line, " of ", command.leg_id());
  }
  if (command.has_not_before_time()) absl::StrAppend(&line, " later");
  return line;
}

namespace {

bool IsTold(const v1::SessionEvent& event) {
  if (event.has_command_sent()) return false;
  return !event.has_command_finished() ||
         event.command_finished().result() != v1::CommandFinished::RESULT_DONE;
}

std::string LegOrCall(const internal::v1::Session& session, const std::string& call_id) {
  for (const internal::v1::Leg& leg : session.legs()) {
    if (!call_id.empty() && leg.call_id() == call_id) return leg.leg_id();
  }
  return call_id;
}

void AppendWord(std::string* line, const std::string& word) {
  if (!word.empty()) absl::StrAppend(line, " ", word);
}

std::string DescribeProviderEvent(const internal::v1::ProviderEvent& event,
                                  const internal::v1::Session& before, const CommandNames& names) {
  std::string line = Short(internal::v1::ProviderEvent::Type_Name(event.type()), "TYPE_");
  AppendWord(&line, LegOrCall(before, event.call_id()));
  AppendWord(&line, event.conference_id());
  AppendWord(&line, event.call().error().name());
  AppendWord(&line, event.action_type());
  for (const auto& entry : event.playback().custom_data()) {
    if (entry.key() == "media") AppendWord(&line, names.Of(names.NumberOf(entry.value())));
  }
  for (const auto& entry : event.captured().custom_data()) {
    if (entry.key() == "media") AppendWord(&line, names.Of(names.NumberOf(entry.value())));
  }
  return line;
}

std::string DescribeResult(const internal::v1::CommandResult& result, const CommandNames& names) {
  using internal::v1::CommandResult;
  std::string line = absl::StrCat(Short(CommandResult::Verdict_Name(result.verdict()), "VERDICT_"),
                                  " ", names.Of(result.number()));
  if (result.http_status() != 0) absl::StrAppend(&line, " ", result.http_status());
  AppendWord(&line, result.error().name());
  for (const internal::v1::CallFacts& call : result.calls()) {
    absl::StrAppend(&line, " call ", call.call_id(), " ",
                    Short(internal::v1::CallFacts::State_Name(call.state()), "STATE_"));
  }
  for (const internal::v1::ConferenceFacts& conference : result.conferences()) {
    absl::StrAppend(&line, " ", conference.conference_id(),
                    conference.finished() ? " finished" : "");
  }
  return line;
}

}  // namespace

void CommandNames::Note(const internal::v1::Command& command) {
  commands_[command.number()] = command;
}

std::string CommandNames::Of(std::int32_t number) const {
  const auto found = commands_.find(number);
  if (found == commands_.end()) return absl::StrCat(number);
  const std::string name = CommandName(found->second);
  int ordinal = 1;
  int count = 0;
  for (const auto& [other, command] : commands_) {
    if (CommandName(command) != name) continue;
    ++count;
    if (other < number) ++ordinal;
  }
  return ordinal == count ? name : absl::StrCat(name, "#", ordinal);
}

std::int32_t CommandNames::NumberOf(const std::string& name) const {
  std::int32_t number = 0;
  if (absl::SimpleAtoi(name, &number)) return number;
  const std::size_t mark = name.find('#');
  int wanted = 0;
  if (mark != std::string::npos && !absl::SimpleAtoi(name.substr(mark + 1), &wanted)) return 0;
  int ordinal = 0;
  for (const auto& [other, command] : commands_) {
    if (CommandName(command) != name.substr(0, mark)) continue;
    number = other;
    if (++ordinal == wanted) return number;
  }
  return wanted == 0 ? number : 0;
}

std::string PhaseName(const internal::v1::Session& session) {
  const auto* field = internal::v1::Session::descriptor()->FindFieldByNumber(
      static_cast<int>(session.phase_case()));
  return field == nullptr ? "none" : field->message_type()->name();
}

std::string DescribeDueTimers(const internal::v1::Session& session, base::Time now) {
  std::vector<std::string> due;
  for (const internal::v1::Timer& timer : session.timers()) {
    if (base::FromTimestamp(timer.due_time()) > now) continue;
    std::string name = Short(internal::v1::Timer::Kind_Name(timer.kind()), "KIND_");
    AppendWord(&name, timer.subject());
    due.push_back(std::move(name));
  }
  return absl::StrJoin(due, ", ");
}

std::string DescribeInput(const internal::v1::Input& input, const internal::v1::Session& before,
                          const CommandNames& names) {
  using internal::v1::Input;
  switch (input.input_case()) {
    case Input::kProviderEvent:
      return DescribeProviderEvent(input.provider_event(), before, names);
    case Input::kCommandTaken:
      return absl::StrCat("sends ", names.Of(input.command_taken().number()));
    case Input::kCommandResult:
      return DescribeResult(input.command_result(), names);
    case Input::kTimerDue:
      return absl::StrCat("due: ",
                          DescribeDueTimers(before, base::FromTimestamp(input.step_time())));
    case Input::kIncomingCall:
      return absl::StrCat(
          "incoming-call ",
          Short(internal::v1::IncomingCall::Arrangement_Name(input.incoming_call().arrangement()),
                "ARRANGEMENT_"));
    case Input::kStartBridge:
      return absl::StrCat("start ", input.start_bridge().request_id());
    case Input::kEndSession:
      return "end";
    case Input::kUpdateLeg:
      return absl::StrCat("update ", input.update_leg().leg_id());
    case Input::kRequestSound:
      return absl::StrCat(input.request_sound().sound().has_capture() ? "capture " : "say ",
                          absl::StrJoin(input.request_sound().leg_ids(), ","), " ",
                          input.request_sound().sound().request_id());
    case Input::kStopSounds:
      return absl::StrCat("stop-sounds ", input.stop_sounds().leg_id());
    case Input::kRequestDigits:
      return absl::StrCat("digits ", input.request_digits().leg_id());
    case Input::kRequestRecording:
      return input.request_recording().start() ? "record" : "record stop";
    case Input::kCondemned:
      return "defect";
    case Input::kWorkerResumed:
      return "the worker resumed";
    case Input::kCallMissing:
      return absl::StrCat("missing ", LegOrCall(before, input.call_missing().call_id()));
    case Input::INPUT_NOT_SET:
      return "nothing";
  }
  return "";
}

std::string DescribeTransition(const internal::v1::Transition& transition,
                               const internal::v1::Session& before, CommandNames& names) {
  for (const internal::v1::Command& command : transition.commands()) names.Note(command);
  std::string text;
  for (const v1::SessionEvent& event : transition.events()) {
    if (IsTold(event)) absl::StrAppend(&text, DescribeEvent(event, names), "\n");
  }
  for (const internal::v1::Command& command : transition.commands()) {
    absl::StrAppend(&text, DescribeCommand(command), "\n");
  }
  for (const std::int32_t number : transition.cancelled_commands()) {
    absl::StrAppend(&text, "cancel ", names.Of(number), "\n");
  }
  if (transition.has_reply()) {
    absl::StrAppend(&text, "reply ", v1::ErrorReason_Name(transition.reply().error()), "\n");
  }
  if (!transition.ignored_reason().empty()) {
    absl::StrAppend(&text, "ignored: ", transition.ignored_reason(), "\n");
  }
  const std::string phase = PhaseName(transition.session());
  if (phase != PhaseName(before)) absl::StrAppend(&text, "phase ", phase, "\n");
  return text;
}

}  // namespace callbridge::flow
