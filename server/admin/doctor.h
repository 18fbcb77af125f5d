// The command doctor: what keeps calls from being bridged, why it matters, and what mends it. It
// changes nothing.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admin/account_link.h"
#include "server/admin/plan.h"
#include "server/admin/report.h"
#include "server/admin/server_checks.h"
#include "server/admin/wanted.h"
#include "server/base/clock.h"
#include "server/provider/transport.h"

namespace callbridge::admin {

struct DoctorOptions {
  PlanOptions plan;
  std::string account = "default";
  // How setup is called to mend findings, like "callbridge-admin setup --config settings.yaml".
  std::string setup_command;
  // How a file is uploaded, like "callbridge-admin audio upload FILE --config settings.yaml".
  std::string upload_command;
};

// What doctor asks beside the account. All of it must outlive the call.
struct DoctorParts {
  provider::Transport& transport;
  const base::Clock& clock;
  const AskServer& ask_server;
};

// settings: effective settings. wanted: of that account, or why it cannot be told.
Report Diagnose(AccountLink& link, const DoctorParts& parts, const config::v1::Settings& settings,
                const absl::StatusOr<Wanted>& wanted, const DoctorOptions& options);

}  // namespace callbridge::admin
