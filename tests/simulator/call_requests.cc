#include "tests/simulator/call_requests.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/simulator/bodies.h"
#include "tests/simulator/events.h"
#include "tests/simulator/file_requests.h"
#include "tests/simulator/sounds.h"

namespace callbridge::simulator {
namespace {

std::string WriteCallBody(World& world, const Call& call) {
  JsonWriter writer(world.outbox.NextStyle(world.settings.faults));
  writer.BeginObject();
  WriteCall(writer, world, call);
  writer.EndObject();
  return writer.Take();
}

// docs/provider.md §5.4. Empty if the call may be hung up with this code.
std::string WhyNotHangUpWith(const Call& call, const std::string& code) {
  if (code.empty() || code == "INVALID_REQUEST" || code == "REQUEST_TIMEOUT") return "";
  if (code == "NORMAL_HANGUP") return call.established() ? "" : "Call must be established.";
  if (code == "MACHINE_DETECTED") {
    return call.established() && !call.inbound ? "" : "Call must be established and outbound.";
  }
  return call.established() ? "Call must not be established." : "";
}

std::string DefaultHangupCode(const Call& call) {
  if (call.established()) return "NORMAL_HANGUP";
  return call.inbound ? "REJECTED" : "CANCELLED";
}

Answer StartForCall(World& world, Call& call, const simdjson::dom::object& body, Sound sound) {
  const char* action = sound.say ? "SAY" : "PLAY";
  const bool audible = call.established() || call.state == CallState::kPreEstablished;
  if (!audible && world.settings.switches.say_too_early == SayTooEarly::kRefused) {
    return RefuseRequest(400, "Call is not established.");
  }
  UpdateCustomData(world, call, body);
  if (!audible) {
    ReportError(world, &call, nullptr, action, "INVALID_REQUEST", "Call is not established");
    return AcceptAction(world);
  }
  Answer refusal;
  const FilePlay file = UseFile(world, sound, refusal);
  if (file == FilePlay::kRefused) return refusal;
  if (file == FilePlay::kFails) {
    Note(world, call.timeline, "never hears " + sound.what + ": no such file");
    ReportError(world, &call, nullptr, action, "MEDIA_ERROR", "File was not found");
    return AcceptAction(world);
  }
  if (world.chance.Chance(world.settings.faults.sound_error)) {
    Note(world, call.timeline, "never hears " + sound.what + ": error");
    ReportError(world, &call, nullptr, action, "URL_UNREACHABLE", "File could not be fetched");
    return AcceptAction(world);
  }
  switch (StartSound(world, call, std::move(sound))) {
    case SoundAccepted::kYes:
      break;
    case SoundAccepted::kRefused:
      return RefuseRequest(400, "Call hears something else.");
    case SoundAccepted::kFailsLater:
      ReportError(world, &call, nullptr, action, "MEDIA_ERROR", "Call hears something else");
  }
  return AcceptAction(world);
}

std::string DescribeContent(const simdjson::dom::object& content, const std::string& type) {
  if (type == "URL") return "URL " + ReadText(content, "fileUrl");
  if (type == "FILE" || type == "RECORDING") return type + " " + ReadText(content, "fileId");
  return type + " \"" + ReadText(content, "text") + "\"";
}

// Every byte of UTF-8 but those that continue a character.
std::size_t CountCodePoints(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

// Of a file that is played once. An uploaded one is known.
base::Duration LengthOf(const World& world, const std::string& file_id) {
  const auto& files = world.account.files;
  const auto file = std::ranges::find(files, file_id, &StoredFile::id);
  return file == files.end() ? world.settings.delays.file : std::chrono::seconds(file->seconds);
}

double ReadRate(const simdjson::dom::object& body) {
  double rate = 1;
  return body["speechRate"].get(rate) == simdjson::SUCCESS ? rate : 1;
}

}  // namespace

std::string BaseUrlOf(const World& world, const ParsedRequest& request) {
  return request.host.empty() ? world.settings.api_base_url : "http://" + request.host;
}

bool KnowsConfiguration(const World& world, const std::string& id, Answer& answer) {
  if (HasConfiguration(world, id)) return true;
  if (world.settings.switches.unknown_configuration == UnknownConfiguration::kFailsCalls) {
    return true;
  }
  answer = RefuseRequest(404, "Application was not found.");
  return false;
}

bool IsTooLongToSay(const World& world, const ParsedRequest& request, Answer& answer) {
  constexpr std::size_t kSayLimit = 1'400;
  if (world.settings.switches.say_limit == SayLimit::kNone) return false;
  if (CountCodePoints(ReadText(request.body, "text")) <= kSayLimit) return false;
  answer = RefuseRequest(400, "Text is too long.");
  return true;
}

bool RefusesDial(const World& world, const DialRequest& dial, Answer& answer) {
  const Script& script = world.settings.people.Find(NumberOf(dial.endpoint));
  if (script.reaction != Script::Reaction::kRefused) return false;
  answer = RefuseRequest(script.status, "The call is not possible.");
  return true;
}

DialRequest ReadDialRequest(const World& world, const simdjson::dom::object& body,
                            const ParsedRequest& request) {
  DialRequest dial;
  for (const auto member : ReadObject(body, "endpoint")) {
    std::string_view text;
    if (member.value.get(text) != simdjson::SUCCESS) continue;
    if (member.key == "type") {
      dial.endpoint.type = text;
    } else {
      dial.endpoint.members[std::string(member.key)] = text;
    }
  }
  dial.from = ReadText(body, "from");
  dial.connect_timeout = ReadSeconds(body, "connectTimeout");
  dial.max_duration = ReadSeconds(body, "maxDuration").value_or(dial.max_duration);
  dial.custom_data = ReadTextMap(body, "customData");
  dial.configuration = ReadText(body, ConfigurationField(world));
  dial.platform = ReadPlatform(body);
  dial.parent_call_id = ReadText(body, "parentCallId");
  dial.external_id = ReadText(body, "externalId");
  const simdjson::dom::object detection = ReadObject(body, "machineDetection");
  if (ReadFlag(detection, "enabled").value_or(false)) {
    double seconds = 3.7;
    if (detection["detectionTime"].get(seconds) != simdjson::SUCCESS) seconds = 3.7;
    dial.machine_detection = base::Duration(std::llround(seconds * 1e9));
  }
  dial.base_url = request.host.empty() ? "" : "http://" + request.host;
  return dial;
}

Sound ReadSay(const World& world, const simdjson::dom::object& body) {
  const std::string text = ReadText(body, "text");
  const simdjson::dom::object preferences = ReadObject(body, "preferences");
  Sound sound;
  sound.say = true;
  sound.what = "say \"" + text + "\" in " + ReadText(body, "language");
  for (const char* name : {"voiceGender", "voiceName"}) {
    if (Has(preferences, name)) sound.what += ", " + ReadText(preferences, name);
  }
  const std::int64_t loops =
      std::clamp<std::int64_t>(ReadInteger(body, "loopCount").value_or(1), 1, 1'000);
  sound.length = Scaled(world, EstimateSpeech(text, ReadRate(body)) * loops);
  return sound;
}

Sound ReadPlay(const World& world, const simdjson::dom::object& body) {
  const simdjson::dom::object content = ReadObject(body, "content");
  const std::string type = ReadText(content, "type");
  const bool spoken = type == "TEXT" || type == "TTY";
  const std::int64_t loops =
      std::clamp<std::int64_t>(ReadInteger(body, "loopCount").value_or(1), 1, 100'000);
  Sound sound;
  sound.what = "play " + DescribeContent(content, type) + ", " + std::to_string(loops) +
               (loops == 1 ? " time" : " times");
  if (type == "FILE") sound.file_id = ReadText(content, "fileId");
  const base::Duration once =
      Scaled(world, spoken ? EstimateSpeech(ReadText(content, "text"), ReadRate(content))
                           : LengthOf(world, sound.file_id));
  const base::Duration offset = std::chrono::milliseconds(
      std::clamp<std::int64_t>(ReadInteger(body, "offset").value_or(0), 0, 86'400'000));
  sound.length = std::max(base::Duration::zero(), once * loops - offset);
  if (const auto timeout = ReadInteger(body, "timeout"); timeout && *timeout > 0) {
    const base::Duration at_most =
        std::chrono::milliseconds(std::min<std::int64_t>(*timeout, 604'800'000));
    if (at_most < sound.length) {
      sound.length = at_most;
      sound.complete = false;
    }
  }
  return sound;
}

Answer OnCreateCall(World& world, const ParsedRequest& request) {
  const DialRequest dial = ReadDialRequest(world, request.body, request);
  Answer answer;
  if (!KnowsConfiguration(world, dial.configuration, answer)) return answer;
  if (RefusesDial(world, dial, answer)) return answer;
  Call& call = StartOutgoingCall(world, dial);
  PlaceCall(world, call, dial);
  return {201, WriteCallBody(world, call), ""};
}

Answer OnSendRinging(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  if (!call->inbound || call->established()) {
    return RefuseRequest(400, "Call must be inbound and not established.");
  }
  Note(world, call->timeline, "hears ringing");
  return AcceptAction(world);
}

Answer OnPreAnswer(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  if (!call->inbound || call->established() || call->answer_accepted) {
    return RefuseRequest(400, "Call must be inbound and not established.");
  }
  UpdateCustomData(world, *call, request.body);
  PreAnswer(world, *call);
  return AcceptAction(world);
}

Answer OnAnswer(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  if (!call->inbound) return RefuseRequest(400, "Call must be inbound.");
  if (call->answer_accepted) {
    if (world.settings.switches.second_answer == SecondAccepted::kAccepted) {
      return AcceptAction(world);
    }
    return RefuseRequest(400, "Call has been answered already.");
  }
  UpdateCustomData(world, *call, request.body);
  AcceptAnswer(world, *call);
  return AcceptAction(world);
}

Answer OnHangUp(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  const std::string given = ReadText(request.body, "errorCode");
  const std::string why_not = WhyNotHangUpWith(*call, given);
  if (!why_not.empty()) return RefuseRequest(400, why_not);
  EndCall(world, *call, {given.empty() ? DefaultHangupCode(*call) : given, "API"});
  return {200, WriteCallBody(world, *call), ""};
}

Answer OnSay(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr || IsTooLongToSay(world, request, answer)) return answer;
  return StartForCall(world, *call, request.body, ReadSay(world, request.body));
}

Answer OnPlay(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  return StartForCall(world, *call, request.body, ReadPlay(world, request.body));
}

Answer OnStopPlay(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  UpdateCustomData(world, *call, request.body);
  if (!StopSounds(world, *call)) return RefuseRequest(400, "Nothing is played.");
  return AcceptAction(world);
}

}  // namespace callbridge::simulator
