#include "server/live/anonymiser.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

#include <algorithm>
#include <array>
#include <utility>

#include "server/base/mask.h"
#include "server/base/phone_number.h"
#include "server/provider/http_message.h"

namespace callbridge::live {
namespace {

using provider::JsonArray;
using provider::JsonElement;
using provider::JsonObject;

// A test of a transcript begins at this time.
constexpr base::Time kBegin{std::chrono::sys_days(std::chrono::year(2026) / 1 / 15)};
// What stands before the fraction of a second.
constexpr std::size_t kWholeSeconds = 19;
constexpr char kHost[] = "api.example.com";
constexpr char kSecret[] = "(secret)";
constexpr std::size_t kUuidLength = 36;
constexpr std::size_t kDigitsMin = 7;
// A shorter known text is not looked for inside of other texts: it would be found in words.
constexpr std::size_t kSoughtMin = 4;

template <typename List>
bool IsIn(std::string_view text, const List& list) {
  return std::ranges::find(list, text) != list.end();
}

// Members whose texts are words of the provider's own enumerations.
constexpr std::array<std::string_view, 15> kEnumerations = {
    "type",      "state",         "status",       "direction",       "language",
    "errorCode", "messageId",     "hangupSource", "fileFormat",      "location",
    "name",      "recordingType", "actionType",   "detectionResult", "action"};
// Members with sentences of the provider, or of ours.
constexpr std::array<std::string_view, 7> kSentences = {
    "description", "text", "reason", "errorDetails", "message", "action", "errorCode"};
constexpr std::array<std::string_view, 4> kNumbers = {"phoneNumber", "from", "to", "number"};

bool IsWord(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c)) || c == '_' ||
           absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

bool IsDigits(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

bool IsNumber(std::string_view text) {
  const std::string_view digits = base::WithoutPlus(text);
  return digits.size() >= kDigitsMin && IsDigits(digits);
}

bool IsUuid(std::string_view text) {
  return text.size() == kUuidLength && std::ranges::all_of(text, [](char c) {
           return c == '-' || absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

bool IsId(std::string_view member) {
  return member == "id" || member == "doctor" || member.ends_with("Id") || member.ends_with("Ids");
}

bool IsHexDigit(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }

// What EscapeForUrl has escaped. A "%" that begins no escape stands for itself.
std::string Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view hex = text.substr(at).substr(0, 3);
    if (hex.size() == 3 && hex[0] == '%' && IsHexDigit(hex[1]) && IsHexDigit(hex[2])) {
      plain += absl::HexStringToBytes(std::string(hex.substr(1)));
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

// Keys that a person pressed may be anybody's secret; their form is what matters.
std::string HideKeys(std::string_view keys) {
  std::string hidden(keys);
  std::ranges::replace_if(
      hidden, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }, '1');
  return hidden;
}

}  // namespace

Anonymiser::Anonymiser(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
  std::erase(secrets_, "");
  // The longest first, so that no rest of a longer one is left.
  std::ranges::sort(secrets_, {}, [](const std::string& secret) {
    return -static_cast<std::ptrdiff_t>(secret.size());
  });
}

std::string Anonymiser::NumberFor(std::string_view number) {
  const std::string_view digits = base::WithoutPlus(number);
  auto [known, added] = known_.try_emplace(std::string(digits));
  if (added) known->second = absl::StrFormat("4477009%05d", 100 + ++numbers_);
  return (digits.size() < number.size() ? "+" : "") + known->second;
}

std::string Anonymiser::IdFor(std::string_view id) {
  auto [known, added] = known_.try_emplace(std::string(id));
  if (added && IsUuid(id)) {
    known->second = absl::StrFormat("00000000-0000-4000-8000-%012d", ++ids_);
  } else if (added) {
    known->second = absl::StrCat("id-", ++ids_);
  }
  return known->second;
}

std::string Anonymiser::NameFor(std::string_view name) {
  auto [known, added] = known_.try_emplace(std::string(name));
  if (added) known->second = absl::StrCat("name-", ++names_);
  return known->second;
}

std::string Anonymiser::ShiftTime(std::string_view text, base::Time time) {
  if (!shift_) shift_ = kBegin - std::chrono::floor<std::chrono::seconds>(time);
  // The fraction and the zone stay as they are written.
  std::string shifted = base::FormatTime(time + *shift_).substr(0, kWholeSeconds);
  return shifted + std::string(text.substr(std::min(text.size(), kWholeSeconds)));
}

std::string Anonymiser::HideUrl(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t end = std::min(url.find('/', host), url.size());
  std::string hidden = std::string(url.substr(0, host)) + kHost;
  // A path may hold anything; that there is a final slash matters.
  return end == url.size() ? hidden : hidden + "/";
}

std::string Anonymiser::HideText(std::string_view text) const {
  std::string hidden(text);
  for (const std::string& secret : secrets_) {
    hidden = absl::StrReplaceAll(hidden, {{secret, kSecret}});
  }
  for (const auto& [known, value] : known_) {
    if (known.size() < kSoughtMin) break;
    hidden = absl::StrReplaceAll(hidden, {{known, value}});
  }
  return hidden;
}

std::string Anonymiser::Replace(std::string_view member, std::string_view parent,
                                std::string_view text) {
  if (text.empty()) return "";
  for (const std::string& secret : secrets_) {
    if (absl::StrContains(std::string(text), secret)) return kSecret;
  }
  if (const auto time = provider::ParseTime(text)) return ShiftTime(text, *time);
  if (member == "dtmf") return HideKeys(text);
  if (member == "terminator") return std::string(text);
  if (IsIn(member, kNumbers) || IsNumber(text)) {
    return IsNumber(text) ? NumberFor(text) : NameFor(text);
  }
  const bool own_name = member == "name" && parent != "errorCode";
  if (IsIn(member, kEnumerations) && !own_name) {
    const bool language = member == "language" && text.size() <= 8;
    if (IsWord(text) || language) return std::string(text);
  }
  if (member == "apiBaseUrl" || absl::StrContains(std::string(text), "://")) return HideUrl(text);
  if (IsId(member) || IsUuid(text)) {
    // The code of an error is no id of anything.
    return parent == "errorCode" ? std::string(text) : IdFor(text);
  }
  if (IsIn(member, kSentences)) return base::MaskText(HideText(text));
  // Flags of the scripts.
  if (parent == "customData" && text == "1") return std::string(text);
  return NameFor(text);
}

void Anonymiser::WriteValue(const JsonElement& value, std::string_view name,
                            std::string_view member, std::string_view parent,
                            provider::JsonWriter& writer) {
  JsonObject object;
  JsonArray array;
  std::string_view text;
  if (value.get(object) == simdjson::SUCCESS) {
    name.empty() ? writer.BeginItem() : writer.BeginObject(name);
    WriteMembers(object, member, writer);
    writer.EndObject();
  } else if (value.get(array) == simdjson::SUCCESS) {
    name.empty() ? writer.BeginArrayItem() : writer.BeginArray(name);
    for (const JsonElement item : array) WriteValue(item, "", member, parent, writer);
    writer.EndArray();
  } else if (value.get(text) == simdjson::SUCCESS) {
    const std::string replaced = Replace(member, parent, text);
    name.empty() ? writer.TextItem(replaced) : writer.Text(name, replaced);
  } else {
    // A long number may be a telephone's.
    const std::string json = simdjson::minify(value);
    const std::string shown = IsNumber(json) ? NumberFor(json) : json;
    name.empty() ? writer.RawItem(shown) : writer.Raw(name, shown);
  }
}

void Anonymiser::WriteMembers(const JsonObject& object, std::string_view parent,
                              provider::JsonWriter& writer) {
  for (const auto& member : object) {
    const std::string name = HideText(member.key);
    WriteValue(member.value, name.empty() ? "-" : name, member.key, parent, writer);
  }
}

void Anonymiser::WriteBody(const std::string& name, std::string_view body,
                           provider::JsonWriter& writer) {
  provider::JsonDocument document;
  if (body.empty()) return;
  if (!document.Parse(body).ok()) {
    writer.Integer("bytes", static_cast<std::int64_t>(body.size()));
    return;
  }
  writer.BeginObject(name);
  WriteMembers(document.object(), "", writer);
  writer.EndObject();
}

void Anonymiser::Learn(std::string_view body) {
  provider::JsonWriter unused;
  WriteBody("body", body, unused);
}

std::string Anonymiser::SegmentFor(std::string_view segment) {
  const auto known = known_.find(segment);
  if (known != known_.end()) return known->second;
  if (IsUuid(segment)) return IdFor(segment);
  if (IsNumber(segment)) return NumberFor(segment);
  return HideText(segment);
}

std::string Anonymiser::HideTarget(std::string_view target) {
  std::string hidden;
  std::size_t begin = 0;
  while (begin <= target.size()) {
    const std::size_t end = std::min(target.find_first_of("/?&=", begin), target.size());
    const std::string plain = Unescape(target.substr(begin, end - begin));
    hidden += provider::EscapeForUrl(SegmentFor(plain));
    if (end < target.size()) hidden += target[end];
    begin = end + 1;
  }
  return hidden;
}

}  // namespace callbridge::live
