// The provider's language codes for say (Calls API, appendix C), found from what people write: BCP
// 47 or the code itself.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::client::infobip {

// "pt-BR" → "pt-br", "en-US" → "en", "et" → "et-ee", "ar-XA" → "ar_xa". A code that fits nothing is
// passed on in lower case: the provider's list grows without us.
std::string ProviderLanguage(std::string_view language);

}  // namespace callbridge::client::infobip
