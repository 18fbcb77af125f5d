#include "tests/simulator/key_requests.h"

#include <algorithm>
#include <chrono>

#include "tests/simulator/call_requests.h"
#include "tests/simulator/captures.h"
#include "tests/simulator/events.h"

namespace callbridge::simulator {
namespace {

constexpr std::string_view kKeys = "0123456789ABCDabcd*#";

base::Duration ReadMillis(const simdjson::dom::object& body, std::string_view name,
                          base::Duration otherwise) {
  const auto millis = ReadInteger(body, name);
  return millis ? base::Duration(std::chrono::milliseconds(*millis)) : otherwise;
}

// Empty if the request may be taken.
std::string WhyNot(const Call& call, std::string_view keys) {
  if (!call.established()) return "Call is not established.";
  if (keys.find_first_not_of(kKeys) != std::string_view::npos) return "Not a DTMF key.";
  return "";
}

}  // namespace

Answer OnSendDtmf(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  const std::string keys = ReadText(request.body, "dtmf");
  const std::string why_not = WhyNot(*call, keys);
  if (!why_not.empty() || keys.empty()) return RefuseRequest(400, why_not);
  UpdateCustomData(world, *call, request.body);
  Note(world, call->timeline, "hears keys " + keys);
  return AcceptAction(world);
}

Answer OnCaptureDtmf(World& world, const ParsedRequest& request) {
  Answer answer;
  Call* call = FindLiveCall(world, request, answer);
  if (call == nullptr) return answer;
  CaptureRequest capture;
  capture.length_max = static_cast<std::size_t>(
      std::max<std::int64_t>(1, ReadInteger(request.body, "maxLength").value_or(1)));
  capture.first_timeout = ReadMillis(request.body, "timeout", std::chrono::seconds(1));
  capture.digit_timeout = ReadMillis(request.body, "digitTimeout", capture.first_timeout);
  capture.terminator = ReadText(request.body, "terminator");
  const std::string why_not = WhyNot(*call, capture.terminator);
  if (!why_not.empty() || capture.terminator.size() > 1) return RefuseRequest(400, why_not);
  if (Has(request.body, "playContent")) {
    capture.sound = ReadPlayContent(world, ReadObject(request.body, "playContent"));
    capture.sound->of_capture = true;
  }
  UpdateCustomData(world, *call, request.body);
  if (world.chance.Chance(world.settings.faults.sound_error)) {
    ReportError(world, call, nullptr, "CAPTURE_DTMF", "MEDIA_ERROR", "Keys cannot be captured");
    return AcceptAction(world);
  }
  switch (StartCapture(world, *call, capture)) {
    case SoundAccepted::kYes:
      break;
    case SoundAccepted::kRefused:
      return RefuseRequest(400, "Call hears something else.");
    case SoundAccepted::kFailsLater:
      ReportError(world, call, nullptr, "CAPTURE_DTMF", "MEDIA_ERROR", "Call hears something else");
  }
  return AcceptAction(world);
}

}  // namespace callbridge::simulator
