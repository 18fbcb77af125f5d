#include "server/settings/language.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>

namespace callbridge::settings {
namespace {

constexpr std::array<std::string_view, 80> kLanguages = {
    "ar",        "ar-ma", "ar_xa", "bg",     "bn",    "bn-in",  "ca",    "cmn-cn", "cs",
    "da",        "de",    "de-at", "de-ch",  "el",    "en",     "en-au", "en-ca",  "en-gb",
    "en-gb-wls", "en-ie", "en-in", "en-ph",  "es",    "es-419", "es-ar", "es-co",  "es-mx",
    "es-us",     "et-ee", "fi",    "fil-ph", "fr",    "fr-ca",  "fr-ch", "gu",     "he",
    "hi",        "hr",    "hu",    "id",     "is",    "it",     "ja",    "kk-kz",  "kn",
    "ko",        "lt",    "lv",    "ml",     "mr-in", "ms",     "nb-no", "nl",     "nl-be",
    "no",        "pa-in", "pl",    "pt-br",  "pt-pt", "ro",     "ru",    "sk",     "sl",
    "sr-rs",     "sv",    "sw-ke", "sw-tz",  "ta",    "te",     "th",    "tr",     "uk",
    "ur-in",     "ur-pk", "uz-uz", "vi",     "wls",   "yue-hk", "zh-cn", "zh-tw"};

bool IsKnown(std::string_view language) {
  return std::find(kLanguages.begin(), kLanguages.end(), language) != kLanguages.end();
}

}  // namespace

std::optional<std::string> ProviderLanguage(std::string_view tag) {
  std::string language(tag);
  absl::AsciiStrToLower(&language);
  if (IsKnown(language)) return language;
  std::replace(language.begin(), language.end(), '_', '-');
  if (IsKnown(language)) return language;
  const std::string primary = language.substr(0, language.find('-'));
  if (primary.empty()) return std::nullopt;
  if (IsKnown(primary)) return primary;
  const auto narrower =
      std::find_if(kLanguages.begin(), kLanguages.end(),
                   [&](std::string_view known) { return known.starts_with(primary + "-"); });
  if (narrower == kLanguages.end()) return std::nullopt;
  return std::string(*narrower);
}

}  // namespace callbridge::settings
