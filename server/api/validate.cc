#include "server/api/validate.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "server/api/errors.h"
#include "server/api/field_check.h"
#include "server/base/key_values.h"
#include "server/base/limits.h"
#include "server/settings/dialing_rules.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/plan_validation.h"
#include "server/settings/session_settings.h"

namespace callbridge::api {
namespace {

using settings::Findings;

// Refuses a field that says how the caller is dialled.
void RefuseForOffer(const char* field, bool present, Findings& findings) {
  if (!present) return;
  findings.Refuse(field,
                  "must be absent with offered_session_id, because that caller is not dialled");
}

void CheckCaller(const v1::Caller& caller, const settings::DialingRules& rules,
                 Findings& findings) {
  switch (caller.entry_case()) {
    case v1::Caller::kOfferedSessionId:
      CheckSessionId("caller.offered_session_id", caller.offered_session_id(), findings);
      RefuseForOffer("caller.caller_id_number", !caller.caller_id_number().empty(), findings);
      RefuseForOffer("caller.ring_timeout", caller.has_ring_timeout(), findings);
      break;
    case v1::Caller::kDial:
      settings::ValidateEndpoint(caller.dial(), "caller.dial", findings);
      if (!caller.caller_id_number().empty()) {
        settings::ValidateNumber(caller.caller_id_number(), "caller.caller_id_number", findings);
      } else if (rules.default_number().empty()) {
        findings.Refuse("caller.caller_id_number",
                        "is required, because the settings have no dialing.default_number");
      }
      break;
    case v1::Caller::ENTRY_NOT_SET:
      findings.Refuse("caller", "is required: offered_session_id or dial");
      break;
  }
  if (caller.has_ring_timeout()) {
    settings::ValidateRingTimeout(caller.ring_timeout(), "caller.ring_timeout", findings);
  }
}

void CheckCallees(const v1::StartBridgeRequest& request, const settings::DialingRules& rules,
                  Findings& findings) {
  if (request.callees().empty()) {
    findings.Refuse("callees", "is required: whom to call second");
  }
  for (int i = 0; i < request.callees_size(); ++i) {
    const std::string path = settings::ItemPath("callees", static_cast<std::size_t>(i));
    settings::ValidateCallee(request.callees(i), path, findings);
    // For an offered call the callee sees the number that the caller has dialled.
    if (request.callees(i).caller_id_number().empty() && request.caller().has_dial() &&
        rules.default_number().empty()) {
      findings.Refuse(path + ".caller_id_number",
                      "is required, because the settings have no dialing.default_number");
    }
  }
}

// Refuses a callee at the number at which the bridge dials the caller. It also refuses a number of
// a route of this service, because that route would pass the call on.
void CheckDestinations(const v1::StartBridgeRequest& request, const settings::DialingRules& rules,
                       Findings& findings) {
  const auto refuse_routed = [&](const v1::Endpoint& endpoint, const std::string& path) {
    if (!rules.IsRouted(endpoint)) return;
    findings.Refuse(settings::FieldPath(path, settings::DestinationField(endpoint)),
                    "is one of our own numbers, whose route would answer the call; name a person");
  };
  if (request.caller().has_dial()) refuse_routed(request.caller().dial(), "caller.dial");
  for (int i = 0; i < request.callees_size(); ++i) {
    const v1::Endpoint& callee = request.callees(i).endpoint();
    const std::string path =
        settings::FieldPath(settings::ItemPath("callees", static_cast<std::size_t>(i)), "endpoint");
    refuse_routed(callee, path);
    if (request.caller().has_dial() && settings::SameDestination(request.caller().dial(), callee)) {
      findings.Refuse(
          settings::FieldPath(path, settings::DestinationField(callee)),
          "is the caller's own number, and the caller is on the line already; name another person");
    }
  }
}

Findings CheckFields(const v1::StartBridgeRequest& request, const settings::AudioFiles& audio_files,
                     const settings::DialingRules& rules, base::Time now) {
  Findings findings;
  CheckRequestId(request.request_id(), findings);
  CheckCaller(request.caller(), rules, findings);
  CheckCallees(request, rules, findings);
  CheckDestinations(request, rules, findings);
  settings::ValidatePlan(request.plan(), audio_files, "plan", findings);
  settings::ValidateLabels(request.labels(), "labels", findings);
  if (request.has_start_before_time() && request.caller().has_offered_session_id()) {
    findings.Refuse("start_before_time",
                    "must be absent with offered_session_id, because that caller is on the line; "
                    "the callee is dialled at once");
  } else if (request.has_start_before_time()) {
    const std::size_t before = findings.violations.size();
    CheckTimestamp("start_before_time", request.start_before_time(), findings);
    if (findings.violations.size() == before &&
        base::FromTimestamp(request.start_before_time()) <= now) {
      findings.Refuse("start_before_time", "must be in the future; leave it out for 30 s from now");
    }
  }
  return findings;
}

absl::Status CheckSupport(const v1::StartBridgeRequest& request) {
  if (request.callees_size() > 1) {
    return NotYetSupported("callees", "more than one callee is supported in a later release");
  }
  if (!request.account_name().empty() && request.account_name() != settings::kDefaultName) {
    return NotYetSupported("account_name", "only \"default\" in this release");
  }
  return absl::OkStatus();
}

absl::Status CheckNumber(const std::string& number, const std::string& path,
                         const settings::DialingRules& rules) {
  if (number.empty() || rules.MayShow(number)) {
    return absl::OkStatus();
  }
  return CallerIdNotAllowed(path);
}

absl::Status CheckDestination(const v1::Endpoint& endpoint, const std::string& path,
                              const settings::DialingRules& rules) {
  const std::optional<settings::DialingRules::Refusal> refusal = rules.WhyNotCall(endpoint);
  if (!refusal.has_value()) {
    return absl::OkStatus();
  }
  return DestinationNotAllowed(settings::FieldPath(path, settings::DestinationField(endpoint)),
                               refusal->prefix);
}

absl::Status CheckPermissions(const v1::StartBridgeRequest& request,
                              const settings::DialingRules& rules) {
  absl::Status status =
      CheckNumber(request.caller().caller_id_number(), "caller.caller_id_number", rules);
  if (request.caller().has_dial()) {
    status.Update(CheckDestination(request.caller().dial(), "caller.dial", rules));
  }
  const v1::Callee& callee = request.callees(0);
  status.Update(CheckDestination(callee.endpoint(), "callees[0].endpoint", rules));
  status.Update(CheckNumber(callee.caller_id_number(), "callees[0].caller_id_number", rules));
  return status;
}

void FillCaller(const v1::Caller& caller, const settings::DialingRules& rules,
                CheckedStart& checked) {
  checked.start.set_caller_muted(caller.muted());
  checked.start.set_caller_deafened(caller.deafened());
  if (!caller.has_dial()) {
    checked.offered_session_id = caller.offered_session_id();
    return;
  }
  internal::v1::StartBridge& start = checked.start;
  *start.mutable_caller() = settings::ResolveEndpoint(caller.dial());
  start.set_caller_id_number(
      settings::NormalizeNumber(caller.caller_id_number()).value_or(rules.default_number()));
  *start.mutable_caller_ring_timeout() = caller.has_ring_timeout()
                                             ? caller.ring_timeout()
                                             : base::ToProtoDuration(settings::kDefaultRingTimeout);
}

}  // namespace

absl::StatusOr<CheckedStart> CheckStartBridge(const v1::StartBridgeRequest& request,
                                              const config::v1::Settings& settings,
                                              const settings::DialingRules& rules,
                                              const Asker& asker, base::Time now) {
  Findings findings = CheckFields(request, settings.audio_files(), rules, now);
  const absl::StatusOr<v1::Plan> named = settings::NamedPlan(settings, request.plan_name());
  if (!named.ok()) {
    findings.Refuse("plan_name", std::string(named.status().message()));
  }
  if (!findings.violations.empty()) {
    return InvalidFields(findings.violations);
  }
  absl::Status status = CheckSupport(request);
  if (status.ok()) {
    status = CheckPermissions(request, rules);
  }
  if (!status.ok()) {
    return status;
  }
  // ResolveBridge gets no number to show a callee. The flow knows which number the caller dialled,
  // and otherwise shows default_number.
  absl::StatusOr<settings::Bridge> bridge =
      settings::ResolveBridge(settings, request.plan_name(), request.plan(),
                              {request.callees().begin(), request.callees().end()}, "");
  if (!bridge.ok()) {
    return InvalidFields({{"plan.recording.start", std::string(bridge.status().message())}});
  }

  CheckedStart checked;
  internal::v1::StartBridge& start = checked.start;
  FillCaller(request.caller(), rules, checked);
  start.set_request_id(request.request_id());
  *start.mutable_plan() = std::move(bridge->plan);
  start.mutable_callees()->Add(bridge->callees.begin(), bridge->callees.end());
  base::SetKeyValues(base::Sorted(request.labels()), *start.mutable_labels());
  *start.mutable_start_before_time() = request.has_start_before_time()
                                           ? request.start_before_time()
                                           : base::ToTimestamp(now + base::kStartBeforeDefault);
  start.set_requested_by(asker.identity);
  start.set_trace_id(asker.trace_id);
  *start.mutable_settings() = settings::MakeSessionSettings(settings, settings::kDefaultName);
  start.set_default_number(rules.default_number());
  for (const settings::Finding& warning : findings.warnings) {
    checked.warnings.push_back(warning.path + ": " + warning.description);
  }
  return checked;
}

}  // namespace callbridge::api
