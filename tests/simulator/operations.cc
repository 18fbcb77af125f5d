#include "tests/simulator/operations.h"

#include <absl/strings/numbers.h>
#include <absl/strings/string_view.h>

#include <algorithm>

#include "tests/simulator/moment.h"
#include "tests/simulator/recording_requests.h"
#include "tests/simulator/schemas.h"
#include "tests/simulator/setup_routes.h"

namespace callbridge::simulator {
namespace {

using Body = Route::Body;

constexpr std::string_view kCall = "/calls/1/calls/{call}";
constexpr std::string_view kConference = "/calls/1/conferences/{conference}";

std::vector<Route> MakeRoutes() {
  const std::vector<std::string_view> calls{
      "type",   "callsConfigurationId", "applicationId", "from",     "to",     "direction",
      "status", "startTimeAfter",       "conferenceId",  "dialogId", "bulkId", "page",
      "size"};
  const std::vector<std::string_view> conferences{
      "name", "callId", "callsConfigurationId", "applicationId", "startTimeAfter", "page", "size"};
  std::vector<std::string_view> conference_history = conferences;
  conference_history.push_back("endTimeBefore");
  using O = Operation;
  const auto none = Body::kNone;
  const auto optional = Body::kOptional;
  const auto required = Body::kRequired;
  return {
      {O::kListCalls, "list-calls", "GET", "/calls/1/calls", none, nullptr, calls},
      {O::kCreateCall, "create-call", "POST", "/calls/1/calls", required, CallRequestSchema, {}, 6},
      {O::kListCallHistory, "list-call-history", "GET", "/calls/1/calls/history", none, nullptr,
       calls},
      {O::kGetCall, "get-call", "GET", kCall},
      {O::kGetCallHistory, "get-call-history", "GET", "/calls/1/calls/{call}/history"},
      {O::kSendRinging, "send-ringing", "POST", "/calls/1/calls/{call}/send-ringing"},
      {O::kPreAnswer, "pre-answer", "POST", "/calls/1/calls/{call}/pre-answer", optional,
       PreAnswerRequestSchema},
      {O::kAnswer, "answer", "POST", "/calls/1/calls/{call}/answer", required, AnswerRequestSchema},
      {O::kHangUp, "hangup", "POST", "/calls/1/calls/{call}/hangup", optional, HangupRequestSchema},
      {O::kSay, "say", "POST", "/calls/1/calls/{call}/say", required, SayRequestSchema},
      {O::kPlay, "play", "POST", "/calls/1/calls/{call}/play", required, PlayRequestSchema},
      {O::kStopPlay, "stop-play", "POST", "/calls/1/calls/{call}/stop-play", optional,
       StopPlayRequestSchema},
      {O::kSendDtmf, "send-dtmf", "POST", "/calls/1/calls/{call}/send-dtmf", required,
       DtmfSendRequestSchema},
      {O::kCaptureDtmf, "capture-dtmf", "POST", "/calls/1/calls/{call}/capture/dtmf", required,
       DtmfCaptureRequestSchema},
      {O::kListConferences, "list-conferences", "GET", "/calls/1/conferences", none, nullptr,
       conferences},
      {O::kCreateConference,
       "create-conference",
       "POST",
       "/calls/1/conferences",
       required,
       ConferenceRequestSchema,
       {},
       20},
      {O::kListConferenceHistory, "list-conference-history", "GET", "/calls/1/conferences/history",
       none, nullptr, conference_history},
      {O::kGetConference, "get-conference", "GET", kConference},
      {O::kUpdateConference, "update-conference", "PATCH", kConference, required,
       UpdateRequestSchema},
      {O::kGetConferenceHistory, "get-conference-history", "GET",
       "/calls/1/conferences/{conference}/history"},
      {O::kDial,
       "dial",
       "POST",
       "/calls/1/conferences/{conference}/call",
       required,
       AddNewCallRequestSchema,
       {},
       6},
      {O::kAddCall, "add-call", "PUT", "/calls/1/conferences/{conference}/call/{call}", optional,
       AddExistingCallRequestSchema},
      {O::kRemoveCall, "remove-call", "DELETE", "/calls/1/conferences/{conference}/call/{call}"},
      {O::kUpdateCall, "update-call", "PATCH", "/calls/1/conferences/{conference}/call/{call}",
       required, UpdateCallRequestSchema},
      // An empty object is taken too: docs/provider.md §3.5.
      {O::kHangUpConference, "hangup-conference", "POST",
       "/calls/1/conferences/{conference}/hangup", optional},
      {O::kSayConference, "say-conference", "POST", "/calls/1/conferences/{conference}/say",
       required, ConferenceSayRequestSchema},
      {O::kPlayConference, "play-conference", "POST", "/calls/1/conferences/{conference}/play",
       required, ConferencePlayRequestSchema},
      {O::kStopPlayConference, "stop-play-conference", "POST",
       "/calls/1/conferences/{conference}/stop-play"},
  };
}

std::string_view NextSegment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash);
  return segment;
}

bool Matches(std::string_view pattern, std::string_view path, Target& target) {
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = NextSegment(pattern);
    const std::string_view given = NextSegment(path);
    if (!wanted.starts_with('{')) {
      if (wanted != given) return false;
      continue;
    }
    if (given.empty()) return false;
    if (wanted == "{call}") target.call_id = Unescape(given);
    if (wanted == "{conference}") target.conference_id = Unescape(given);
    if (wanted == "{configuration}") target.configuration_id = Unescape(given);
    if (wanted == "{id}") target.id = Unescape(given);
  }
  return pattern.empty() && path.empty();
}

void CheckChoice(const Target& target, std::string_view name,
                 const std::vector<std::string_view>& choices, ValidationErrors& errors) {
  const auto found = target.query.find(std::string(name));
  if (found == target.query.end()) return;
  if (std::find(choices.begin(), choices.end(), found->second) == choices.end()) {
    errors[found->first].push_back("is not one of the allowed values");
  }
}

void CheckInteger(const Target& target, const std::string& name, int min, int max,
                  ValidationErrors& errors) {
  const auto found = target.query.find(name);
  int number = 0;
  if (found == target.query.end()) return;
  if (!absl::SimpleAtoi(found->second, &number) || number < min || number > max) {
    errors[name].push_back("must be a whole number from " + std::to_string(min) + " to " +
                           std::to_string(max));
  }
}

}  // namespace

std::string Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t index = 0; index < text.size(); ++index) {
    int byte = 0;
    if (text[index] == '%' && index + 2 < text.size() &&
        absl::SimpleHexAtoi(absl::string_view(text.data() + index + 1, 2), &byte)) {
      plain += static_cast<char>(byte);
      index += 2;
    } else {
      plain += text[index] == '+' ? ' ' : text[index];
    }
  }
  return plain;
}

const std::vector<Route>& Routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all = MakeRoutes();
    const std::vector<Route> setup = SetupRoutes();
    all.insert(all.end(), setup.begin(), setup.end());
    const std::vector<Route> recordings = RecordingRoutes();
    all.insert(all.end(), recordings.begin(), recordings.end());
    return all;
  }();
  return routes;
}

std::optional<Target> FindRoute(std::string_view method, std::string_view target,
                                bool post_adds_call) {
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  std::string_view query = target.substr(std::min(mark + 1, target.size()));
  if (!path.starts_with('/')) return std::nullopt;
  for (const Route& route : Routes()) {
    const bool same_method =
        route.method == method ||
        (post_adds_call && route.operation == Operation::kAddCall && method == "POST");
    Target found;
    if (!same_method || !Matches(route.path, path, found)) continue;
    found.route = &route;
    while (!query.empty()) {
      const std::size_t end = std::min(query.find('&'), query.size());
      const std::string_view pair = query.substr(0, end);
      const std::size_t equals = std::min(pair.find('='), pair.size());
      found.query[Unescape(pair.substr(0, equals))] =
          Unescape(pair.substr(std::min(equals + 1, pair.size())));
      query.remove_prefix(std::min(end + 1, query.size()));
    }
    return found;
  }
  return std::nullopt;
}

void ValidateQuery(const Target& target, ValidationErrors& errors) {
  const auto& known = target.route->query;
  for (const auto& [name, value] : target.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      errors[name].push_back("is not a known parameter");
    }
  }
  CheckInteger(target, "page", 0, 1'000'000, errors);
  CheckInteger(target, "size", 1, 100, errors);
  CheckChoice(target, "direction", {"INBOUND", "OUTBOUND"}, errors);
  CheckChoice(target, "type", {"PHONE", "SIP", "WEBRTC", "VIBER", "WHATSAPP", "WEBSOCKET"}, errors);
  CheckChoice(target, "status",
              {"CALLING", "RINGING", "PRE_ESTABLISHED", "ESTABLISHED", "FINISHED", "FAILED",
               "CANCELLED", "NO_ANSWER", "BUSY"},
              errors);
  for (const std::string name : {"startTimeAfter", "endTimeBefore"}) {
    const auto found = target.query.find(name);
    if (found != target.query.end() && !ParseMoment(found->second)) {
      errors[name].push_back("must be a date-time like 2026-01-15T12:00:00.000+0000");
    }
  }
}

bool IsAction(Operation operation) {
  switch (operation) {
    case Operation::kSendRinging:
    case Operation::kPreAnswer:
    case Operation::kAnswer:
    case Operation::kSay:
    case Operation::kPlay:
    case Operation::kStopPlay:
    case Operation::kSendDtmf:
    case Operation::kCaptureDtmf:
    case Operation::kRemoveCall:
    case Operation::kUpdateCall:
    case Operation::kUpdateConference:
    case Operation::kSayConference:
    case Operation::kPlayConference:
    case Operation::kStopPlayConference:
    case Operation::kStartCallRecording:
    case Operation::kStopCallRecording:
    case Operation::kStartConferenceRecording:
    case Operation::kStopConferenceRecording:
      return true;
    default:
      return false;
  }
}

bool DocumentsBadRequest(Operation operation) {
  return operation != Operation::kSendRinging && operation != Operation::kRemoveCall &&
         operation != Operation::kHangUpConference && operation != Operation::kStopPlayConference &&
         operation != Operation::kDeleteCallRecordings &&
         operation != Operation::kDeleteRecordingFile && operation != Operation::kDeleteFile;
}

}  // namespace callbridge::simulator
