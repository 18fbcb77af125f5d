// The whole store: all its roles, changed in one transaction. Only main holds it; every other part
// takes the roles that it needs.
//
// The store speaks of transitions and never of rows, so that an engine may lay its tables out for
// speed. Every method is thread-safe, may block on a disk and returns only when its change is
// durable. It fails with UNAVAILABLE (try again), with DATA_LOSS (a read met a damaged page) or
// with a status named beside it.
#pragma once

#include "server/store/changes.h"
#include "server/store/history.h"
#include "server/store/inbox.h"
#include "server/store/ledger.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"
#include "server/store/upkeep.h"
#include "server/store/work.h"

namespace callbridge::store {

class Store : public Inbox,
              public Work,
              public Ledger,
              public Sessions,
              public History,
              public Upkeep,
              public Changes {};

}  // namespace callbridge::store
