#include "server/admin/requests.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "server/base/limits.h"
#include "server/provider/json_writer.h"

namespace callbridge::admin {
namespace {

using provider::EscapeForUrl;
using provider::JsonWriter;
using provider::Method;

constexpr char kConfigurations[] = "/calls/1/configurations";
constexpr char kApplications[] = "/calls/1/applications";
constexpr char kSecurities[] = "/subscriptions/1/security";
constexpr char kProfiles[] = "/subscriptions/1/profiles";
constexpr char kSubscriptions[] = "/subscriptions/1/subscription/VOICE_VIDEO";
constexpr char kFiles[] = "/calls/1/files";
constexpr char kCallRecordings[] = "/calls/1/recordings/calls";
constexpr char kConferenceRecordings[] = "/calls/1/recordings/conferences";
constexpr char kRecordedFiles[] = "/calls/1/recordings/files";
constexpr char kMasked[] = "***";

// The page of the numbers, which are paged in their own way (docs/provider.md §3.3).
constexpr int kNumbersPageSize = 50;

std::string Below(const char* folder, const std::string& id) {
  return absl::StrCat(folder, "/", EscapeForUrl(id));
}

std::string Page(const char* folder, int page) {
  return absl::StrCat(folder, "?page=", page, "&size=", base::kLookupPageSize);
}

Request Make(Method method, std::string target, std::string body) {
  return {{method, std::move(target), body, true}, body};
}

Request MakeDelete(std::string target) {
  return {{Method::kDelete, std::move(target), "", true}, ""};
}

void WriteEvents(JsonWriter& writer, const char* name, const std::set<std::string>& events) {
  writer.BeginArray(name);
  for (const std::string& event : events) writer.TextItem(event);
  writer.EndArray();
}

std::string SecurityBody(const Security& security, bool with_id, const std::string& secret) {
  JsonWriter writer;
  if (with_id) writer.Text("authId", security.id);
  writer.Text("type", security.type);
  writer.BeginObject("credentials");
  if (security.type == "BASIC") {
    writer.Text("username", security.username);
    writer.Text("password", secret);
  } else {
    writer.Text("secretKey", secret);
    writer.Text("algorithm", security.algorithm);
  }
  writer.EndObject();
  return std::move(writer).Take();
}

std::string ProfileBody(const Profile& profile, bool with_id, bool masked) {
  JsonWriter writer;
  if (with_id) writer.Text("profileId", profile.id);
  writer.BeginObject("webhook");
  writer.Text("notifyUrl", profile.url);
  writer.EndObject();
  if (!profile.security_id.empty()) {
    writer.BeginObject("security");
    writer.Text("authId", profile.security_id);
    writer.EndObject();
  }
  if (!profile.client_certificate_id.empty()) {
    writer.Text("clientCertificateId", profile.client_certificate_id);
  }
  writer.Integer("maxBucketSize", profile.bucket_max);
  for (const auto& [name, value] : profile.tuning) writer.Integer(name, value);
  if (!profile.tls_versions.empty()) {
    writer.BeginArray("enabledSSLProtocols");
    for (const std::string& version : profile.tls_versions) writer.TextItem(version);
    writer.EndArray();
  }
  if (!profile.headers.empty()) {
    writer.BeginObject("headers");
    for (const auto& [name, value] : profile.headers) writer.Text(name, masked ? kMasked : value);
    writer.EndObject();
  }
  return std::move(writer).Take();
}

std::string SubscriptionBody(const Subscription& subscription, bool with_id) {
  JsonWriter writer;
  if (with_id) writer.Text("subscriptionId", subscription.id);
  writer.Text("name", subscription.name);
  WriteEvents(writer, "events", subscription.events);
  writer.BeginArray("criteria");
  for (const Criterion& criterion : subscription.criteria) {
    writer.BeginItem();
    for (const auto& [name, value] : criterion) writer.Text(name, value);
    writer.EndObject();
  }
  writer.EndArray();
  writer.BeginObject("profile");
  writer.Text("profileId", subscription.profile_id);
  writer.EndObject();
  return std::move(writer).Take();
}

std::string VoiceBody(const VoiceAction& action) {
  JsonWriter writer;
  writer.BeginObject("action");
  writer.Text("type", action.type);
  writer.Text("callsConfigurationId", action.configuration_id);
  writer.Text("description", action.description);
  writer.EndObject();
  return std::move(writer).Take();
}

std::string ApplicationBody(const Application& application) {
  JsonWriter writer;
  writer.Text("name", application.name);
  WriteEvents(writer, "subscribedEvents", application.events);
  writer.BeginObject("webhook");
  writer.Text("receiveUrl", application.receive_url);
  writer.Text("eventUrl", application.event_url);
  writer.EndObject();
  return std::move(writer).Take();
}

}  // namespace

std::string ConfigurationPath(const std::string& id) { return Below(kConfigurations, id); }
std::string SecuritiesPage(int page) { return Page(kSecurities, page); }
std::string ProfilePath(const std::string& id) { return Below(kProfiles, id); }
std::string SubscriptionPath(const std::string& id) { return Below(kSubscriptions, id); }
std::string SubscriptionsPage(int page) { return Page(kSubscriptions, page); }
std::string OwnedNumbersPage(const std::string& number, int page) {
  const std::string filter = number.empty() ? "" : "number=" + EscapeForUrl(number) + "&";
  return absl::StrCat("/numbers/1/numbers?", filter, "page=", page, "&limit=", kNumbersPageSize);
}
std::string VoicePath(const std::string& number_key) {
  return absl::StrCat("/numbers/2/numbers/", EscapeForUrl(number_key), "/voice");
}
std::string FilesPage(int page) { return Page(kFiles, page); }
std::string FilePath(const std::string& id) { return Below(kFiles, id); }
std::string CallRecordingsPage(int page) { return Page(kCallRecordings, page); }
std::string ConferenceRecordingsPage(int page) { return Page(kConferenceRecordings, page); }
std::string ApplicationsPage(int page) { return Page(kApplications, page); }
std::string ApplicationPath(const std::string& id) { return Below(kApplications, id); }

Request Create(const Configuration& configuration) {
  JsonWriter writer;
  writer.Text("id", configuration.id);
  writer.Text("name", configuration.name);
  return Make(Method::kPost, kConfigurations, std::move(writer).Take());
}
Request Delete(const Configuration& configuration) {
  return MakeDelete(ConfigurationPath(configuration.id));
}

Request Create(const Security& security) {
  return {{Method::kPost, kSecurities, SecurityBody(security, true, security.secret), true},
          SecurityBody(security, true, kMasked)};
}
Request Update(const Security& security) {
  return {{Method::kPut, Below(kSecurities, security.id),
           SecurityBody(security, false, security.secret), true},
          SecurityBody(security, false, kMasked)};
}
Request Delete(const Security& security) { return MakeDelete(Below(kSecurities, security.id)); }

Request Create(const Profile& profile) {
  return {{Method::kPost, kProfiles, ProfileBody(profile, true, false), true},
          ProfileBody(profile, true, true)};
}
Request Update(const Profile& profile) {
  return {{Method::kPut, ProfilePath(profile.id), ProfileBody(profile, false, false), true},
          ProfileBody(profile, false, true)};
}
Request Delete(const Profile& profile) { return MakeDelete(ProfilePath(profile.id)); }

Request Create(const Subscription& subscription) {
  return Make(Method::kPost, kSubscriptions, SubscriptionBody(subscription, true));
}
Request Update(const Subscription& subscription) {
  return Make(Method::kPut, SubscriptionPath(subscription.id),
              SubscriptionBody(subscription, false));
}
Request Delete(const Subscription& subscription) {
  return MakeDelete(SubscriptionPath(subscription.id));
}

Request Create(const Number& number) {
  return Make(Method::kPost, VoicePath(number.key), VoiceBody(*number.action));
}
Request Update(const Number& number) {
  return Make(Method::kPut, VoicePath(number.key), VoiceBody(*number.action));
}
Request Delete(const Number& number) { return MakeDelete(VoicePath(number.key)); }

Request Create(const Application& application) {
  return Make(Method::kPost, kApplications, ApplicationBody(application));
}
Request Update(const Application& application) {
  return Make(Method::kPut, ApplicationPath(application.id), ApplicationBody(application));
}

provider::HttpRequest UploadRequest(provider::FormFile file) {
  file.part = "file";
  provider::HttpRequest request{Method::kPost, kFiles, "", true};
  request.form = std::move(file);
  return request;
}
provider::HttpRequest DeleteFileRequest(const std::string& id) {
  return {Method::kDelete, FilePath(id), "", true};
}
provider::HttpRequest FetchFileRequest(const std::string& id, provider::Sink sink) {
  provider::HttpRequest request{Method::kGet, Below(kRecordedFiles, id), "", false};
  request.sink = std::move(sink);
  return request;
}
provider::HttpRequest DeleteRecordedFileRequest(const std::string& id) {
  return {Method::kDelete, Below(kRecordedFiles, id), "", true};
}

}  // namespace callbridge::admin
