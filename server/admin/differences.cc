// How things of an account differ from what is wanted, in words.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "server/admin/event_names.h"
#include "server/admin/plan.h"

namespace callbridge::admin {
namespace {

using Phrases = std::vector<std::string>;

std::string Or(const std::string& text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

void Compare(const char* what, const std::string& found, const std::string& wanted,
             Phrases& phrases) {
  if (found == wanted) return;
  phrases.push_back(
      absl::StrCat(what, " is ", Or(found, "not set"), " and not ", Or(wanted, "absent")));
}

void CompareEvents(const std::set<std::string>& found, const std::set<std::string>& wanted,
                   Phrases& phrases) {
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::ranges::set_difference(wanted, found, std::back_inserter(missing));
  std::ranges::set_difference(found, wanted, std::back_inserter(surplus));
  if (!missing.empty()) {
    phrases.push_back(absl::StrCat("events are missing: ", absl::StrJoin(missing, ", ")));
  }
  const auto unknown = std::partition(surplus.begin(), surplus.end(), IsKnownEvent);
  if (unknown != surplus.end()) {
    phrases.push_back(
        absl::StrCat("events are unknown: ", absl::StrJoin(unknown, surplus.end(), ", ")));
  }
  if (unknown != surplus.begin()) {
    phrases.push_back(
        absl::StrCat("events are not used: ", absl::StrJoin(surplus.begin(), unknown, ", ")));
  }
}

std::string InWords(const std::vector<Criterion>& criteria) {
  std::vector<std::string> all;
  for (const Criterion& criterion : criteria) {
    all.push_back(absl::StrJoin(criterion, " and ", absl::PairFormatter(" ")));
  }
  return absl::StrJoin(all, " or ");
}

}  // namespace

Phrases Differences(const Security& found, const Security& wanted) {
  Phrases phrases;
  // Credentials that the answer does not show are not compared.
  Compare("the type", found.type, wanted.type, phrases);
  if (!found.username.empty()) {
    Compare("the user name", found.username, wanted.username, phrases);
  }
  if (!found.algorithm.empty()) {
    Compare("the algorithm", found.algorithm, wanted.algorithm, phrases);
  }
  return phrases;
}

Phrases Differences(const Profile& found, const Profile& wanted) {
  Phrases phrases;
  Compare("the URL", found.url, wanted.url, phrases);
  Compare("the security setting", found.security_id, wanted.security_id, phrases);
  Compare("the client certificate", found.client_certificate_id, wanted.client_certificate_id,
          phrases);
  Compare("maxBucketSize", std::to_string(found.bucket_max), std::to_string(wanted.bucket_max),
          phrases);
  for (const auto& [name, value] : wanted.headers) {
    const auto header = found.headers.find(name);
    if (header == found.headers.end()) {
      phrases.push_back("the header " + name + " is missing");
    } else if (header->second != value) {
      phrases.push_back("the header " + name + " has another value");
    }
  }
  for (const auto& [name, value] : found.headers) {
    if (!wanted.headers.contains(name)) phrases.push_back("the header " + name + " is not ours");
  }
  return phrases;
}

Phrases Differences(const Subscription& found, const Subscription& wanted) {
  Phrases phrases;
  CompareEvents(found.events, wanted.events, phrases);
  Compare("the profile", found.profile_id, wanted.profile_id, phrases);
  Compare("the filter", InWords(found.criteria), InWords(wanted.criteria), phrases);
  for (const auto& [name, values] : found.other_filters) {
    phrases.push_back("the filter has " + name);
  }
  return phrases;
}

Phrases Differences(const Application& found, const Application& wanted) {
  Phrases phrases;
  CompareEvents(found.events, wanted.events, phrases);
  Compare("receiveUrl", found.receive_url, wanted.receive_url, phrases);
  Compare("eventUrl", found.event_url, wanted.event_url, phrases);
  return phrases;
}

}  // namespace callbridge::admin
