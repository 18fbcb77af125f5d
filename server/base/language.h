// Languages of text to speech: from what people write to what the provider calls it (Calls API
// appendix C). The one table of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace callbridge::base {

// "pt-br" from "pt-BR" or "pt_br", "en" from "en-US" (the provider has no narrower name), "zh-cn"
// from "zh" (the first that it has), "ar_xa" from "ar-XA". Absent: the provider is not known to
// speak it.
std::optional<std::string> ProviderLanguage(std::string_view tag);

}  // namespace callbridge::base
