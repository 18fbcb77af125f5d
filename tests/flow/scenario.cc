#include "tests/flow/scenario.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <chrono>
#include <utility>
#include <vector>

#include "server/flow/step.h"
#include "server/flow/turn.h"
#include "tests/flow/describe.h"

namespace callbridge::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kConference = "conference-1";
constexpr std::string_view kSession = "s_SCENARIO";

google::protobuf::Duration Proto(base::Duration duration) {
  return base::ToProtoDuration(duration);
}

// "5s", "1500ms".
base::Duration ParseDuration(const std::string& text) {
  int number = 0;
  if (text.size() > 2 && text.substr(text.size() - 2) == "ms") {
    EXPECT_TRUE(absl::SimpleAtoi(text.substr(0, text.size() - 2), &number)) << text;
    return milliseconds(number);
  }
  EXPECT_TRUE(absl::SimpleAtoi(text.substr(0, text.size() - 1), &number)) << text;
  return seconds(number);
}

bool IsTold(const v1::SessionEvent& event) {
  if (event.has_command_sent()) return false;
  return !event.has_command_finished() ||
         event.command_finished().result() != v1::CommandFinished::RESULT_DONE;
}

void AddCustomData(const internal::v1::Leg& leg, internal::v1::CallFacts* facts) {
  const auto add = [&](const std::string& key, const std::string& value) {
    auto& entry = *facts->add_custom_data();
    entry.set_key(key);
    entry.set_value(value);
  };
  add("dial", absl::StrCat(leg.dial()));
  add("leg", leg.leg_id());
  add("session", std::string(kSession));
}

}  // namespace

internal::v1::Timing DefaultTiming() {
  internal::v1::Timing timing;
  *timing.mutable_offer() = Proto(seconds(8));
  *timing.mutable_answer_look() = Proto(seconds(5));
  *timing.mutable_answer_verdict() = Proto(seconds(15));
  *timing.mutable_join_caller_look() = Proto(seconds(3));
  *timing.mutable_join_caller_verdict() = Proto(seconds(10));
  *timing.mutable_media_end() = Proto(milliseconds(1500));
  *timing.mutable_stop_play_repeat() = Proto(milliseconds(500));
  *timing.mutable_dial_queue() = Proto(seconds(20));
  for (const int at : {2, 6, 12, 20}) *timing.add_dial_looks() = Proto(seconds(at));
  *timing.mutable_redial_ring_min() = Proto(seconds(15));
  *timing.mutable_ring_look() = Proto(seconds(5));
  *timing.mutable_ring_verdict() = Proto(seconds(15));
  *timing.mutable_callee_silent() = Proto(seconds(5));
  *timing.mutable_join_callee_look() = Proto(seconds(3));
  *timing.mutable_join_callee_verdict() = Proto(seconds(10));
  *timing.mutable_connected_look() = Proto(seconds(60));
  *timing.mutable_ending_hangup() = Proto(seconds(3));
  for (const int at : {3, 8, 18}) *timing.add_ending_looks() = Proto(seconds(at));
  *timing.mutable_ending_verdict() = Proto(seconds(30));
  *timing.mutable_ending_verdict_unknown_dial() = Proto(seconds(90));
  *timing.mutable_absence() = Proto(seconds(5));
  *timing.mutable_look_again() = Proto(seconds(2));
  *timing.mutable_stale_call() = Proto(seconds(60));
  *timing.mutable_hangup_backoff() = Proto(milliseconds(500));
  *timing.mutable_hangup_backoff_max() = Proto(seconds(30));
  *timing.mutable_retry_backoff() = Proto(milliseconds(200));
  *timing.mutable_retry_backoff_max() = Proto(seconds(5));
  *timing.mutable_prompt_grace() = Proto(seconds(5));
  *timing.mutable_prompt_max() = Proto(seconds(120));
  *timing.mutable_music_run_min() = Proto(seconds(2));
  *timing.mutable_conference_gone() = Proto(seconds(3));
  *timing.mutable_join_retry() = Proto(seconds(1));
  return timing;
}

internal::v1::SessionSettings DefaultSettings() {
  internal::v1::SessionSettings settings;
  settings.set_service_id("test");
  settings.set_account("default");
  settings.set_calls_configuration_id("bridge-test");
  *settings.mutable_timing() = DefaultTiming();
  *settings.mutable_retention() = Proto(std::chrono::hours(720));
  return settings;
}

v1::Plan DefaultPlan() {
  v1::Plan plan;
  plan.mutable_voice()->set_language("en");
  plan.mutable_greeting()->set_text("hello");
  plan.mutable_announcement()->set_text("joining");
  plan.mutable_apology()->set_text("sorry");
  plan.mutable_music()->mutable_audio()->set_file_id("music");
  plan.mutable_music()->set_loop_count(3);
  *plan.mutable_ring_timeout() = Proto(seconds(30));
  *plan.mutable_max_duration() = Proto(std::chrono::hours(2));
  return plan;
}

v1::Callee DefaultCallee() {
  v1::Callee callee;
  callee.mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  *callee.mutable_ring_timeout() = Proto(seconds(30));
  return callee;
}

internal::v1::IncomingCall RoutedCall() {
  internal::v1::IncomingCall incoming;
  internal::v1::ProviderEvent& event = *incoming.mutable_event();
  event.set_type(internal::v1::ProviderEvent::TYPE_CALL_RECEIVED);
  event.set_call_id("call-caller");
  event.mutable_call()->set_from("447700900123");
  event.mutable_call()->set_to("442079460001");
  event.mutable_call()->set_state(internal::v1::CallFacts::STATE_RINGING);
  incoming.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_BRIDGE);
  incoming.set_route("support");
  *incoming.add_callees() = DefaultCallee();
  *incoming.mutable_plan() = DefaultPlan();
  *incoming.mutable_settings() = DefaultSettings();
  return incoming;
}

internal::v1::StartBridge ClickToCall() {
  internal::v1::StartBridge start;
  start.set_request_id("request-1");
  start.mutable_caller()->mutable_phone()->set_number("+447700900123");
  start.set_caller_id_number("+442079460001");
  *start.mutable_caller_ring_timeout() = Proto(seconds(30));
  *start.add_callees() = DefaultCallee();
  start.mutable_callees(0)->set_caller_id_number("+442079460001");
  *start.mutable_plan() = DefaultPlan();
  *start.mutable_settings() = DefaultSettings();
  return start;
}

std::string PhaseName(const internal::v1::Session& session) {
  const auto* field = internal::v1::Session::descriptor()->FindFieldByNumber(
      static_cast<int>(session.phase_case()));
  return field == nullptr ? "none" : field->message_type()->name();
}

Scenario::Scenario() : now_(std::chrono::sys_days(std::chrono::year(2026) / 1 / 15)) {
  session_.set_session_id(std::string(kSession));
}

internal::v1::Transition Scenario::Step(internal::v1::Input input) {
  *input.mutable_receive_time() = base::ToTimestamp(now_);
  *input.mutable_step_time() = base::ToTimestamp(now_);
  internal::v1::Transition transition = flow::Step(session_, input);
  session_ = transition.session();
  wake_.reset();
  if (transition.has_wake_time()) wake_ = base::FromTimestamp(transition.wake_time());
  for (const internal::v1::Command& command : transition.commands()) {
    commands_[command.number()] = command;
  }
  return transition;
}

std::string Scenario::StepAndDescribe(internal::v1::Input input) {
  const std::string before = PhaseName(session_);
  const internal::v1::Transition transition = Step(std::move(input));
  std::string text;
  for (const v1::SessionEvent& event : transition.events()) {
    if (IsTold(event)) absl::StrAppend(&text, DescribeEvent(event), "\n");
  }
  for (const internal::v1::Command& command : transition.commands()) {
    absl::StrAppend(&text, DescribeCommand(command), "\n");
  }
  for (const std::int32_t number : transition.cancelled_commands()) {
    absl::StrAppend(&text, "cancel ", number, "\n");
  }
  if (transition.has_reply()) {
    absl::StrAppend(&text, "reply ", v1::ErrorReason_Name(transition.reply().error()), "\n");
  }
  if (!transition.ignored_reason().empty()) {
    absl::StrAppend(&text, "ignored: ", transition.ignored_reason(), "\n");
  }
  if (PhaseName(session_) != before) absl::StrAppend(&text, "phase ", PhaseName(session_), "\n");
  return text;
}

std::string Scenario::CallIdOf(std::string_view leg_id) const {
  return absl::StrCat("call-", std::string(leg_id));
}

std::string Scenario::Wait(base::Duration duration) {
  const base::Time end = now_ + duration;
  std::string text;
  while (wake_.has_value() && *wake_ <= end) {
    const auto waited = std::chrono::duration_cast<milliseconds>(*wake_ - (end - duration));
    now_ = std::max(now_, *wake_);
    internal::v1::Input input;
    input.mutable_timer_due();
    absl::StrAppend(&text, "after ", waited.count(), "ms\n", StepAndDescribe(std::move(input)));
  }
  now_ = end;
  return text;
}

std::string Scenario::PlayEvent(const std::vector<std::string>& words) {
  internal::v1::Input input;
  internal::v1::ProviderEvent& event = *input.mutable_provider_event();
  internal::v1::ProviderEvent::Type type{};
  if (!internal::v1::ProviderEvent::Type_Parse(absl::StrCat("TYPE_", words[0]), &type)) {
    ADD_FAILURE() << "no such input: " << words[0];
    return "";
  }
  event.set_type(type);
  event.set_type_name(words[0]);
  if (words[0].rfind("CONFERENCE", 0) == 0) {
    event.set_conference_id(std::string(kConference));
    event.mutable_conference()->set_name(absl::StrCat("test/", std::string(kSession)));
    return StepAndDescribe(std::move(input));
  }
  const std::string leg_id = words.size() > 1 ? words[1] : "caller";
  event.set_call_id(CallIdOf(leg_id));
  if (words[0].rfind("PARTICIPANT", 0) == 0) event.set_conference_id(std::string(kConference));
  for (const internal::v1::Leg& leg : session_.legs()) {
    if (leg.leg_id() == leg_id && leg.dial() != 0) AddCustomData(leg, event.mutable_call());
  }
  if (type == internal::v1::ProviderEvent::TYPE_ERROR) {
    event.set_call_id(CallIdOf("caller"));
    event.set_action_type(words[1]);
  }
  if (type == internal::v1::ProviderEvent::TYPE_SAY_FINISHED ||
      type == internal::v1::ProviderEvent::TYPE_PLAY_FINISHED) {
    event.set_call_id(CallIdOf("caller"));
    event.mutable_playback()->set_completed(true);
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "cut") {
        event.mutable_playback()->set_completed(false);
      } else if (words[i].back() == 's') {
        *event.mutable_playback()->mutable_duration() = Proto(ParseDuration(words[i]));
      } else {
        auto& tag = *event.mutable_playback()->add_custom_data();
        tag.set_key("media");
        tag.set_value(words[i]);
      }
    }
  } else if (words.size() > 2) {
    event.mutable_call()->mutable_error()->set_name(words[2]);
    event.mutable_call()->set_hangup_source(words.size() > 3 ? words[3] : "ENDPOINT");
  }
  return StepAndDescribe(std::move(input));
}

std::string Scenario::PlayResult(const std::vector<std::string>& words) {
  using internal::v1::CommandResult;
  std::int32_t number = 0;
  EXPECT_TRUE(absl::SimpleAtoi(words[1], &number)) << words[1];
  const internal::v1::Command& command = commands_[number];
  internal::v1::Input input;
  CommandResult& result = *input.mutable_command_result();
  result.set_number(number);
  result.set_attempt(command.attempt());
  if (words[0] == "refused") {
    result.set_verdict(CommandResult::VERDICT_REFUSED);
    int status = 400;
    EXPECT_TRUE(words.size() < 3 || absl::SimpleAtoi(words[2], &status));
    result.set_http_status(status);
    if (words.size() > 3) result.mutable_error()->set_name(words[3]);
    return StepAndDescribe(std::move(input));
  }
  if (words[0] != "done") {
    result.set_verdict(words[0] == "unknown"     ? CommandResult::VERDICT_UNKNOWN
                       : words[0] == "throttled" ? CommandResult::VERDICT_THROTTLED
                                                 : CommandResult::VERDICT_NOT_SENT);
    if (words.size() > 2) *result.mutable_retry_after() = Proto(ParseDuration(words[2]));
    return StepAndDescribe(std::move(input));
  }
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_http_status(200);
  result.set_complete(true);
  // What was found: nothing, or the state that the line names.
  const std::string found = words.size() > 2 ? words[2] : "";
  // The conference is a witness of every FindDial.
  if (command.has_create_conference() || (command.has_find_conference() && found == "found") ||
      !command.find_dial().conference_id().empty()) {
    result.add_conferences()->set_conference_id(std::string(kConference));
  }
  if (command.has_find_conference() && found == "another") {
    result.add_conferences()->set_conference_id("another-conference");
  }
  if (command.has_look_at_conference() && !found.empty()) {
    internal::v1::ConferenceFacts& conference = *result.add_conferences();
    conference.set_conference_id(std::string(kConference));
    conference.set_finished(found == "finished");
    for (std::size_t i = 2; i < words.size() && found != "finished"; ++i) {
      internal::v1::ParticipantFacts& participant = *conference.add_participants();
      participant.set_call_id(CallIdOf(words[i]));
      participant.set_state(internal::v1::ParticipantFacts::STATE_JOINED);
    }
  }
  const bool shows_call =
      command.has_dial_leg() || command.has_hang_up_call() ||
      ((command.has_look_at_call() || command.has_find_dial()) && !found.empty());
  if (shows_call) {
    internal::v1::CallFacts& call = *result.add_calls();
    call.set_call_id(CallIdOf(command.leg_id()));
    internal::v1::CallFacts::State state{};
    if (internal::v1::CallFacts::State_Parse(absl::StrCat("STATE_", found), &state)) {
      call.set_state(state);
    }
    if (words.size() > 3) call.mutable_error()->set_name(words[3]);
    for (const internal::v1::Leg& leg : session_.legs()) {
      if (leg.leg_id() == command.leg_id() && leg.dial() != 0) AddCustomData(leg, &call);
    }
  }
  return StepAndDescribe(std::move(input));
}

std::string Scenario::Play(const std::string& line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
  internal::v1::Input input;
  const std::string& verb = words[0];
  if (verb == "wait") return Wait(ParseDuration(words[1]));
  if (verb == "sends") {
    std::int32_t number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(words[1], &number)) << line;
    input.mutable_command_taken()->set_number(number);
    input.mutable_command_taken()->set_attempt(commands_[number].attempt());
    return StepAndDescribe(std::move(input));
  }
  if (verb == "does") {
    // Sent and done at once.
    std::vector<std::string> done = words;
    done[0] = "done";
    std::string text = Play(absl::StrCat("sends ", words[1]));
    absl::StrAppend(&text, PlayResult(done));
    return text;
  }
  if (verb == "done" || verb == "refused" || verb == "unknown" || verb == "throttled" ||
      verb == "not-sent") {
    return PlayResult(words);
  }
  if (verb == "incoming-call") {
    *input.mutable_incoming_call() = RoutedCall();
    for (std::size_t i = 1; i < words.size(); ++i) {
      internal::v1::IncomingCall& call = *input.mutable_incoming_call();
      if (words[i] == "offer") call.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_OFFER);
      if (words[i] == "reject")
        call.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_REJECT);
      if (words[i] == "stale") {
        *call.mutable_event()->mutable_occur_time() = base::ToTimestamp(now_ - seconds(90));
      }
      if (words[i] == "silent") {
        call.mutable_plan()->clear_greeting();
        call.mutable_plan()->clear_announcement();
        call.mutable_plan()->clear_apology();
        call.mutable_plan()->clear_music();
      }
      if (words[i] == "short-talk") {
        *call.mutable_plan()->mutable_max_duration() = Proto(seconds(30));
      }
      if (words[i] == "long-ring") {
        *call.mutable_callees(0)->mutable_ring_timeout() = Proto(seconds(60));
      }
    }
    return StepAndDescribe(std::move(input));
  }
  if (verb == "start") {
    *input.mutable_start_bridge() = ClickToCall();
    if (words.size() > 1) input.mutable_start_bridge()->set_request_id(words[1]);
    return StepAndDescribe(std::move(input));
  }
  if (verb == "sound-over") {
    // The head of the lane, whatever it is, has ended by itself.
    const internal::v1::Lane& lane = session_.lane();
    const bool music = lane.content() == internal::v1::Lane::CONTENT_MUSIC;
    return PlayEvent({music ? "PLAY_FINISHED" : "SAY_FINISHED", absl::StrCat(lane.command())});
  }
  if (verb == "defect") input.mutable_condemned()->set_reference("test");
  if (verb == "missing") input.mutable_call_missing()->set_call_id(CallIdOf(words[1]));
  if (verb == "end") input.mutable_end_session()->set_reason("test");
  if (input.input_case() != internal::v1::Input::INPUT_NOT_SET) {
    return StepAndDescribe(std::move(input));
  }
  return PlayEvent(words);
}

}  // namespace callbridge::flow
