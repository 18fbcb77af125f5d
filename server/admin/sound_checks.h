// What doctor checks of the sounds that the settings' plans name: uploaded files at the provider,
// and URLs by asking for their heads. It downloads none.
#pragma once

#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admin/account_link.h"
#include "server/admin/report.h"
#include "server/base/clock.h"
#include "server/provider/transport.h"

namespace callbridge::admin {

// Looks each uploaded file up. upload: how a file is uploaded, like "callbridge-admin audio upload
// FILE --config settings.yaml".
void CheckFiles(AccountLink& link, const config::v1::Settings& settings, const base::Clock& clock,
                const std::string& upload, Report& report);

// Asks each URL for its head, as sibling products of the provider do (docs/provider.md §3.4). The
// account's key is not sent there.
void CheckUrls(provider::Transport& transport, const config::v1::Settings& settings,
               Report& report);

}  // namespace callbridge::admin
