// Whether plans, routes and dialing rules fit together: what an incoming call would find. Pure.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// dialing, plans and routes.
void ValidateCalls(const config::v1::Settings& settings, Findings& findings);

}  // namespace callbridge::settings
