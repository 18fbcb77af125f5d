#include "server/admin/key_help.h"

namespace callbridge::admin {

std::string KeyHelp(const absl::Status& status, std::string_view lacking) {
  if (absl::IsUnauthenticated(status)) {
    return "; the provider does not accept the account's key: compare base_url and the key's file "
           "with the portal";
  }
  return absl::IsPermissionDenied(status) ? "; " + std::string(lacking) : "";
}

}  // namespace callbridge::admin
