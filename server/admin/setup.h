// The command setup: looks at the account, plans, and then applies the plan or shows it.
#pragma once

#include <ostream>

#include "server/admin/account_link.h"
#include "server/admin/exit_status.h"
#include "server/admin/plan.h"
#include "server/admin/wanted.h"

namespace callbridge::admin {

struct SetupOptions {
  PlanOptions plan;
  // Shows what would be sent, and sends nothing that changes the account.
  bool dry_run = false;
  // Takes away what setup made.
  bool remove = false;
};

// Writes one line for each thing to `out`, and what failed to `err`. It stops at the first request
// that fails: what comes later may build on it. A second run looks again and goes on from there.
ExitStatus RunSetup(AccountLink& link, const Wanted& wanted, const SetupOptions& options,
                    std::ostream& out, std::ostream& err);

}  // namespace callbridge::admin
