// Completes what a request or a route leaves open into what a session runs with: every default
// filled in, every number as "+" and digits. Pure. It takes valid messages only (plan_validation.h)
// and does not check permissions (dialing_rules.h).
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/v1/plan.pb.h"

namespace callbridge::settings {

// The name of the account and of the plan that apply when no name is given.
inline constexpr char kDefaultName[] = "default";
// How long a caller's or callee's telephone rings when neither the request nor the plan says it.
inline constexpr std::chrono::seconds kDefaultRingTimeout{30};

// A plan with English prompts and no music. Voices and loop count are left open.
const callbridge::v1::Plan& BuiltInPlan();

// Returns what a plan says that means this file by its id.
callbridge::v1::Audio AudioOf(const config::v1::AudioFile& file);

// Replaces a file_name by the id of the file, and takes the file's duration if the audio has none.
// A name that the settings do not have stays as it is; ValidateAudio refuses it.
void ResolveAudio(const config::v1::Settings& settings, callbridge::v1::Audio& audio);

// Returns the named plan over plans.default over the built-in plan: each field comes from the last
// plan that has it. An empty plan_name means "default". NOT_FOUND names the nearest plan. Prompts
// without a voice stay so, so that a request's voice may still apply. Names of files are replaced
// by their ids.
absl::StatusOr<callbridge::v1::Plan> NamedPlan(const config::v1::Settings& settings,
                                               std::string_view plan_name);

// Returns NamedPlan with the fields of `overriding` (a prompt that is present but empty is
// silence). Then voices are filled into the prompts, and music.loop_count is computed for
// plan.ring_timeout.
absl::StatusOr<callbridge::v1::Plan> ResolvePlan(const config::v1::Settings& settings,
                                                 std::string_view plan_name,
                                                 const callbridge::v1::Plan& overriding);

// Fills in ring_timeout from the plan and caller_id_number from the fallback. If the fallback is
// empty, caller_id_number stays absent.
callbridge::v1::Callee ResolveCallee(const callbridge::v1::Callee& callee,
                                     const callbridge::v1::Plan& plan,
                                     std::string_view caller_id_fallback);

// Returns the endpoint with its number as "+" and digits.
callbridge::v1::Endpoint ResolveEndpoint(const callbridge::v1::Endpoint& endpoint);

struct Bridge {
  callbridge::v1::Plan plan;
  std::vector<callbridge::v1::Callee> callees;
};

// Combines ResolvePlan and ResolveCallee. The music's loop count covers the longest ring_timeout of
// the callees. INVALID_ARGUMENT with kJoinedWithoutNotice if the plan records before its notice,
// which may come from another plan.
absl::StatusOr<Bridge> ResolveBridge(const config::v1::Settings& settings,
                                     std::string_view plan_name,
                                     const callbridge::v1::Plan& overriding,
                                     const std::vector<callbridge::v1::Callee>& callees,
                                     std::string_view caller_id_fallback);

}  // namespace callbridge::settings
