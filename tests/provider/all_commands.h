// Each command that the flow can give, with everything set that can be set.
#pragma once

#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "tests/provider/commands.h"

namespace callbridge::provider {

struct Sample {
  std::string name;
  internal::v1::Command command;
};

// Those with effects, each kind of content once.
inline std::vector<Sample> AllCommands() {
  std::vector<Sample> samples;
  const auto add = [&samples](const std::string& name) -> internal::v1::Command& {
    internal::v1::Command& command = samples.emplace_back(Sample{name, Command(4)}).command;
    command.set_base_url("https://other.example.com");
    command.mutable_not_before_time()->set_seconds(1);
    command.mutable_not_after_time()->set_seconds(2);
    command.mutable_waiting_since_time()->set_seconds(3);
    command.set_dial(77);
    command.set_routine(true);
    return command;
  };
  const auto add_dial = [&add](const std::string& name) -> callbridge::v1::Endpoint& {
    internal::v1::Dial& dial = *add(name).mutable_dial_leg();
    dial = DialCommand().dial_leg();
    return *dial.mutable_endpoint();
  };
  add("send_ringing").mutable_send_ringing()->set_call_id("aaaa");
  add("answer_call").mutable_answer_call()->set_call_id("aaaa");
  internal::v1::HangUpCall& hang_up = *add("hang_up_call").mutable_hang_up_call();
  hang_up.set_call_id("aaaa");
  hang_up.set_reject(true);
  hang_up.set_busy(true);
  *add("create_conference").mutable_create_conference() =
      CreateConferenceCommand().create_conference();
  internal::v1::AddCaller& add_caller = *add("add_caller").mutable_add_caller();
  add_caller.set_conference_id("cccc");
  add_caller.set_call_id("aaaa");
  add_dial("dial_leg to a telephone");
  add_dial("dial_leg apart");
  samples.back().command.mutable_dial_leg()->set_apart(true);
  samples.back().command.mutable_dial_leg()->clear_conference_id();
  callbridge::v1::SipEndpoint& sip = *add_dial("dial_leg to a SIP user").mutable_sip();
  sip.set_username("desk");
  sip.set_trunk_id("t1");
  (*sip.mutable_headers())["X-A"] = "1";
  callbridge::v1::WebrtcEndpoint& webrtc = *add_dial("dial_leg to a browser").mutable_webrtc();
  webrtc.set_identity("ann");
  webrtc.set_display_name("Ann");
  internal::v1::PlayPrompt prompt;
  prompt.set_call_id("aaaa");
  prompt.mutable_prompt()->set_text("Please wait.");
  prompt.mutable_prompt()->mutable_voice()->set_language("de");
  prompt.mutable_prompt()->mutable_voice()->set_name("Camila");
  prompt.mutable_prompt()->mutable_voice()->set_gender(callbridge::v1::GENDER_FEMALE);
  prompt.mutable_prompt()->mutable_voice()->set_speaking_rate(1.25);
  prompt.mutable_timeout()->set_seconds(20);
  *add("play_prompt of a text").mutable_play_prompt() = prompt;
  prompt.mutable_prompt()->mutable_audio()->set_url("https://example.com/hello.wav");
  prompt.mutable_prompt()->mutable_audio()->mutable_duration()->set_seconds(3);
  *add("play_prompt of a sound").mutable_play_prompt() = prompt;
  internal::v1::PlayMusic& music = *add("play_music").mutable_play_music();
  music = MusicCommand().play_music();
  music.mutable_audio()->mutable_duration()->set_seconds(3);
  *add("stop_play").mutable_stop_play() = StopPlayCommand().stop_play();
  add("hang_up_conference").mutable_hang_up_conference()->set_conference_id("cccc");
  internal::v1::UpdateAudio& update = *add("update_audio").mutable_update_audio();
  update.set_conference_id("cccc");
  update.set_call_id("aaaa");
  update.set_muted(true);
  update.set_deafened(true);
  internal::v1::SendDigits& digits = *add("send_digits").mutable_send_digits();
  digits.set_call_id("aaaa");
  digits.set_digits("12#");
  digits.set_request_id("r-1");
  internal::v1::CaptureDigits capture;
  capture.set_call_id("aaaa");
  capture.mutable_capture()->set_max_length(4);
  capture.mutable_capture()->mutable_first_digit_timeout()->set_seconds(8);
  capture.mutable_capture()->mutable_digit_timeout()->set_seconds(2);
  capture.mutable_capture()->set_terminator("#");
  capture.set_keep(true);
  *capture.mutable_prompt() = prompt.prompt();
  *add("capture_digits with a sound").mutable_capture_digits() = capture;
  capture.mutable_prompt()->set_text("Your code, please.");
  *add("capture_digits with a text").mutable_capture_digits() = capture;
  capture.set_refusing_key("9");
  *add("capture_digits of a notice").mutable_capture_digits() = capture;
  internal::v1::StartRecording& of_all =
      *add("start_recording of a conference").mutable_start_recording();
  of_all.set_conference_id("cccc");
  of_all.set_recording_id("recording-1");
  internal::v1::StartRecording& of_call =
      *add("start_recording of a call").mutable_start_recording();
  of_call.set_call_id("aaaa");
  of_call.set_recording_id("recording-1");
  of_call.set_beep(true);
  add("stop_recording of a conference").mutable_stop_recording()->set_conference_id("cccc");
  add("stop_recording of a call").mutable_stop_recording()->set_call_id("aaaa");
  return samples;
}

inline std::vector<Sample> AllLooks() {
  std::vector<Sample> samples = {{"look_at_call", LookAtCallCommand()},
                                 {"look_at_conference", Command(10)},
                                 {"find_conference", Command(10)},
                                 {"find_dial", FindDialCommand()},
                                 {"look_at_recording", Command(10)}};
  samples[4].command.mutable_look_at_recording()->set_conference_id("cccc");
  samples[1].command.mutable_look_at_conference()->set_conference_id("cccc");
  samples[2].command.mutable_find_conference()->set_name("bridge/s_1");
  return samples;
}

}  // namespace callbridge::provider
