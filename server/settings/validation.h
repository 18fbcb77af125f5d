// Whether settings make sense, as far as their text can tell: required fields, formats, ranges, and
// that parts fit together. Files are looked at by file_checks.h. Pure; it changes nothing and fills
// nothing in.
#pragma once

#include "callbridge/config/v1/settings.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

Findings ValidateSettings(const config::v1::Settings& settings);

}  // namespace callbridge::settings
