#include "tests/simulator/setup_routes.h"

#include <string_view>

#include "tests/simulator/setup_schemas.h"

namespace callbridge::simulator {
namespace {

using O = Operation;
using Body = Route::Body;

constexpr std::string_view kConfigurations = "/calls/1/configurations";
constexpr std::string_view kConfiguration = "/calls/1/configurations/{configuration}";
constexpr std::string_view kSubscriptions = "/subscriptions/1/subscription/VOICE_VIDEO";
constexpr std::string_view kSubscription = "/subscriptions/1/subscription/VOICE_VIDEO/{id}";
constexpr std::string_view kProfiles = "/subscriptions/1/profiles";
constexpr std::string_view kProfile = "/subscriptions/1/profiles/{id}";
constexpr std::string_view kSecurities = "/subscriptions/1/security";
constexpr std::string_view kSecurity = "/subscriptions/1/security/{id}";
constexpr std::string_view kVoice = "/numbers/2/numbers/{id}/voice";
constexpr std::string_view kApplications = "/calls/1/applications";
constexpr std::string_view kApplication = "/calls/1/applications/{id}";

Route Look(O operation, std::string_view name, std::string_view path,
           std::vector<std::string_view> query = {}) {
  Route route{operation, name, "GET", path};
  route.query = std::move(query);
  return route;
}

Route Write(O operation, std::string_view name, std::string_view method, std::string_view path,
            const Schema& (*schema)()) {
  return {operation, name, method, path, Body::kRequired, schema};
}

Route Delete(O operation, std::string_view name, std::string_view path) {
  return {operation, name, "DELETE", path};
}

Route PerSecond(Route route, int requests) {
  route.per_second = requests;
  return route;
}

}  // namespace

std::vector<Route> SetupRoutes() {
  const std::vector<std::string_view> paging{"page", "size"};
  return {
      Look(O::kListConfigurations, "list-configurations", kConfigurations, paging),
      Write(O::kCreateConfiguration, "create-configuration", "POST", kConfigurations,
            CreateConfigurationSchema),
      Look(O::kGetConfiguration, "get-configuration", kConfiguration),
      Write(O::kUpdateConfiguration, "update-configuration", "PUT", kConfiguration,
            UpdateConfigurationSchema),
      Delete(O::kDeleteConfiguration, "delete-configuration", kConfiguration),
      Look(O::kListSubscriptions, "list-subscriptions", kSubscriptions,
           {"page", "size", "applicationId", "entityId", "callsConfigurationId", "resource",
            "user"}),
      Write(O::kCreateSubscription, "create-subscription", "POST", kSubscriptions,
            CreateSubscriptionSchema),
      Look(O::kGetSubscription, "get-subscription", kSubscription),
      Write(O::kUpdateSubscription, "update-subscription", "PUT", kSubscription,
            UpdateSubscriptionSchema),
      Delete(O::kDeleteSubscription, "delete-subscription", kSubscription),
      Look(O::kListProfiles, "list-profiles", kProfiles, paging),
      Write(O::kCreateProfile, "create-profile", "POST", kProfiles, CreateProfileSchema),
      Look(O::kGetProfile, "get-profile", kProfile),
      Write(O::kUpdateProfile, "update-profile", "PUT", kProfile, UpdateProfileSchema),
      Delete(O::kDeleteProfile, "delete-profile", kProfile),
      Look(O::kListSecurities, "list-securities", kSecurities, paging),
      Write(O::kCreateSecurity, "create-security", "POST", kSecurities, CreateSecuritySchema),
      Look(O::kGetSecurity, "get-security", kSecurity),
      Write(O::kUpdateSecurity, "update-security", "PUT", kSecurity, UpdateSecuritySchema),
      Delete(O::kDeleteSecurity, "delete-security", kSecurity),
      Look(O::kListNumbers, "list-numbers", "/numbers/1/numbers", {"number", "page", "limit"}),
      Look(O::kGetVoice, "get-voice", kVoice),
      PerSecond(Write(O::kCreateVoice, "create-voice", "POST", kVoice, VoiceSetupSchema), 1),
      PerSecond(Write(O::kUpdateVoice, "update-voice", "PUT", kVoice, VoiceSetupSchema), 1),
      Delete(O::kDeleteVoice, "delete-voice", kVoice),
      Look(O::kListApplications, "list-applications", kApplications, paging),
      Write(O::kCreateApplication, "create-application", "POST", kApplications, ApplicationSchema),
      Look(O::kGetApplication, "get-application", kApplication),
      Write(O::kUpdateApplication, "update-application", "PUT", kApplication, ApplicationSchema),
  };
}

// The specification names two or three for each operation, by a rule.
std::vector<std::string_view> ScopesOf(const Route& route) {
  if (route.path.starts_with("/subscriptions/")) return {"subscriptions:manage"};
  if (route.path.starts_with("/numbers/")) return {"numbers:manage"};
  if (route.path.starts_with(kConfigurations)) {
    return {"calls:manage", "calls:configuration:manage"};
  }
  // From before there were scopes.
  if (route.path.starts_with(kApplications)) return {"calls:manage"};
  if (route.method == "GET") return {"calls:manage", "calls:logs:read"};
  const bool receives = route.operation == O::kSendRinging || route.operation == O::kPreAnswer ||
                        route.operation == O::kAnswer;
  return {"calls:manage", receives ? "calls:traffic:receive" : "calls:traffic:send"};
}

}  // namespace callbridge::simulator
