// Tells from the HTTP status of the provider's answer whether the provider refused the account.
#pragma once

namespace callbridge::base {

// The provider refuses the account itself: its key is wrong or not allowed to do this
// (docs/provider.md §1.4). Another try does not help until the operator has mended the account.
constexpr bool IsAccountRefused(int http_status) {
  return http_status == 401 || http_status == 403;
}

}  // namespace callbridge::base
