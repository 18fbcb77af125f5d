#include "client/infobip/language.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>

namespace callbridge::client::infobip {
namespace {

constexpr auto kLanguages = std::to_array<std::string_view>(
    {"ar",        "ar-ma", "ar_xa", "bg",     "bn",    "bn-in",  "ca",    "cmn-cn", "cs",
     "da",        "de",    "de-at", "de-ch",  "el",    "en",     "en-au", "en-ca",  "en-gb",
     "en-gb-wls", "en-ie", "en-in", "en-ph",  "es",    "es-419", "es-ar", "es-co",  "es-mx",
     "es-us",     "et-ee", "fi",    "fil-ph", "fr",    "fr-ca",  "fr-ch", "gu",     "he",
     "hi",        "hr",    "hu",    "id",     "is",    "it",     "ja",    "kk-kz",  "kn",
     "ko",        "lt",    "lv",    "ml",     "mr-in", "ms",     "nb-no", "nl",     "nl-be",
     "no",        "pa-in", "pl",    "pt-br",  "pt-pt", "ro",     "ru",    "sk",     "sl",
     "sr-rs",     "sv",    "sw-ke", "sw-tz",  "ta",    "te",     "th",    "tr",     "uk",
     "ur-in",     "ur-pk", "uz-uz", "vi",     "wls",   "yue-hk", "zh-cn", "zh-tw"});

bool IsListed(std::string_view code) {
  return std::find(kLanguages.begin(), kLanguages.end(), code) != kLanguages.end();
}

// The language's only variant; empty if it has none or several.
std::string_view OnlyVariant(std::string_view language) {
  std::string_view found;
  const std::string prefix = std::string(language) + "-";
  for (const std::string_view code : kLanguages) {
    if (!code.starts_with(prefix)) continue;
    if (!found.empty()) return "";
    found = code;
  }
  return found;
}

}  // namespace

std::string ProviderLanguage(std::string_view language) {
  std::string code = absl::AsciiStrToLower(absl::string_view(language.data(), language.size()));
  if (code.empty()) return "en";
  if (IsListed(code)) return code;
  std::string hyphenated = code;
  std::replace(hyphenated.begin(), hyphenated.end(), '_', '-');
  if (IsListed(hyphenated)) return hyphenated;
  if (hyphenated == "ar-xa") return "ar_xa";
  const std::string base = hyphenated.substr(0, hyphenated.find('-'));
  if (IsListed(base)) return base;
  const bool has_region = base.size() != hyphenated.size();
  const std::string_view variant = has_region ? "" : OnlyVariant(base);
  return variant.empty() ? code : std::string(variant);
}

}  // namespace callbridge::client::infobip
