#include "server/settings/session_settings.h"

#include "server/base/check.h"

namespace callbridge::settings {

internal::v1::SessionSettings MakeSessionSettings(const config::v1::Settings& settings,
                                                  const std::string& account) {
  const auto found = settings.accounts().find(account);
  base::Check(found != settings.accounts().end(), "a session's account stands in the settings");
  internal::v1::SessionSettings session;
  session.set_service_id(settings.service_id());
  session.set_account(account);
  session.set_calls_configuration_id(found->second.calls_configuration_id());
  *session.mutable_timing() = settings.timing();
  *session.mutable_retention() = settings.retention();
  return session;
}

}  // namespace callbridge::settings
