#include "server/admin/mark.h"

#include <absl/strings/str_format.h>

#include <string_view>
#include <vector>

#include "server/admin/fingerprint.h"
#include "server/admin/requests.h"

namespace callbridge::admin {
namespace {

constexpr std::string_view kPrefix = "Callbridge ";
constexpr std::string_view kOpen = " [setup ";

}  // namespace

std::string NameWith(const Mark& mark) {
  return absl::StrFormat("%s%s%s%s%s%s]", kPrefix, mark.owner, kOpen, mark.digest,
                         mark.profile_digest.empty() ? "" : " ", mark.profile_digest);
}

std::optional<Mark> ParseMark(const std::string& name) {
  const std::size_t open = name.rfind(kOpen);
  if (!name.starts_with(kPrefix) || open == std::string::npos || !name.ends_with(']')) {
    return std::nullopt;
  }
  Mark mark;
  mark.owner = name.substr(kPrefix.size(), open - kPrefix.size());
  const std::size_t begin = open + kOpen.size();
  const std::string digests = name.substr(begin, name.size() - 1 - begin);
  mark.digest = digests.substr(0, kDigits);
  if (digests.size() == 2 * kDigits + 1) mark.profile_digest = digests.substr(kDigits + 1);
  if (NameWith(mark) != name) return std::nullopt;
  return mark;
}

std::string DigestOf(const Subscription& subscription) {
  Subscription content = subscription;
  content.name.clear();
  std::string text = Create(content).http.body;
  // Setup sets none of these filters, so that any of them makes the digest another one.
  for (const auto& [name, values] : subscription.other_filters) {
    for (const std::string& value : values) text += "\n" + name + ": " + value;
  }
  return Digest(text);
}

std::string DigestOf(const Profile& profile) {
  Profile content = profile;
  content.tuning.clear();
  content.tls_versions.clear();
  for (auto& [name, value] : content.headers) value = Fingerprint(value, profile.id);
  return Digest(Create(content).http.body);
}

std::string DigestOf(const Application& application) {
  Application content = application;
  content.name.clear();
  return Digest(Create(content).http.body);
}

std::string NumberMark(const std::string& owner) {
  return absl::StrFormat("%s%s [setup]", kPrefix, owner);
}

}  // namespace callbridge::admin
