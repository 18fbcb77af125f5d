// Tells from the HTTP status of the provider's answer whether the provider refused the account, or
// lacks its calls configuration. Only the operator can mend either.
#pragma once

namespace callbridge::base {

// The provider refuses the account itself: its key is wrong or not allowed to do this
// (docs/provider.md §1.4). Another try does not help until the operator has mended the account.
constexpr bool IsAccountRefused(int http_status) {
  return http_status == 401 || http_status == 403;
}

// The provider knows no calls configuration of the id that the settings give. The status is that of
// the answer to a conference's creation, whose 404 means this and nothing else (docs/provider.md
// §1.4).
constexpr bool IsConfigurationUnknown(int http_status_of_creation) {
  return http_status_of_creation == 404;
}

}  // namespace callbridge::base
