// Whether the accounts at the provider can be used. Pure: no name is looked up and no file is read.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

void ValidateAccounts(const config::v1::Settings& settings, Findings& findings);

}  // namespace callbridge::settings
