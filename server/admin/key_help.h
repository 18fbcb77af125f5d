// What a person does about a refusal of the account's key.
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

namespace callbridge::admin {

// Continues the provider's words, as "; the key lacks …". lacking: what a 403 means. Empty for
// every other error.
std::string KeyHelp(const absl::Status& status, std::string_view lacking);

}  // namespace callbridge::admin
