#include "server/provider/command_request.h"

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "server/base/language.h"
#include "server/base/marks.h"
#include "server/base/phone_number.h"
#include "server/base/time.h"
#include "server/provider/json_writer.h"

namespace callbridge::provider {
namespace {

void WriteMarks(const base::Marks& marks, JsonWriter& body) {
  body.BeginObject("customData");
  for (const internal::v1::KeyValue& entry : base::EntriesOf(marks)) {
    body.Text(entry.key(), entry.value());
  }
  body.EndObject();
}

using Command = internal::v1::Command;

// The provider's maximum, in seconds (docs/provider.md §3.4).
constexpr std::int64_t kConnectTimeoutMax = 60;

absl::Status Missing(std::string_view field) {
  return absl::InvalidArgumentError(
      absl::StrCat("the command cannot be sent: ", std::string(field), " is not set"));
}

std::int64_t WholeSeconds(const google::protobuf::Duration& duration) {
  return std::chrono::ceil<std::chrono::seconds>(base::FromProtoDuration(duration)).count();
}

std::int64_t Milliseconds(const google::protobuf::Duration& duration) {
  return std::chrono::ceil<std::chrono::milliseconds>(base::FromProtoDuration(duration)).count();
}

std::string CallTarget(const std::string& call_id, std::string_view operation) {
  return absl::StrCat("/calls/1/calls/", EscapeForUrl(call_id), "/", std::string(operation));
}

std::string ConferenceTarget(const std::string& conference_id, std::string_view operation) {
  return absl::StrCat("/calls/1/conferences/", EscapeForUrl(conference_id), "/",
                      std::string(operation));
}

std::string ParticipantTarget(const std::string& conference_id, const std::string& call_id) {
  return ConferenceTarget(conference_id, "call/") + EscapeForUrl(call_id);
}

Requests One(std::string target, std::string body, bool fresh_connection = false,
             Method method = Method::kPost) {
  return std::vector<HttpRequest>{{method, std::move(target), std::move(body), fresh_connection}};
}

// Returns false if the endpoint has no kind.
bool AddEndpoint(const callbridge::v1::Endpoint& endpoint, JsonWriter& body) {
  body.BeginObject("endpoint");
  switch (endpoint.kind_case()) {
    case callbridge::v1::Endpoint::kPhone:
      body.Text("type", "PHONE");
      body.Text("phoneNumber", base::WithoutPlus(endpoint.phone().number()));
      break;
    case callbridge::v1::Endpoint::kSip: {
      body.Text("type", "SIP");
      body.Text("username", endpoint.sip().username());
      body.Text("sipTrunkId", endpoint.sip().trunk_id());
      if (endpoint.sip().headers().empty()) break;
      // The headers are sorted, so that one command always makes the same bytes.
      const std::map<std::string, std::string> headers(endpoint.sip().headers().begin(),
                                                       endpoint.sip().headers().end());
      body.BeginObject("customHeaders");
      for (const auto& [name, value] : headers) body.Text(name, value);
      body.EndObject();
      break;
    }
    case callbridge::v1::Endpoint::kWebrtc:
      body.Text("type", "WEBRTC");
      body.Text("identity", endpoint.webrtc().identity());
      if (!endpoint.webrtc().display_name().empty()) {
        body.Text("displayName", endpoint.webrtc().display_name());
      }
      break;
    case callbridge::v1::Endpoint::KIND_NOT_SET:
      return false;
  }
  body.EndObject();
  return true;
}

// Returns false if the audio has no source.
bool AddContent(std::string_view name, const callbridge::v1::Audio& audio, JsonWriter& body) {
  body.BeginObject(name);
  switch (audio.source_case()) {
    case callbridge::v1::Audio::kFileId:
      body.Text("type", "FILE");
      body.Text("fileId", audio.file_id());
      break;
    case callbridge::v1::Audio::kUrl:
      body.Text("type", "URL");
      body.Text("fileUrl", audio.url());
      break;
    // A session knows files by their ids only.
    case callbridge::v1::Audio::kFileName:
    case callbridge::v1::Audio::SOURCE_NOT_SET:
      return false;
  }
  body.EndObject();
  return true;
}

// Returns the provider's code of the language. An unknown code is passed on in lower case, because
// the provider's list may have grown.
std::string LanguageOf(const callbridge::v1::Voice& voice) {
  if (voice.language().empty()) return "en";
  return base::ProviderLanguage(voice.language()).value_or(absl::AsciiStrToLower(voice.language()));
}

void AddVoice(const callbridge::v1::Voice& voice, JsonWriter& body) {
  body.Text("language", LanguageOf(voice));
  if (voice.has_speaking_rate() && std::isfinite(voice.speaking_rate()))
    body.Real("speechRate", voice.speaking_rate());
  const bool has_gender = voice.gender() == callbridge::v1::GENDER_FEMALE ||
                          voice.gender() == callbridge::v1::GENDER_MALE;
  if (!has_gender && voice.name().empty()) return;
  body.BeginObject("preferences");
  if (has_gender) {
    body.Text("voiceGender", voice.gender() == callbridge::v1::GENDER_FEMALE ? "FEMALE" : "MALE");
  }
  if (!voice.name().empty()) body.Text("voiceName", voice.name());
  body.EndObject();
}

void AddSpeech(const callbridge::v1::Prompt& prompt, JsonWriter& body) {
  body.Text("text", prompt.text());
  AddVoice(prompt.voice(), body);
}

}  // namespace

Requests EncodeSendRinging(const Command& command, const AccountOptions&, const std::string&) {
  const std::string& call_id = command.send_ringing().call_id();
  if (call_id.empty()) return Missing("send_ringing.call_id");
  return One(CallTarget(call_id, "send-ringing"), "");
}

Requests EncodeAnswer(const Command& command, const AccountOptions&,
                      const std::string& service_id) {
  const std::string& call_id = command.answer_call().call_id();
  if (call_id.empty()) return Missing("answer_call.call_id");
  JsonWriter body;
  WriteMarks(base::MarksFor(command, service_id, 0), body);
  return One(CallTarget(call_id, "answer"), std::move(body).Take(), true);
}

Requests EncodeHangUpCall(const Command& command, const AccountOptions&, const std::string&) {
  const internal::v1::HangUpCall& action = command.hang_up_call();
  if (action.call_id().empty()) return Missing("hang_up_call.call_id");
  JsonWriter body;
  if (action.reject()) body.Text("errorCode", action.busy() ? "BUSY" : "REJECTED");
  return One(CallTarget(action.call_id(), "hangup"), std::move(body).Take());
}

Requests EncodeCreateConference(const Command& command, const AccountOptions& account,
                                const std::string&) {
  const internal::v1::CreateConference& action = command.create_conference();
  JsonWriter body;
  body.Text(account.configuration.field, account.configuration.id);
  body.Text("name", action.name());
  if (action.has_max_duration()) body.Integer("maxDuration", WholeSeconds(action.max_duration()));
  return One("/calls/1/conferences", std::move(body).Take(), true);
}

Requests EncodeAddCaller(const Command& command, const AccountOptions&,
                         const std::string& service_id) {
  const internal::v1::AddCaller& action = command.add_caller();
  if (action.conference_id().empty()) return Missing("add_caller.conference_id");
  if (action.call_id().empty()) return Missing("add_caller.call_id");
  JsonWriter body;
  WriteMarks(base::MarksFor(command, service_id, 0), body);
  return One(ParticipantTarget(action.conference_id(), action.call_id()), std::move(body).Take(),
             false, Method::kPut);
}

// Writes what the two requests for a call have in common. Returns false if there is no endpoint.
bool AddCall(const Command& command, const std::string& service_id, JsonWriter& body) {
  const internal::v1::Dial& action = command.dial_leg();
  if (!AddEndpoint(action.endpoint(), body)) return false;
  if (!action.caller_id_number().empty()) {
    body.Text("from", base::WithoutPlus(action.caller_id_number()));
  }
  if (action.has_ring_timeout()) {
    body.Integer("connectTimeout", std::clamp<std::int64_t>(WholeSeconds(action.ring_timeout()), 1,
                                                            kConnectTimeoutMax));
  }
  if (action.has_max_duration()) body.Integer("maxDuration", WholeSeconds(action.max_duration()));
  WriteMarks(base::MarksFor(command, service_id, 0), body);
  return true;
}

Requests EncodeDial(const Command& command, const AccountOptions& account,
                    const std::string& service_id) {
  const internal::v1::Dial& action = command.dial_leg();
  if (action.conference_id().empty() && !action.apart()) return Missing("dial_leg.conference_id");
  JsonWriter body;
  if (action.apart()) {
    body.Text(account.configuration.field, account.configuration.id);
  } else {
    body.BeginObject("callRequest");
  }
  if (!AddCall(command, service_id, body)) return Missing("dial_leg.endpoint");
  if (action.apart()) return One("/calls/1/calls", std::move(body).Take(), true);
  body.EndObject();
  return One(ConferenceTarget(action.conference_id(), "call"), std::move(body).Take(), true);
}

Requests EncodePlayPrompt(const Command& command, const AccountOptions&,
                          const std::string& service_id) {
  const internal::v1::PlayPrompt& action = command.play_prompt();
  if (action.call_id().empty()) return Missing("play_prompt.call_id");
  JsonWriter body;
  switch (action.prompt().content_case()) {
    case callbridge::v1::Prompt::kText:
      AddSpeech(action.prompt(), body);
      break;
    case callbridge::v1::Prompt::kAudio:
      if (!AddContent("content", action.prompt().audio(), body))
        return Missing("play_prompt.prompt.audio");
      if (action.has_timeout()) body.Integer("timeout", Milliseconds(action.timeout()));
      break;
    case callbridge::v1::Prompt::CONTENT_NOT_SET:
      return Missing("play_prompt.prompt.content");
  }
  WriteMarks(base::MarksFor(command, service_id, command.number()), body);
  const bool is_text = action.prompt().content_case() == callbridge::v1::Prompt::kText;
  return One(CallTarget(action.call_id(), is_text ? "say" : "play"), std::move(body).Take(), true);
}

Requests EncodePlayMusic(const Command& command, const AccountOptions&,
                         const std::string& service_id) {
  const internal::v1::PlayMusic& action = command.play_music();
  if (action.call_id().empty()) return Missing("play_music.call_id");
  JsonWriter body;
  if (!AddContent("content", action.audio(), body)) return Missing("play_music.audio");
  if (action.loop_count() > 0) body.Integer("loopCount", action.loop_count());
  if (action.has_timeout()) body.Integer("timeout", Milliseconds(action.timeout()));
  WriteMarks(base::MarksFor(command, service_id, command.number()), body);
  return One(CallTarget(action.call_id(), "play"), std::move(body).Take(), true);
}

Requests EncodeStopPlay(const Command& command, const AccountOptions& account,
                        const std::string& service_id) {
  const internal::v1::StopPlay& action = command.stop_play();
  if (action.call_id().empty()) return Missing("stop_play.call_id");
  // Before the conference is known, only the call's sound can be stopped.
  const bool has_conference = !action.conference_id().empty();
  std::vector<HttpRequest> requests;
  if (account.stop_play_scope != StopPlayScope::kConference || !has_conference) {
    JsonWriter body;
    WriteMarks(base::MarksFor(command, service_id, action.media()), body);
    requests.push_back(
        {Method::kPost, CallTarget(action.call_id(), "stop-play"), std::move(body).Take(), false});
  }
  if (account.stop_play_scope != StopPlayScope::kCall && has_conference) {
    requests.push_back(
        {Method::kPost, ConferenceTarget(action.conference_id(), "stop-play"), "", false});
  }
  return requests;
}

// The request holds no customData, so that the call keeps that of the sound which it hears
// (docs/provider.md §3.4).
Requests EncodeSendDigits(const Command& command, const AccountOptions&, const std::string&) {
  const internal::v1::SendDigits& action = command.send_digits();
  if (action.call_id().empty()) return Missing("send_digits.call_id");
  JsonWriter body;
  body.Text("dtmf", action.digits());
  return One(CallTarget(action.call_id(), "send-dtmf"), std::move(body).Take(), true);
}

Requests EncodeCaptureDigits(const Command& command, const AccountOptions&,
                             const std::string& service_id) {
  const internal::v1::CaptureDigits& action = command.capture_digits();
  const internal::v1::Capture& capture = action.capture();
  if (action.call_id().empty()) return Missing("capture_digits.call_id");
  JsonWriter body;
  body.Integer("maxLength", capture.max_length());
  body.Integer("timeout", Milliseconds(capture.first_digit_timeout()));
  body.Integer("digitTimeout", Milliseconds(capture.digit_timeout()));
  if (!capture.terminator().empty()) body.Text("terminator", capture.terminator());
  if (action.prompt().has_text()) {
    body.BeginObject("playContent");
    body.Text("type", "TEXT");
    AddSpeech(action.prompt(), body);
    body.EndObject();
  } else if (action.prompt().has_audio() &&
             !AddContent("playContent", action.prompt().audio(), body)) {
    return Missing("capture_digits.prompt.audio");
  }
  WriteMarks(base::MarksFor(command, service_id, command.number()), body);
  return One(CallTarget(action.call_id(), "capture/dtmf"), std::move(body).Take(), true);
}

Requests EncodeHangUpConference(const Command& command, const AccountOptions&, const std::string&) {
  const std::string& conference_id = command.hang_up_conference().conference_id();
  if (conference_id.empty()) return Missing("hang_up_conference.conference_id");
  return One(ConferenceTarget(conference_id, "hangup"), "");
}

Requests EncodeUpdateAudio(const Command& command, const AccountOptions&, const std::string&) {
  const internal::v1::UpdateAudio& action = command.update_audio();
  if (action.conference_id().empty()) return Missing("update_audio.conference_id");
  if (action.call_id().empty()) return Missing("update_audio.call_id");
  JsonWriter body;
  body.Bool("muted", action.muted());
  body.Bool("deaf", action.deafened());
  return One(ParticipantTarget(action.conference_id(), action.call_id()), std::move(body).Take(),
             false, Method::kPatch);
}

Requests EncodeStartRecording(const Command& command, const AccountOptions&,
                              const std::string& service_id) {
  const internal::v1::StartRecording& action = command.start_recording();
  const base::Marks marks = base::MarksFor(command, service_id, 0);
  JsonWriter body;
  if (!action.conference_id().empty()) {
    body.Text("recordingType", "AUDIO");
    body.BeginObject("conferenceComposition");
    body.Bool("enabled", true);
    body.EndObject();
    WriteMarks(marks, body);
    return One(ConferenceTarget(action.conference_id(), "start-recording"), std::move(body).Take(),
               true);
  }
  if (action.call_id().empty()) return Missing("start_recording.call_id");
  // Only the request about a call wraps its fields (docs/provider.md §3.6).
  body.BeginObject("recording");
  body.Text("recordingType", "AUDIO");
  body.Bool("beep", action.beep());
  WriteMarks(marks, body);
  body.EndObject();
  return One(CallTarget(action.call_id(), "start-recording"), std::move(body).Take(), true);
}

Requests EncodeStopRecording(const Command& command, const AccountOptions&, const std::string&) {
  const internal::v1::StopRecording& action = command.stop_recording();
  if (!action.conference_id().empty()) {
    return One(ConferenceTarget(action.conference_id(), "stop-recording"), "");
  }
  if (action.call_id().empty()) return Missing("stop_recording.call_id");
  return One(CallTarget(action.call_id(), "stop-recording"), "");
}

}  // namespace callbridge::provider
