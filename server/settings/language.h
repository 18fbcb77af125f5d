// Languages of text to speech: from what people write to what the provider calls it (Calls API appendix C).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callbridge::settings {

// "pt-br" from "pt-BR", "en" from "en-US" (the provider has no narrower name), "zh-cn" from "zh". Absent: the provider is
// not known to speak it.
std::optional<std::string> ProviderLanguage(std::string_view tag);

}  // namespace callbridge::settings
