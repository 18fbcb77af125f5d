#include "webhook/translate.h"

#include <absl/strings/str_format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

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

}  // namespace

absl::StatusOr<std::vector<InboxItem>> Translate(std::string_view body, base::Time now) {
  // RFC 8259 §8.1 lets a reader ignore a byte order mark.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view text = body;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string_view> elements = {base::Trimmed(text)};
  if (elements.front().starts_with('[')) {
    auto split = SplitArray(elements.front());
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
  provider::JsonDocument document;
  std::vector<InboxItem> items;
  items.reserve(elements.size());
  for (const std::string_view element : elements) {
    items.push_back(TranslateElement(element, document, now));
  }
  return items;
}

}  // namespace callbridge::webhook
