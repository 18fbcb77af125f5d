#include "webhook/sender.h"

#include <absl/strings/str_format.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <vector>

#include "server/base/trimmed.h"
#include "webhook/list_header.h"

namespace callbridge::webhook {
namespace {

// Thirty usual names.
constexpr std::size_t kNamesBytesMax = 600;

bool IsTrusted(const base::IpAddress& address, const Proxies& proxies) {
  return std::any_of(proxies.networks.begin(), proxies.networks.end(),
                     [&](const base::Network& network) { return network.Contains(address); });
}

// Reads "203.0.113.7", "203.0.113.7:4711", "2001:db8::1" or "[2001:db8::1]:4711".
std::optional<base::IpAddress> ReadNode(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    return base::ParseIpAddress(text.substr(1, end - 1));
  }
  const bool one_colon = std::ranges::count(text, ':') == 1;
  return base::ParseIpAddress(one_colon ? text.substr(0, text.find(':')) : text);
}

// Returns the value of "for" in one element of Forwarded (RFC 7239 §4), without quotes; empty if
// there is none.
std::string_view ForOf(std::string_view element) {
  constexpr std::string_view kFor = "for=";
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(element.data(), element.size()), ';')) {
    std::string_view pair = base::Trimmed(std::string_view(part.data(), part.size()));
    if (!EqualsIgnoreCase(pair.substr(0, kFor.size()), kFor)) continue;
    pair.remove_prefix(kFor.size());
    if (pair.starts_with('"')) pair.remove_prefix(1);
    if (pair.ends_with('"')) pair.remove_suffix(1);
    return pair;
  }
  return {};
}

}  // namespace

std::string DescribeSender(const std::optional<base::IpAddress>& peer, const RequestHead& head,
                           const Proxies& proxies) {
  if (!peer.has_value()) return "an unknown address";
  if (!IsTrusted(*peer, proxies)) return base::ToText(*peer);
  const bool forwarded = proxies.header == Proxies::Header::kForwarded;
  std::vector<std::string_view> elements;
  for (const std::string_view line : ValuesOf(head, forwarded ? "Forwarded" : "X-Forwarded-For")) {
    AddElements(line, elements);
  }
  // Each proxy adds its client at the end, so the last element is what the nearest proxy itself has
  // seen. What stands before the first address that is no proxy's may be invented.
  std::optional<base::IpAddress> sender;
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    sender = ReadNode(forwarded ? ForOf(*element) : *element);
    if (!sender.has_value() || !IsTrusted(*sender, proxies)) break;
  }
  if (sender.has_value()) return base::ToText(*sender);
  return "the proxy " + base::ToText(*peer) + ", which does not say for whom";
}

std::string NamesOfFields(const RequestHead& head) {
  std::vector<std::string_view> names;
  std::string text;
  for (const auto& field : head) {
    const std::string_view name = View(field.name_string());
    const bool known = std::any_of(names.begin(), names.end(), [name](std::string_view other) {
      return EqualsIgnoreCase(name, other);
    });
    if (known || text.size() + name.size() > kNamesBytesMax) continue;
    names.push_back(name);
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

std::string DescribeRequest(const RequestHead& head, std::string_view header,
                            std::size_t body_bytes, const std::string& sender) {
  std::string text;
  if (!header.empty()) {
    text = absl::StrFormat("%s: %d values, ", std::string(header), ValuesOf(head, header).size());
  }
  return text + absl::StrFormat("body of %d bytes, from %s; headers: %s", body_bytes, sender,
                                NamesOfFields(head));
}

}  // namespace callbridge::webhook
