#include "server/provider/look_request.h"

#include <absl/strings/str_cat.h>

#include <string_view>

#include "server/base/limits.h"
#include "server/base/phone_number.h"
#include "server/base/time.h"

namespace callbridge::provider {
namespace {

// Returns a time in the platform's form, like "2026-01-15T11:59:30.000+0000" (docs/provider.md
// §1.3).
std::string ProviderTime(const google::protobuf::Timestamp& timestamp) {
  const std::string zulu = base::FormatTime(base::FromTimestamp(timestamp));
  return zulu.substr(0, zulu.size() - 1) + "+0000";
}

std::string Paging(int page) {
  return absl::StrCat("&page=", page, "&size=", base::kLookupPageSize);
}

HttpRequest Get(std::string target) { return {Method::kGet, std::move(target), "", false}; }

const char* Suffix(Source source) { return source == Source::kLive ? "" : "/history"; }

std::string Filter(const CallsConfiguration& configuration) {
  return configuration.field + "=" + EscapeForUrl(configuration.id);
}

}  // namespace

HttpRequest GetCall(const std::string& call_id, Source source) {
  return Get(absl::StrCat("/calls/1/calls/", EscapeForUrl(call_id), Suffix(source)));
}

HttpRequest GetConference(const std::string& conference_id, Source source) {
  return Get(absl::StrCat("/calls/1/conferences/", EscapeForUrl(conference_id), Suffix(source)));
}

HttpRequest GetRecording(const internal::v1::LookAtRecording& look) {
  const bool of_conference = !look.conference_id().empty();
  return Get(absl::StrCat("/calls/1/recordings/", of_conference ? "conferences/" : "calls/",
                          EscapeForUrl(of_conference ? look.conference_id() : look.call_id())));
}

HttpRequest ListCalls(const internal::v1::FindDial& look, const CallsConfiguration& configuration,
                      Source source, int page) {
  std::string target = absl::StrCat("/calls/1/calls", Suffix(source), "?", Filter(configuration),
                                    "&direction=OUTBOUND");
  if (!look.to().empty()) {
    absl::StrAppend(&target, "&to=", EscapeForUrl(base::WithoutPlus(look.to())));
  }
  if (look.has_started_after()) {
    absl::StrAppend(&target, "&startTimeAfter=", EscapeForUrl(ProviderTime(look.started_after())));
  }
  return Get(target + Paging(page));
}

HttpRequest ListLiveCalls(const CallsConfiguration& configuration, int page) {
  return Get(absl::StrCat("/calls/1/calls?", Filter(configuration), Paging(page)));
}

HttpRequest ListLiveConferences(const CallsConfiguration& configuration, int page) {
  return Get(absl::StrCat("/calls/1/conferences?", Filter(configuration), Paging(page)));
}

HttpRequest ListConferences(const std::string& name, const CallsConfiguration& configuration,
                            int page) {
  return Get(absl::StrCat("/calls/1/conferences?name=", EscapeForUrl(name), "&",
                          Filter(configuration), Paging(page)));
}

}  // namespace callbridge::provider
