// The table of languages for text to speech. It leads from what people write to the provider's
// name for it (Calls API appendix C).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// Returns "pt-br" for "pt-BR" or "pt_br", "en" for "en-US" (the provider has no narrower name),
// "zh-cn" for "zh" (the provider's first variant), and "ar_xa" for "ar-XA". Absent means that the
// provider is not known to speak the language.
std::optional<std::string> ProviderLanguage(std::string_view tag);

}  // namespace callbridge::base
