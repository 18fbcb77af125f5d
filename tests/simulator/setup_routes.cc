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
constexpr std::string_view kFiles = "/calls/1/files";
constexpr std::string_view kFile = "/calls/1/files/{id}";

Route LookRoute(O operation, std::string_view name, std::string_view path,
                std::vector<std::string_view> query = {}) {
  Route route{operation, name, "GET", path};
  route.query = std::move(query);
  return route;
}

Route WriteRoute(O operation, std::string_view name, std::string_view method, std::string_view path,
                 const Schema& (*schema)()) {
  return {operation, name, method, path, Body::kRequired, schema};
}

Route DeleteRoute(O operation, std::string_view name, std::string_view path) {
  return {operation, name, "DELETE", path};
}

Route WithRate(Route route, int requests) {
  route.per_second = requests;
  return route;
}

}  // namespace

std::vector<Route> SetupRoutes() {
  const std::vector<std::string_view> paging{"page", "size"};
  return {
      LookRoute(O::kListConfigurations, "list-configurations", kConfigurations, paging),
      WriteRoute(O::kCreateConfiguration, "create-configuration", "POST", kConfigurations,
                 CreateConfigurationSchema),
      LookRoute(O::kGetConfiguration, "get-configuration", kConfiguration),
      WriteRoute(O::kUpdateConfiguration, "update-configuration", "PUT", kConfiguration,
                 UpdateConfigurationSchema),
      DeleteRoute(O::kDeleteConfiguration, "delete-configuration", kConfiguration),
      LookRoute(O::kListSubscriptions, "list-subscriptions", kSubscriptions,
                {"page", "size", "applicationId", "entityId", "callsConfigurationId", "resource",
                 "user"}),
      WriteRoute(O::kCreateSubscription, "create-subscription", "POST", kSubscriptions,
                 CreateSubscriptionSchema),
      LookRoute(O::kGetSubscription, "get-subscription", kSubscription),
      WriteRoute(O::kUpdateSubscription, "update-subscription", "PUT", kSubscription,
                 UpdateSubscriptionSchema),
      DeleteRoute(O::kDeleteSubscription, "delete-subscription", kSubscription),
      LookRoute(O::kListProfiles, "list-profiles", kProfiles, paging),
      WriteRoute(O::kCreateProfile, "create-profile", "POST", kProfiles, CreateProfileSchema),
      LookRoute(O::kGetProfile, "get-profile", kProfile),
      WriteRoute(O::kUpdateProfile, "update-profile", "PUT", kProfile, UpdateProfileSchema),
      DeleteRoute(O::kDeleteProfile, "delete-profile", kProfile),
      LookRoute(O::kListSecurities, "list-securities", kSecurities, paging),
      WriteRoute(O::kCreateSecurity, "create-security", "POST", kSecurities, CreateSecuritySchema),
      LookRoute(O::kGetSecurity, "get-security", kSecurity),
      WriteRoute(O::kUpdateSecurity, "update-security", "PUT", kSecurity, UpdateSecuritySchema),
      DeleteRoute(O::kDeleteSecurity, "delete-security", kSecurity),
      LookRoute(O::kListNumbers, "list-numbers", "/numbers/1/numbers", {"number", "page", "limit"}),
      LookRoute(O::kGetVoice, "get-voice", kVoice),
      WithRate(WriteRoute(O::kCreateVoice, "create-voice", "POST", kVoice, VoiceSetupSchema), 1),
      WithRate(WriteRoute(O::kUpdateVoice, "update-voice", "PUT", kVoice, VoiceSetupSchema), 1),
      DeleteRoute(O::kDeleteVoice, "delete-voice", kVoice),
      LookRoute(O::kListApplications, "list-applications", kApplications, paging),
      WriteRoute(O::kCreateApplication, "create-application", "POST", kApplications,
                 ApplicationSchema),
      LookRoute(O::kGetApplication, "get-application", kApplication),
      WriteRoute(O::kUpdateApplication, "update-application", "PUT", kApplication,
                 ApplicationSchema),
      {O::kUploadFile, "upload-file", "POST", kFiles, Body::kForm},
      LookRoute(O::kListFiles, "list-files", kFiles, paging),
      LookRoute(O::kGetFile, "get-file", kFile),
      DeleteRoute(O::kDeleteFile, "delete-file", kFile),
  };
}

// The specification names two or three for each operation, by a rule.
std::vector<std::string_view> ScopesOf(const Route& route) {
  if (route.path.starts_with("/subscriptions/")) return {"subscriptions:manage"};
  if (route.path.starts_with("/numbers/")) return {"numbers:manage"};
  if (route.path.starts_with(kConfigurations)) {
    return {"calls:manage", "calls:configuration:manage"};
  }
  if (route.path.starts_with(kFiles)) return {"calls:manage", "calls:media:manage"};
  // From before there were scopes.
  if (route.path.starts_with(kApplications)) return {"calls:manage"};
  if (route.method == "GET") return {"calls:manage", "calls:logs:read"};
  const bool receives = route.operation == O::kSendRinging || route.operation == O::kPreAnswer ||
                        route.operation == O::kAnswer;
  return {"calls:manage", receives ? "calls:traffic:receive" : "calls:traffic:send"};
}

}  // namespace callbridge::simulator
