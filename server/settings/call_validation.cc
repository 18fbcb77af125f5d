#include "server/settings/call_validation.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "server/settings/dialing_rules.h"
#include "server/settings/numbers.h"
#include "server/settings/plan_resolution.h"
#include "server/settings/plan_validation.h"

namespace callbridge::settings {
namespace {

using config::v1::Dialing;
using config::v1::Route;
using config::v1::Settings;
using google::protobuf::RepeatedPtrField;

constexpr std::size_t kNameLengthMax = 63;

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= kNameLengthMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

void ValidatePrefixes(const RepeatedPtrField<std::string>& prefixes, const std::string& path,
                      Findings& findings) {
  for (int i = 0; i < prefixes.size(); ++i) {
    if (NormalizePrefix(prefixes[i]).has_value()) continue;
    findings.Refuse(ItemPath(path, static_cast<std::size_t>(i)),
                    "must be 1 to 15 digits, country code first, with or without \"+\"");
  }
}

void ValidateDialing(const Dialing& dialing, Findings& findings) {
  if (!dialing.default_number().empty()) {
    ValidateNumber(dialing.default_number(), "dialing.default_number", findings);
  }
  for (int i = 0; i < dialing.allowed_numbers_size(); ++i) {
    ValidateNumber(dialing.allowed_numbers(i),
                   ItemPath("dialing.allowed_numbers", static_cast<std::size_t>(i)), findings);
  }
  ValidatePrefixes(dialing.allowed_prefixes(), "dialing.allowed_prefixes", findings);
  if (dialing.allowed_prefixes().empty()) {
    findings.Warn("dialing.allowed_prefixes",
                  "is empty, so that every number of the world may be called, premium ones too; "
                  "list the countries that you call, like [\"+44\"]");
  }
  ValidatePrefixes(dialing.denied_prefixes(), "dialing.denied_prefixes", findings);
}

void ValidatePlans(const Settings& settings, Findings& findings) {
  for (const auto& [name, plan] : settings.plans()) {
    const std::string path = FieldPath("plans", name);
    if (!IsName(name)) {
      findings.Refuse(path, "must have a name of 1 to 63 letters, digits, \"_\", \"-\" and \".\"");
    }
    ValidatePlan(plan, path, findings);
  }
}

void ValidateRouteCallees(const Settings& settings, const Route& route, const std::string& path,
                          const DialingRules& rules, Findings& findings) {
  if (route.callees_size() != 1) {
    findings.Refuse(FieldPath(path, "callees"),
                    "needs exactly one entry (or set offer: true to wait for StartBridge)");
  }
  for (int i = 0; i < route.callees_size(); ++i) {
    const std::string callee_path =
        ItemPath(FieldPath(path, "callees"), static_cast<std::size_t>(i));
    const callbridge::v1::Callee& callee = route.callees(i);
    ValidateCallee(callee, callee_path, findings);
    const std::string called_path =
        FieldPath(FieldPath(callee_path, "endpoint"), DestinationField(callee.endpoint()));
    const auto number = NumberOf(callee.endpoint());
    if (number.has_value() && rules.WhyNotCall(callee.endpoint()).has_value()) {
      findings.Refuse(called_path,
                      "must not be called: see dialing.allowed_prefixes and denied_prefixes");
    }
    if (number.has_value() && number == NormalizeNumber(route.number())) {
      findings.Refuse(called_path, "is the route's own number, which would call itself");
    }
    const auto shown = NormalizeNumber(callee.caller_id_number());
    if (shown.has_value() && !rules.MayShow(*shown)) {
      findings.Refuse(FieldPath(callee_path, "caller_id_number"),
                      "is not among dialing.allowed_numbers");
    }
  }
  const auto plan = NamedPlan(settings, route.plan_name());
  if (!plan.ok()) {
    findings.Refuse(FieldPath(path, "plan_name"), std::string(plan.status().message()));
  }
  if (route.has_plan()) ValidatePlan(route.plan(), FieldPath(path, "plan"), findings);
}

void ValidateOffer(const Route& route, const std::string& path, Findings& findings) {
  const std::string description = "has no effect with offer: StartBridge brings it; leave it out";
  if (route.callees_size() > 0) findings.Refuse(FieldPath(path, "callees"), description);
  if (!route.plan_name().empty()) findings.Refuse(FieldPath(path, "plan_name"), description);
  if (route.has_plan()) findings.Refuse(FieldPath(path, "plan"), description);
}

// The number that a route calls. Absent: none, or not valid.
std::optional<std::string> CalledBy(const Route& route) {
  if (route.offer() || route.callees_size() != 1) return std::nullopt;
  return NumberOf(route.callees(0).endpoint());
}

// Routes that call routes: a ring of them would call for ever.
void ValidateChains(const Settings& settings, Findings& findings) {
  std::map<std::string, const Route*> routes;
  for (const Route& route : settings.routes()) {
    if (const auto number = NormalizeNumber(route.number())) routes.emplace(*number, &route);
  }
  for (int i = 0; i < settings.routes_size(); ++i) {
    const auto own = NormalizeNumber(settings.routes(i).number());
    const auto called = CalledBy(settings.routes(i));
    // A route that calls itself is told elsewhere.
    if (!own.has_value() || !called.has_value() || called == own || !routes.contains(*called)) {
      continue;
    }
    std::optional<std::string> next = called;
    for (std::size_t hops = 0; hops < routes.size() && next.has_value() && next != own; ++hops) {
      const auto route = routes.find(*next);
      next = route == routes.end() ? std::nullopt : CalledBy(*route->second);
    }
    const std::string path = FieldPath(
        FieldPath(
            ItemPath(FieldPath(ItemPath("routes", static_cast<std::size_t>(i)), "callees"), 0),
            "endpoint"),
        DestinationField(settings.routes(i).callees(0).endpoint()));
    if (next == own) {
      findings.Refuse(path,
                      "leads through other routes back to this one, without end; name a person");
    } else {
      findings.Warn(
          path, "is the number of another route, so that each call costs two; name whom it calls");
    }
  }
}

void ValidateRoutes(const Settings& settings, Findings& findings) {
  const DialingRules rules(settings);
  std::map<std::string, std::string> paths_of_names;
  std::map<std::string, std::string> paths_of_numbers;
  for (int i = 0; i < settings.routes_size(); ++i) {
    const Route& route = settings.routes(i);
    const std::string path = ItemPath("routes", static_cast<std::size_t>(i));
    const std::string name_path = FieldPath(path, "name");
    const std::string number_path = FieldPath(path, "number");
    if (!IsName(route.name())) {
      findings.Refuse(name_path, "required: 1 to 63 letters, digits, \"_\", \"-\" and \".\"");
    } else if (const auto [first, is_new] = paths_of_names.emplace(route.name(), path); !is_new) {
      findings.Refuse(name_path, "is the name of " + first->second + " too");
    }
    ValidateNumber(route.number(), number_path, findings);
    if (const auto number = NormalizeNumber(route.number())) {
      const auto [first, is_new] = paths_of_numbers.emplace(*number, path);
      if (!is_new) findings.Refuse(number_path, "is the number of " + first->second + " too");
    }
    ValidateLabels(route.labels(), FieldPath(path, "labels"), findings);
    if (route.offer()) {
      ValidateOffer(route, path, findings);
    } else {
      ValidateRouteCallees(settings, route, path, rules, findings);
    }
  }
  ValidateChains(settings, findings);
}

}  // namespace

void ValidateCalls(const Settings& settings, Findings& findings) {
  ValidateDialing(settings.dialing(), findings);
  ValidatePlans(settings, findings);
  ValidateRoutes(settings, findings);
}

}  // namespace callbridge::settings
