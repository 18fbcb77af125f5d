#include "server/base/language.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>

namespace callbridge::base {
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

// Returns the tag in a spelling for comparison, because the provider writes one of its codes with
// "_".
std::string Spelled(std::string_view tag) {
  std::string spelled(tag);
  absl::AsciiStrToLower(&spelled);
  std::replace(spelled.begin(), spelled.end(), '_', '-');
  return spelled;
}

template <typename Condition>
std::optional<std::string> First(Condition fits) {
  const auto found = std::find_if(kLanguages.begin(), kLanguages.end(),
                                  [&](std::string_view code) { return fits(Spelled(code)); });
  if (found == kLanguages.end()) return std::nullopt;
  return std::string(*found);
}

}  // namespace

std::optional<std::string> ProviderLanguage(std::string_view tag) {
  const std::string wanted = Spelled(tag);
  const std::string primary = wanted.substr(0, wanted.find('-'));
  if (primary.empty()) return std::nullopt;
  auto found = First([&](const std::string& code) { return code == wanted; });
  if (!found) found = First([&](const std::string& code) { return code == primary; });
  if (!found)
    found = First([&](const std::string& code) { return code.starts_with(primary + "-"); });
  return found;
}

}  // namespace callbridge::base
