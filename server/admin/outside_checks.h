// What doctor checks outside of the provider's account: the ingress by its public URL, and the
// store on this machine.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/admin/report.h"
#include "server/provider/transport.h"

namespace callbridge::admin {

// Asks the ingress by its public URL, as the provider would, for what it must refuse: a GET, and a
// webhook without credentials. The account's key is not sent there. Certificates are checked.
void CheckIngress(const config::v1::Webhook& settings, provider::Transport& transport,
                  Report& report);

// Looks at the file of the store and the disk below it, without changing anything.
void CheckStore(const config::v1::Settings& settings, Report& report);

}  // namespace callbridge::admin
