#include "server/base/version.h"

namespace callbridge::base {

std::string_view Version() { return CALLBRIDGE_VERSION; }

}  // namespace callbridge::base
