#include "server/flow/numbers.h"

#include <absl/strings/str_cat.h>

namespace callbridge::flow {

std::string WithPlus(const std::string& number) {
  const bool digits =
      !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
  return digits ? absl::StrCat("+", number) : number;
}

}  // namespace callbridge::flow
