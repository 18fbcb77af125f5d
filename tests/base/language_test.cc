#include "server/base/language.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace callbridge::base {
namespace {

TEST(ProviderLanguage, FindsTheProvidersCode) {
  const std::vector<std::pair<std::string, std::optional<std::string>>> table = {
      {"en", "en"},       {"en-US", "en"},    {"en-GB", "en-gb"}, {"en_GB", "en-gb"},
      {"pt-BR", "pt-br"}, {"pt_BR", "pt-br"}, {"pt", "pt-br"},    {"de-DE", "de"},
      {"et", "et-ee"},    {"nb", "nb-no"},    {"no", "no"},       {"es-ES", "es"},
      {"zh", "zh-cn"},    {"zh-TW", "zh-tw"}, {"ar-XA", "ar_xa"}, {"ar_xa", "ar_xa"},
      {"ar-MA", "ar-ma"}, {"ar-EG", "ar"},    {"xx", {}},         {"xx-YY", {}},
      {"", {}},           {"-gb", {}},        {"e", {}},          {"engb", {}},
  };
  for (const auto& [written, code] : table) EXPECT_EQ(ProviderLanguage(written), code) << written;
}

}  // namespace
}  // namespace callbridge::base
