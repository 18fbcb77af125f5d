// Checks whether settings are valid as far as their text can tell: each field by its rule
// (field_validation.h), and whether the parts fit together. files.h checks the files. Pure; it
// changes no field and fills in no default.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

Findings ValidateSettings(const config::v1::Settings& settings);

}  // namespace callbridge::settings
