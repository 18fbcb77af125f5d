#include "tests/simulator/model.h"

#include <algorithm>
#include <utility>

#include "tests/simulator/call_requests.h"
#include "tests/simulator/conference_requests.h"
#include "tests/simulator/conferences.h"
#include "tests/simulator/file_requests.h"
#include "tests/simulator/limits.h"
#include "tests/simulator/look_requests.h"
#include "tests/simulator/schemas.h"
#include "tests/simulator/setup_requests.h"

namespace callbridge::simulator {
namespace {

Answer Dispatch(World& world, const ParsedRequest& request) {
  if (const auto answer = OnSetup(world, request)) return *answer;
  if (const auto answer = OnFiles(world, request)) return *answer;
  switch (request.target.route->operation) {
    case Operation::kListCalls:
      return OnListCalls(world, request);
    case Operation::kCreateCall:
      return OnCreateCall(world, request);
    case Operation::kListCallHistory:
      return OnListCallHistory(world, request);
    case Operation::kGetCall:
      return OnGetCall(world, request);
    case Operation::kGetCallHistory:
      return OnGetCallHistory(world, request);
    case Operation::kSendRinging:
      return OnSendRinging(world, request);
    case Operation::kPreAnswer:
      return OnPreAnswer(world, request);
    case Operation::kAnswer:
      return OnAnswer(world, request);
    case Operation::kHangUp:
      return OnHangUp(world, request);
    case Operation::kSay:
      return OnSay(world, request);
    case Operation::kPlay:
      return OnPlay(world, request);
    case Operation::kStopPlay:
      return OnStopPlay(world, request);
    case Operation::kListConferences:
      return OnListConferences(world, request);
    case Operation::kCreateConference:
      return OnCreateConference(world, request);
    case Operation::kListConferenceHistory:
      return OnListConferenceHistory(world, request);
    case Operation::kGetConference:
      return OnGetConference(world, request);
    case Operation::kUpdateConference:
      return OnUpdateConference(world, request);
    case Operation::kGetConferenceHistory:
      return OnGetConferenceHistory(world, request);
    case Operation::kDial:
      return OnDial(world, request);
    case Operation::kAddCall:
      return OnAddCall(world, request);
    case Operation::kRemoveCall:
      return OnRemoveCall(world, request);
    case Operation::kUpdateCall:
      return OnUpdateCall(world, request);
    case Operation::kHangUpConference:
      return OnHangUpConference(world, request);
    case Operation::kSayConference:
      return OnSayConference(world, request);
    case Operation::kPlayConference:
      return OnPlayConference(world, request);
    case Operation::kStopPlayConference:
      return OnStopPlayConference(world, request);
    default:
      break;
  }
  return RefuseRequest(500, "Something went wrong. Please contact support.");
}

// By the switch legacy-applications.
bool IsServed(const World& world, const Route& route) {
  return world.settings.switches.legacy_applications ||
         !route.path.starts_with("/calls/1/applications");
}

// True if a scope of the key opens the operation.
bool IsInScope(const World& world, const Route& route) {
  const std::vector<std::string>& own = world.settings.scopes;
  const std::vector<std::string_view> needed = ScopesOf(route);
  return own.empty() || std::any_of(own.begin(), own.end(), [&](const std::string& scope) {
           return std::find(needed.begin(), needed.end(), scope) != needed.end();
         });
}

// By the switch legacy-applications.
const Schema& SchemaOf(const World& world, const Route& route) {
  const bool legacy = world.settings.switches.legacy_applications;
  if (legacy && route.operation == Operation::kCreateCall) return LegacyCallRequestSchema();
  if (legacy && route.operation == Operation::kCreateConference) {
    return LegacyConferenceRequestSchema();
  }
  return route.schema();
}

Answer RefuseBody(std::string_view why) {
  return {400, RefuseRequest(400, "Request is invalid.").body, std::string(why)};
}

// Only these answer with a status that can say FAILED.
bool IsAction(Operation operation) {
  switch (operation) {
    case Operation::kSendRinging:
    case Operation::kPreAnswer:
    case Operation::kAnswer:
    case Operation::kSay:
    case Operation::kPlay:
    case Operation::kStopPlay:
    case Operation::kRemoveCall:
    case Operation::kUpdateCall:
    case Operation::kUpdateConference:
    case Operation::kSayConference:
    case Operation::kPlayConference:
    case Operation::kStopPlayConference:
      return true;
    default:
      return false;
  }
}

// docs/provider.md §1.4.
bool DocumentsBadRequest(Operation operation) {
  return operation != Operation::kSendRinging && operation != Operation::kRemoveCall &&
         operation != Operation::kHangUpConference && operation != Operation::kStopPlayConference &&
         operation != Operation::kDeleteFile;
}

}  // namespace

Model::Model(Settings settings) : world_(std::move(settings)) {}

void Model::MoveTo(base::Time now) {
  now = std::max(now, world_.now);
  while (!world_.timers.empty() && world_.timers.begin()->first.first <= now) {
    const auto first = world_.timers.begin();
    world_.now = std::max(world_.now, first->first.first);
    const Timer timer = std::move(first->second);
    world_.timers.erase(first);
    if (Call* call = world_.calls.Find(timer.id)) {
      OnCallTimer(world_, *call, timer);
    } else if (Conference* conference = world_.conferences.Find(timer.id)) {
      OnConferenceTimer(world_, *conference, timer);
    }
  }
  world_.now = now;
}

Answer Model::Authorize(const Request& request) const {
  const Settings& settings = world_.settings;
  const bool open = settings.api_key.empty() && settings.basic.empty();
  const bool known =
      (open && !request.authorization.empty()) ||
      (!settings.api_key.empty() && request.authorization == "App " + settings.api_key) ||
      (!settings.basic.empty() && request.authorization == "Basic " + settings.basic);
  if (known) return {};
  return {401, RefuseRequest(401, "Unauthorized").body, "Authorization is missing or wrong"};
}

bool Model::IsThrottled(const Route& route) {
  std::deque<base::Time>& times = recent_[route.operation];
  while (!times.empty() && times.front() + std::chrono::seconds(1) <= world_.now) {
    times.pop_front();
  }
  if (world_.settings.switches.throttles &&
      times.size() >= static_cast<std::size_t>(route.per_second)) {
    return true;
  }
  times.push_back(world_.now);
  // Nobody is throttled that fast, so that older moments need not be kept.
  if (times.size() > 1'000) times.pop_front();
  return false;
}

std::string Model::DrawFault(const Route& route) {
  const Faults& faults = world_.settings.faults;
  const auto& only = faults.operations;
  if (!only.empty() && std::find(only.begin(), only.end(), route.name) == only.end()) return "";
  if (faults.times > 0 && world_.journal.faults_struck >= faults.times) return "";
  const std::pair<const char*, double> table[] = {
      {"throttled", faults.throttled},
      {"error-before", faults.error_before},
      {"error-after", faults.error_after},
      {"reset-before", faults.reset_before},
      {"reset-after", faults.reset_after},
      {"action-failed", faults.action_failed},
      {"slow-response", faults.slow_response},
      {"event-before-response", faults.event_before_response},
  };
  for (const auto& [name, probability] : table) {
    if (!world_.chance.Chance(probability)) continue;
    if (std::string_view(name) == "action-failed" && !IsAction(route.operation)) continue;
    ++world_.journal.faults_struck;
    return name;
  }
  return "";
}

Answer Model::Handle(const Request& request, const Target& target) {
  const Route& route = *target.route;
  if (!IsInScope(world_, route)) return RefuseRequest(403, "Forbidden");
  if (route.body == Route::Body::kForm) return HandleForm(request, target);
  const bool empty = request.body.find_first_not_of(" \t\r\n") == std::string::npos;
  if (route.body == Route::Body::kNone && !empty) return RefuseBody("takes no body");
  if (route.body == Route::Body::kRequired && empty) return RefuseBody("needs a body");
  if (!empty && !request.content_type.starts_with("application/json")) {
    return RefuseBody("Content-Type must be application/json");
  }
  simdjson::dom::parser parser;
  ParsedRequest parsed;
  parsed.target = target;
  parsed.host = request.host;
  const std::string text = empty ? "{}" : request.body;
  if (parser.parse(text).get(parsed.body) != simdjson::SUCCESS) {
    return RefuseBody("the body is no JSON object");
  }
  ValidationErrors errors;
  ValidateQuery(target, errors);
  if (route.schema != nullptr) {
    const ValidationRules rules{world_.settings.switches.plus_in_numbers};
    Validate(SchemaOf(world_, route), parsed.body, rules, "", errors);
    ValidateRelations(parsed.body, errors);
  }
  if (!errors.empty()) return RefuseInvalid(errors);
  return Dispatch(world_, parsed);
}

Answer Model::HandleForm(const Request& request, const Target& target) {
  if (!request.content_type.starts_with("multipart/form-data")) {
    return RefuseBody("Content-Type must be multipart/form-data");
  }
  ParsedRequest parsed;
  parsed.target = target;
  parsed.content_type = request.content_type;
  parsed.form = request.body;
  ValidationErrors errors;
  ValidateQuery(target, errors);
  return errors.empty() ? Dispatch(world_, parsed) : RefuseInvalid(errors);
}

Answer Model::HandleAsDocumented(const Request& request, const Target& target) {
  Answer answer = Handle(request, target);
  if (answer.status == 400 && !DocumentsBadRequest(target.route->operation)) {
    answer.status = 404;
    answer.body = RefuseUnknown().body;
  }
  return answer;
}

Response Model::Strike(const std::string& fault, const Request& request, const Target& target,
                       Answer& answer) {
  const Faults& faults = world_.settings.faults;
  Response response;
  if (fault == "throttled") {
    answer = RefuseThrottled(world_);
    if (faults.retry_after > 0) response.retry_after = faults.retry_after;
  } else if (fault == "error-before") {
    answer = RefuseRequest(500, "Something went wrong. Please contact support.");
  } else if (fault == "reset-before") {
    answer = {};
    response.reset = true;
  } else if (fault == "action-failed") {
    answer = {200, R"({"status":"FAILED"})", ""};
  } else {
    answer = HandleAsDocumented(request, target);
  }
  if (fault == "error-after") {
    const std::string violation = answer.violation;
    answer = RefuseRequest(500, "Something went wrong. Please contact support.");
    answer.violation = violation;
  }
  if (fault == "reset-after") response.reset = true;
  if (fault == "slow-response") response.delay = faults.slow_response_by;
  if (fault == "event-before-response") {
    // Long enough for the event's way to the receiver and its effect there.
    response.delay = world_.settings.delays.event + std::chrono::milliseconds(100);
  }
  return response;
}

Response Model::HandleRequest(const Request& request, base::Time now) {
  MoveTo(now);
  auto target = FindRoute(request.method, request.target, world_.settings.switches.post_adds_call);
  if (target && !IsServed(world_, *target->route)) target.reset();
  Answer answer = Authorize(request);
  Response response;
  std::string fault;
  std::string_view operation = "unknown";
  if (target) operation = target->route->name;
  if (answer.violation.empty() && !target) {
    answer = RefuseRequest(404, "Not found");
    answer.violation = "there is no such operation";
  } else if (answer.violation.empty() && IsThrottled(*target->route)) {
    response = Strike("throttled", request, *target, answer);
  } else if (answer.violation.empty()) {
    fault = DrawFault(*target->route);
    const std::int64_t stale_reads = world_.journal.stale_reads;
    const std::int64_t not_found_reads = world_.journal.not_found_reads;
    response = Strike(fault, request, *target, answer);
    if (fault.empty() && world_.journal.stale_reads > stale_reads) fault = "stale-read";
    if (fault.empty() && world_.journal.not_found_reads > not_found_reads) fault = "not-found";
  }
  response.status = answer.status;
  response.body = answer.body;
  response.date = now;
  Record(request, operation, answer, response, fault);
  return response;
}

void Model::Record(const Request& request, std::string_view operation, const Answer& answer,
                   const Response& response, const std::string& fault) {
  Journal& journal = world_.journal;
  const int status = response.reset ? 0 : answer.status;
  ++journal.counts[std::string(operation)][status];
  // A form holds a file, which is neither text nor short.
  const bool form = request.content_type.starts_with("multipart/");
  const std::string kept = form ? std::to_string(request.body.size()) + " bytes" : request.body;
  journal.requests.push_back(
      {world_.now, std::string(operation), request.method, request.target, kept, status, fault});
  if (journal.requests.size() > kRequestsKept) journal.requests.pop_front();
  if (answer.violation.empty()) return;
  ++journal.violations_seen;
  journal.violations.push_back({world_.now, std::string(operation), request.method, request.target,
                                answer.status, answer.violation});
  if (journal.violations.size() > kViolationsKept) journal.violations.pop_front();
}

std::vector<Delivery> Model::Advance(base::Time now) {
  MoveTo(now);
  return world_.outbox.TakeDue(world_.now);
}

std::optional<base::Time> Model::NextTime() const {
  std::optional<base::Time> next = world_.outbox.NextTime();
  if (!world_.timers.empty()) {
    const base::Time timer = world_.timers.begin()->first.first;
    next = next ? std::min(*next, timer) : timer;
  }
  return next;
}

std::string Model::StartIncomingCall(const IncomingCall& incoming, base::Time now) {
  MoveTo(now);
  return simulator::StartIncomingCall(world_, incoming).id;
}

void Model::Restore(Call call, const std::vector<std::pair<base::Duration, Timer::Kind>>& timers) {
  const Call& restored = world_.calls.Add(std::move(call));
  for (const auto& [after, kind] : timers) SetTimer(world_, after, {kind, restored.id});
}

absl::Status Model::PersonHangsUp(const std::string& call_id, base::Time now) {
  MoveTo(now);
  Call* call = world_.calls.Find(call_id);
  if (call == nullptr || call->ended()) {
    return absl::NotFoundError("no call " + call_id + " is alive");
  }
  std::string error = "NORMAL_HANGUP";
  if (!call->established()) error = call->inbound ? "CANCELLED" : "REJECTED";
  EndCall(world_, *call, {error, "ENDPOINT"});
  return absl::OkStatus();
}

void Model::ForgetConfigurations() { world_.settings.configurations.clear(); }

absl::Status Model::SetSwitch(std::string_view name, std::string_view value) {
  return SetByName(SwitchRows(), world_.settings.switches, name, value);
}

absl::Status Model::SetFault(std::string_view name, std::string_view value) {
  const absl::Status set = SetByName(FaultRows(), world_.settings.faults, name, value);
  // "times" counts from when it was set.
  if (set.ok()) world_.journal.faults_struck = 0;
  return set;
}

absl::Status Model::SetDelay(std::string_view name, std::string_view value) {
  return SetByName(DelayRows(), world_.settings.delays, name, value);
}

absl::Status Model::SetPerson(std::string_view who, std::string_view script) {
  return world_.settings.people.Set(who, script);
}

void Model::ClearFaults() {
  world_.settings.faults = Faults{};
  world_.journal.faults_struck = 0;
}

void Model::ClearJournal() { world_.journal = Journal{}; }

}  // namespace callbridge::simulator
