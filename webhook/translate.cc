#include "webhook/translate.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "server/base/ingress_limits.h"
#include "server/base/limits.h"
#include "server/base/sha256.h"
#include "server/base/trimmed.h"
#include "server/base/utf8.h"
#include "server/provider/event_decoding.h"
#include "server/provider/json_reader.h"

namespace callbridge::webhook {
namespace {

using internal::v1::InboxItem;

constexpr std::size_t kDedupeKeyBytes = 16;

InboxItem Quarantine(std::string_view body, std::string_view error, base::Time now) {
  InboxItem item;
  internal::v1::Quarantined* quarantined = item.mutable_quarantined();
  *quarantined->mutable_receive_time() = base::ToTimestamp(now);
  quarantined->set_error(std::string(error));
  const std::string_view kept = body.substr(0, base::kQuarantineBodyBytesMax);
  quarantined->set_body(kept.data(), kept.size());
  return item;
}

InboxItem TranslateElement(std::string_view text, provider::JsonDocument& document,
                           base::Time now) {
  if (text.empty()) return Quarantine(text, "it is empty", now);
  if (const absl::Status parsed = document.Parse(text); !parsed.ok()) {
    return Quarantine(text, std::string(parsed.message()), now);
  }
  InboxItem item;
  if (!provider::ReadEvent(document.object(), item.mutable_event())) {
    return Quarantine(text, "it has no type", now);
  }
  if (item.event().type_name().find(base::kReplacementCharacter) != std::string::npos) {
    return Quarantine(text, "its type is not text", now);
  }
  if (item.event().has_occur_time()) {
    // The key covers all bytes, including the type. Otherwise a later state would count as a
    // repetition. Without a time, two equal bodies may be two events, so they get no key.
    const auto digest = base::Sha256(text);
    item.set_dedupe_key(digest.data(), kDedupeKeyBytes);
  }
  return item;
}

// Returns the array that is the member of this name of an object, as it was written. Absent means
// that there is none. Like SplitArray it follows only strings and brackets.
std::optional<std::string_view> ArrayMember(std::string_view object, std::string_view name) {
  std::string_view last;
  bool named = false;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const char c = object[i];
    if (c == '"') {
      const std::size_t start = i + 1;
      for (++i; i < object.size() && object[i] != '"'; ++i) {
        if (object[i] == '\\') ++i;
      }
      if (i >= object.size()) return std::nullopt;
      last = object.substr(start, i - start);
    } else if (c == ':' && depth == 1) {
      named = last == name;
    } else if (c == ',' && depth == 1) {
      named = false;
    } else if (c == '[' || c == '{') {
      if (++depth == 2 && named && c == '[') begin = i;
    } else if (c == ']' || c == '}') {
      if (--depth == 1 && begin > 0) return object.substr(begin, i + 1 - begin);
    }
  }
  return std::nullopt;
}

// Returns the elements of an array as they were written, so that each can be hashed, kept or set
// aside by itself. Absent means that the brackets do not close. This function follows only strings
// and brackets. Whether an element is JSON is checked when it is read.
std::optional<std::vector<std::string_view>> SplitArray(std::string_view text) {
  std::vector<std::string_view> elements;
  std::size_t begin = 1;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    } else if (c == ']') {
      if (i + 1 != text.size()) return std::nullopt;
      const std::string_view last = base::Trimmed(text.substr(begin, i - begin));
      if (!last.empty() || !elements.empty()) elements.push_back(last);
      return elements;
    } else if (c == ',' && depth == 0) {
      elements.push_back(base::Trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  return std::nullopt;
}

// Returns the list that stands in the place of an event: an array, or an object without a type
// whose member "results" is one (docs/provider.md §7.4). Absent means that the text is no list.
std::optional<std::string_view> ListIn(std::string_view text, provider::JsonDocument& document) {
  constexpr std::string_view kResults = "results";
  if (text.starts_with('[')) return text;
  if (!text.starts_with('{') || text.find(kResults) == std::string_view::npos ||
      !document.Parse(text).ok() || !provider::Text(document.object(), "type").empty() ||
      !provider::Array(document.object(), kResults).has_value()) {
    return std::nullopt;
  }
  return ArrayMember(text, kResults);
}

// Gives a key to each element that has none of its own. In a body of several elements the place is
// a key, if a time in another element makes the body unlike all later ones.
void KeyByPlace(std::string_view body, std::vector<InboxItem>& items) {
  const bool has_time =
      std::ranges::any_of(items, [](const InboxItem& item) { return !item.dedupe_key().empty(); });
  if (!has_time) return;
  const auto digest = base::Sha256(body);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].dedupe_key().empty()) continue;
    std::string place(digest.begin(), digest.end());
    place += std::to_string(i);
    const auto key = base::Sha256(place);
    items[i].set_dedupe_key(key.data(), kDedupeKeyBytes);
  }
}

}  // namespace

absl::StatusOr<std::vector<InboxItem>> Translate(std::string_view body, base::Time now) {
  // RFC 8259 §8.1 lets a reader ignore a byte order mark.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view text = body;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  provider::JsonDocument document;
  std::vector<std::string_view> elements = {base::Trimmed(text)};
  if (const auto list = ListIn(elements.front(), document); list.has_value()) {
    auto split = SplitArray(*list);
    if (!split.has_value()) {
      return std::vector<InboxItem>{Quarantine(body, "it is an array that does not end", now)};
    }
    elements = *std::move(split);
  }
  if (elements.size() > static_cast<std::size_t>(base::kInboxBatchMax)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the array has %d events; send at most %d in one request", elements.size(),
                        base::kInboxBatchMax));
  }
  std::vector<InboxItem> items;
  items.reserve(elements.size());
  for (const std::string_view element : elements) {
    items.push_back(TranslateElement(element, document, now));
  }
  KeyByPlace(base::Trimmed(text), items);
  return items;
}

}  // namespace callbridge::webhook
