// Which fields of each sample of all_commands.h the provider gets.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

namespace callbridge::provider {

// The fields that are sent, by the name of the sample; of stop-play for each scope.
inline const std::map<std::string, std::set<std::string>>& SentFields() {
  // The custom data of whatever concerns one leg.
  const auto with_leg = [](std::set<std::string> fields) {
    fields.insert({"session_id", "leg_id", "dial"});
    return fields;
  };
  const auto called = [&](std::set<std::string> fields) {
    fields.insert({"dial_leg.caller_id_number", "dial_leg.ring_timeout", "dial_leg.max_duration"});
    return with_leg(std::move(fields));
  };
  const auto dialled = [&](std::set<std::string> fields) {
    fields.insert("dial_leg.conference_id");
    return called(std::move(fields));
  };
  const auto captured = [&](std::set<std::string> fields) {
    fields.insert({"number", "capture_digits.call_id", "capture_digits.keep",
                   "capture_digits.capture.max_length",
                   "capture_digits.capture.first_digit_timeout",
                   "capture_digits.capture.digit_timeout", "capture_digits.capture.terminator"});
    return with_leg(std::move(fields));
  };
  static const auto& fields = *new std::map<std::string, std::set<std::string>>{
      {"send_ringing", {"send_ringing.call_id"}},
      {"answer_call", with_leg({"answer_call.call_id"})},
      {"hang_up_call", {"hang_up_call.call_id", "hang_up_call.reject", "hang_up_call.busy"}},
      {"create_conference", {"create_conference.name", "create_conference.max_duration"}},
      {"add_caller", with_leg({"add_caller.conference_id", "add_caller.call_id"})},
      {"dial_leg to a telephone", dialled({"dial_leg.endpoint.phone.number"})},
      {"dial_leg apart", called({"dial_leg.apart", "dial_leg.endpoint.phone.number"})},
      {"dial_leg to a SIP user",
       dialled({"dial_leg.endpoint.sip.username", "dial_leg.endpoint.sip.trunk_id",
                "dial_leg.endpoint.sip.headers"})},
      {"dial_leg to a browser",
       dialled({"dial_leg.endpoint.webrtc.identity", "dial_leg.endpoint.webrtc.display_name"})},
      {"play_prompt of a text",
       with_leg({"number", "play_prompt.call_id", "play_prompt.prompt.text",
                 "play_prompt.prompt.voice.language", "play_prompt.prompt.voice.name",
                 "play_prompt.prompt.voice.gender", "play_prompt.prompt.voice.speaking_rate"})},
      {"play_prompt of a sound", with_leg({"number", "play_prompt.call_id",
                                           "play_prompt.prompt.audio.url", "play_prompt.timeout"})},
      {"play_music", with_leg({"number", "play_music.call_id", "play_music.audio.file_id",
                               "play_music.loop_count", "play_music.timeout"})},
      {"stop_play", with_leg({"stop_play.call_id", "stop_play.media"})},
      {"stop_play conference", {"stop_play.conference_id"}},
      {"stop_play both",
       with_leg({"stop_play.call_id", "stop_play.media", "stop_play.conference_id"})},
      {"hang_up_conference", {"hang_up_conference.conference_id"}},
      {"update_audio",
       {"update_audio.conference_id", "update_audio.call_id", "update_audio.muted",
        "update_audio.deafened"}},
      {"send_digits", {"send_digits.call_id", "send_digits.digits"}},
      {"capture_digits with a sound", captured({"capture_digits.prompt.audio.url"})},
      {"capture_digits with a text",
       captured({"capture_digits.prompt.text", "capture_digits.prompt.voice.language",
                 "capture_digits.prompt.voice.name", "capture_digits.prompt.voice.gender",
                 "capture_digits.prompt.voice.speaking_rate"})},
      {"capture_digits of a notice",
       captured({"capture_digits.prompt.text", "capture_digits.prompt.voice.language",
                 "capture_digits.prompt.voice.name", "capture_digits.prompt.voice.gender",
                 "capture_digits.prompt.voice.speaking_rate", "capture_digits.refusing_key"})},
      {"start_recording of a conference",
       with_leg({"start_recording.conference_id", "start_recording.recording_id"})},
      {"start_recording of a call",
       with_leg(
           {"start_recording.call_id", "start_recording.recording_id", "start_recording.beep"})},
      {"stop_recording of a conference", {"stop_recording.conference_id"}},
      {"stop_recording of a call", {"stop_recording.call_id"}},
  };
  return fields;
}

}  // namespace callbridge::provider
