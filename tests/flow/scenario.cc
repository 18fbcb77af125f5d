#include "tests/flow/scenario.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "server/flow/command_names.h"
#include "server/flow/sound_facts.h"
#include "server/flow/step.h"
#include "tests/flow/account.h"
#include "tests/flow/samples.h"
#include "tests/flow/sound_words.h"

namespace callbridge::flow {
namespace {

using internal::v1::Input;
using internal::v1::ProviderEvent;
using internal::v1::Session;
using internal::v1::Timer;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kConference = "conference-1";
constexpr std::string_view kSession = "s_SCENARIO";

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

// "muted", "heard", "deafened", "hearing".
void AddAudio(const std::string& word, internal::v1::AudioFacts* audio) {
  if (word == "muted" || word == "heard") audio->set_muted(word == "muted");
  if (word == "deafened" || word == "hearing") audio->set_deafened(word == "deafened");
}

void AddWish(const std::string& word, internal::v1::UpdateLeg* update) {
  if (word == "muted" || word == "heard") update->set_muted(word == "muted");
  if (word == "deafened" || word == "hearing") update->set_deafened(word == "deafened");
}

// "caller" has joined; "joining:callee-1"; "left:callee-1" was in until just now; "muted:callee-1"
// and "heard:callee-1" have joined.
void AddParticipant(const std::string& word, base::Time now,
                    internal::v1::ConferenceFacts* conference) {
  using internal::v1::ParticipantFacts;
  const std::vector<std::string> parts = absl::StrSplit(word, ':');
  ParticipantFacts& participant = *conference->add_participants();
  participant.set_call_id(absl::StrCat("call-", parts.back()));
  participant.set_state(ParticipantFacts::STATE_JOINED);
  if (parts[0] == "muted" || parts[0] == "heard") AddAudio(parts[0], participant.mutable_audio());
  if (parts[0] == "joining") participant.set_state(ParticipantFacts::STATE_JOINING);
  if (parts[0] != "left") return;
  participant.set_state(ParticipantFacts::STATE_LEFT);
  *participant.mutable_join_time() = base::ToTimestamp(now - seconds(1));
}

}  // namespace

Scenario::Scenario() : now_(std::chrono::sys_days(std::chrono::year(2026) / 1 / 15)), start_(now_) {
  session_.set_session_id(std::string(kSession));
}

internal::v1::Transition Scenario::Step(internal::v1::Input input) {
  *input.mutable_receive_time() = base::ToTimestamp(now_);
  *input.mutable_step_time() = base::ToTimestamp(now_);
  internal::v1::Transition transition = flow::Step(session_, input);
  session_ = transition.session();
  absl::StrAppend(&account_, Account(transition, start_, now_));
  wake_.reset();
  if (transition.has_wake_time()) wake_ = base::FromTimestamp(transition.wake_time());
  for (const internal::v1::Command& command : transition.commands()) names_.Note(command);
  return transition;
}

std::string Scenario::StepAndDescribe(internal::v1::Input input) {
  const internal::v1::Session before = session_;
  return DescribeTransition(Step(std::move(input)), before, names_);
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
    const std::size_t before = account_.size();
    const std::string after =
        absl::StrCat("after ", waited.count(), "ms: ", DescribeDueTimers(session_, now_), "\n");
    absl::StrAppend(&text, after, StepAndDescribe(std::move(input)));
    if (account_.size() > before) account_.insert(before, after);
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
    event.set_conference_id(words.size() > 1 ? absl::StrCat(words[1], "-conference")
                                             : std::string(kConference));
    event.mutable_conference()->set_name(absl::StrCat("test/", std::string(kSession)));
    return StepAndDescribe(std::move(input));
  }
  const std::string call = words.size() > 1 ? words[1] : "caller";
  const std::string leg_id = call.substr(0, call.find('/'));
  event.set_call_id(CallIdOf(call));
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
        *event.mutable_playback()->mutable_duration() =
            base::ToProtoDuration(ParseDuration(words[i]));
      } else {
        const std::int32_t number = names_.NumberOf(words[i]);
        auto& tag = *event.mutable_playback()->add_custom_data();
        tag.set_key("media");
        tag.set_value(number == 0 ? words[i] : absl::StrCat(number));
        // Who hears the sound is known by the command that began it.
        if (names_.Has(number) && !names_.Find(number).leg_id().empty()) {
          event.set_call_id(CallIdOf(names_.Find(number).leg_id()));
        }
      }
    }
  } else if (type == internal::v1::ProviderEvent::TYPE_DTMF_CAPTURED) {
    AddCaptured(words, *event.mutable_captured());
    const std::int32_t number = names_.NumberOf(words[1]);
    if (names_.Has(number)) event.set_call_id(CallIdOf(names_.Find(number).leg_id()));
    auto& tag = *event.mutable_captured()->add_custom_data();
    tag.set_key("media");
    tag.set_value(absl::StrCat(number));
  } else if (type == internal::v1::ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED) {
    for (std::size_t i = 2; i < words.size(); ++i) {
      AddAudio(words[i], event.mutable_participant()->mutable_audio());
    }
  } else if (words.size() > 2) {
    event.mutable_call()->mutable_error()->set_name(words[2]);
    event.mutable_call()->set_hangup_source(words.size() > 3 ? words[3] : "ENDPOINT");
  }
  return StepAndDescribe(std::move(input));
}

internal::v1::Command Scenario::CommandOf(const std::string& name) const {
  const std::int32_t number = names_.NumberOf(name);
  EXPECT_NE(number, 0) << "no such command was issued: " << name;
  if (names_.Has(number)) return names_.Find(number);
  internal::v1::Command never_issued;
  never_issued.set_number(number);
  return never_issued;
}

std::string Scenario::PlayResult(const std::vector<std::string>& words) {
  using internal::v1::CommandResult;
  const internal::v1::Command command = CommandOf(words[1]);
  internal::v1::Input input;
  CommandResult& result = *input.mutable_command_result();
  result.set_number(command.number());
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
    if (words.size() > 2)
      *result.mutable_retry_after() = base::ToProtoDuration(ParseDuration(words[2]));
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
    for (std::size_t i = 2; i < words.size() && found != "finished" && found != "empty"; ++i) {
      AddParticipant(words[i], now_, &conference);
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
  absl::StrAppend(&account_, "> ", line, "\n");
  if (verb == "wait") return Wait(ParseDuration(words[1]));
  if (verb == "pause") {
    now_ += ParseDuration(words[1]);
    return "";
  }
  if (verb == "sends") {
    const internal::v1::Command command = CommandOf(words[1]);
    input.mutable_command_taken()->set_number(command.number());
    input.mutable_command_taken()->set_attempt(command.attempt());
    return StepAndDescribe(std::move(input));
  }
  if (verb == "does") {
    // Sent, and done at once.
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
      if (words[i] == "loop") call.set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_LOOP);
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
        *call.mutable_plan()->mutable_max_duration() = base::ToProtoDuration(seconds(30));
      }
      if (words[i] == "keep-digits") call.mutable_plan()->set_keep_digits(true);
      if (words[i] == "muted-callee") call.mutable_callees(0)->set_muted(true);
      if (words[i] == "long-ring") {
        *call.mutable_callees(0)->mutable_ring_timeout() = base::ToProtoDuration(seconds(60));
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
    const internal::v1::Lane& lane = CallersLane(session_);
    const bool music = lane.content() == internal::v1::Lane::CONTENT_MUSIC;
    return PlayEvent({music ? "PLAY_FINISHED" : "SAY_FINISHED", absl::StrCat(lane.command())});
  }
  if (verb == "say" || verb == "play" || verb == "capture") {
    *input.mutable_request_sound() = SoundOf(words);
  }
  if (verb == "stop-sounds") {
    input.mutable_stop_sounds()->set_leg_id(words.size() > 1 ? words[1] : "");
    input.mutable_stop_sounds()->set_request_id("stop");
  }
  if (verb == "digits") {
    input.mutable_request_digits()->set_leg_id(words[1]);
    input.mutable_request_digits()->set_request_id(words[2]);
    input.mutable_request_digits()->set_digits("12");
  }
  if (verb == "update") {
    internal::v1::UpdateLeg& update = *input.mutable_update_leg();
    update.set_leg_id(words[1]);
    for (std::size_t i = 2; i < words.size(); ++i) AddWish(words[i], &update);
  }
  if (verb == "defect") input.mutable_condemned()->set_reference("test");
  if (verb == "missing") input.mutable_call_missing()->set_call_id(CallIdOf(words[1]));
  if (verb == "end") input.mutable_end_session()->set_reason("test");
  if (input.input_case() != internal::v1::Input::INPUT_NOT_SET) {
    return StepAndDescribe(std::move(input));
  }
  return PlayEvent(words);
}

Input WebhookOf(const Scenario& scenario, ProviderEvent::Type type, const std::string& leg_id) {
  Input input;
  ProviderEvent& event = *input.mutable_provider_event();
  event.set_type(type);
  event.set_call_id("call-" + leg_id);
  const auto add = [&event](const std::string& key, const std::string& value) {
    auto& entry = *event.mutable_call()->add_custom_data();
    entry.set_key(key);
    entry.set_value(value);
  };
  for (const internal::v1::Leg& leg : scenario.session().legs()) {
    if (leg.leg_id() != leg_id || leg.dial() == 0) continue;
    add("session", scenario.session().session_id());
    add("dial", std::to_string(leg.dial()));
  }
  return input;
}

const internal::v1::Lane& CallersLane(const Session& session) {
  return LaneOf(session, session.legs(0));
}

bool HasTimer(const Session& session, Timer::Kind kind) {
  return std::any_of(session.timers().begin(), session.timers().end(),
                     [kind](const Timer& timer) { return timer.kind() == kind; });
}

void PlayAll(Scenario& scenario, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) scenario.Play(line);
}

void PlayUntilTheCalleeIsDialled(Scenario& scenario) {
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "does 5", "sends 6"});
}

}  // namespace callbridge::flow
