// Whether settings make sense, as far as their text can tell: each field by its rule
// (field_validation.h), and that the parts fit together. Files are looked at by files.h. Pure; it
// changes nothing and fills nothing in.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

Findings ValidateSettings(const config::v1::Settings& settings);

}  // namespace callbridge::settings
