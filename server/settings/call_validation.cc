#include "server/settings/call_validation.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>
#include <cstddef>
#include <map>
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
    const std::string number_path = FieldPath(callee_path, "endpoint.phone.number");
    const auto number = NormalizeNumber(callee.endpoint().phone().number());
    if (number.has_value() && rules.WhyNotCall(*number).has_value()) {
      findings.Refuse(number_path,
                      "must not be called: see dialing.allowed_prefixes and denied_prefixes");
    }
    if (number.has_value() && number == NormalizeNumber(route.number())) {
      findings.Refuse(number_path, "is the route's own number, which would call itself");
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
}

}  // namespace

void ValidateCalls(const Settings& settings, Findings& findings) {
  ValidateDialing(settings.dialing(), findings);
  ValidatePlans(settings, findings);
  ValidateRoutes(settings, findings);
}

}  // namespace callbridge::settings
