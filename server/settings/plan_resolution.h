// From what a request or a route leaves open to what a session runs with: every default filled in,
// every number "+" and digits. Pure. Takes valid messages only (plan_validation.h) and does not
// check permissions (dialing_rules.h).
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/internal/v1/input.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::settings {

// The name of the account and of the plan that are used when none is named.
inline constexpr char kDefaultName[] = "default";
// How long a telephone rings, caller's and callee's, when neither request nor plan says it.
inline constexpr std::chrono::seconds kDefaultRingTimeout{30};

// English prompts, no music; voices and loop count are left open.
const callbridge::v1::Plan& BuiltInPlan();

// The built-in plan, under plans.default, under the named plan: of each field the last that is
// present. plan_name empty: "default". NOT_FOUND names the nearest plan. Prompts without a voice
// stay so, that a request's voice may still apply.
absl::StatusOr<callbridge::v1::Plan> NamedPlan(const config::v1::Settings& settings,
                                               std::string_view plan_name);

// As NamedPlan, under the fields of overriding (a present but empty prompt is silence); then voices
// are filled into the prompts and music.loop_count is worked out for plan.ring_timeout.
absl::StatusOr<callbridge::v1::Plan> ResolvePlan(const config::v1::Settings& settings,
                                                 std::string_view plan_name,
                                                 const callbridge::v1::Plan& overriding);

// Fills in ring_timeout from the plan and caller_id_number from the fallback (which may be empty:
// then it stays absent).
callbridge::v1::Callee ResolveCallee(const callbridge::v1::Callee& callee,
                                     const callbridge::v1::Plan& plan,
                                     std::string_view caller_id_fallback);

// An endpoint with its number as "+" and digits.
callbridge::v1::Endpoint ResolveEndpoint(const callbridge::v1::Endpoint& endpoint);

struct Bridge {
  callbridge::v1::Plan plan;
  std::vector<callbridge::v1::Callee> callees;
};

// ResolvePlan and ResolveCallee together: the music's loop count then covers the longest
// ring_timeout of the callees.
absl::StatusOr<Bridge> ResolveBridge(const config::v1::Settings& settings,
                                     std::string_view plan_name,
                                     const callbridge::v1::Plan& overriding,
                                     const std::vector<callbridge::v1::Callee>& callees,
                                     std::string_view caller_id_fallback);

// What a new session keeps of the settings. The account must exist.
internal::v1::SessionSettings MakeSessionSettings(const config::v1::Settings& settings,
                                                  const std::string& account);

}  // namespace callbridge::settings
